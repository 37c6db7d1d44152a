using FacialR1.Analysis.Facs;

namespace FacialR1.Analysis.Tests.Facs;

public sealed class ActionUnitsTests
{
    [Fact]
    public void The_prompt_defines_the_thirty_units_of_the_paper() => Assert.Equal(
        [1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 43],
        ActionUnits.Prompt.Select(unit => unit.Number));

    [Fact]
    public void All_units_are_listed_once_and_in_order()
    {
        var numbers = ActionUnits.All.Select(unit => unit.Number).ToArray();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal([.. Enumerable.Range(1, 39).Where(number => number != 3), 43, 45, 46], numbers);
    }

    [Theory]
    [InlineData("AU12", 12)]
    [InlineData("AU3", 3)]
    [InlineData("au12", null)]
    [InlineData("AU 12", null)]
    [InlineData("AU+12", null)]
    [InlineData("12", null)]
    [InlineData("AU", null)]
    [InlineData(null, null)]
    public void A_code_is_two_letters_and_digits(string? code, int? number) => Assert.Equal(number, ActionUnit.NumberOf(code));

    [Fact]
    public void Small_letters_count_where_they_are_asked_for() => Assert.Equal(12, ActionUnit.NumberOf("au12", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void A_unit_is_found_by_its_number_and_knows_its_code()
    {
        Assert.True(ActionUnits.TryGet(12, out var unit));
        Assert.Equal("AU12", unit.Code);
        Assert.Equal("lip corner puller", unit.Name);
        Assert.Equal(FaceRegion.LipCorner, unit.Region);
        Assert.Equal(["zygomaticus major"], unit.Muscles);
        Assert.False(ActionUnits.TryGet(3, out _));
    }

    [Fact]
    public void No_phrase_belongs_to_two_units()
    {
        var phrases = ActionUnits.All.SelectMany(unit => unit.Phrases).ToArray();
        Assert.Equal(phrases.Distinct(), phrases);
    }
}
