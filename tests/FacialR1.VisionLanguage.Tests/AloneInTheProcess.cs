namespace FacialR1.VisionLanguage.Tests;

/// <summary>Tests that count for the whole process run while no other does.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
