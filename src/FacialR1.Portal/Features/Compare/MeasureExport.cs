using FacialR1.Analysis.Comparison;
using FacialR1.Portal.Features.Export;

namespace FacialR1.Portal.Features.Compare;

/// <summary>Every measure of every pair, to be saved.</summary>
public static class MeasureExport
{
    private static readonly ExportColumn[] Columns =
    [
        new("measure", ExportKind.Text), new("name", ExportKind.Text), new("earlier", ExportKind.Text), new("later", ExportKind.Text), new("n", ExportKind.Whole),
        new("earlier_value", ExportKind.Number), new("later_value", ExportKind.Number), new("difference", ExportKind.Number), new("low", ExportKind.Number), new("high", ExportKind.Number),
        new("only_earlier", ExportKind.Whole), new("only_later", ExportKind.Whole), new("test", ExportKind.Text), new("p", ExportKind.Number), new("mid_p", ExportKind.Number), new("holm_p", ExportKind.Number),
        new("family", ExportKind.Whole), new("verdict", ExportKind.Text), new("sentence", ExportKind.Text), new("intervals", ExportKind.Text), new("resamples", ExportKind.Whole), new("measures_version", ExportKind.Text),
    ];

    public static ExportTable Of(PairedComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var names = comparison.Names.ToList();
        return new ExportTable("measures", Columns, comparison.Differences.Select(difference =>
        {
            var measure = comparison.Measures.First(measure => measure.Id == difference.Measure);
            return (object?[])
            [
                difference.Measure, measure.Name, difference.Earlier, difference.Later, difference.N,
                measure.Values[names.IndexOf(difference.Earlier)]?.Value, measure.Values[names.IndexOf(difference.Later)]?.Value, difference.Difference, difference.Low, difference.High,
                difference.OnlyEarlier, difference.OnlyLater, difference.Test, difference.P, difference.MidP, difference.AdjustedP,
                comparison.Family, difference.Verdict.ToString(), difference.Sentence, comparison.Intervals.ToString(), comparison.Resamples, comparison.MeasuresVersion,
            ];
        }));
    }
}
