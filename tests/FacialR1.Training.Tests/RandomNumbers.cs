namespace FacialR1.Training.Tests;

/// <summary>Tests that compare steps number by number run alone: torch has one generator for the whole process, and a test beside them would draw from it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RandomNumbers
{
    public const string Name = "random numbers";
}
