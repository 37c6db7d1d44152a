using FacialR1.Portal.Features.Training.Runs;

namespace FacialR1.Portal.Tests.Features.Training;

public sealed class SeriesPlanTests
{
    [Theory]
    [InlineData("val_f1_AU12", true)]
    [InlineData("val_threshold_AU1", true)]
    [InlineData("val_f1_AU99", false)]
    [InlineData("val_au_macro_f1_at_best_thresholds", false)]
    [InlineData("_AU12", false)]
    [InlineData("loss", false)]
    public void Series_of_single_action_units_are_told_from_others(string series, bool isOfOne) =>
        Assert.Equal(isOfOne, SeriesPlan.IsOfOneUnit(SeriesPlan.For([series]).First(chart => chart.Series.Any(known => known.Name == series))));
}
