using System.Globalization;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Export;

namespace FacialR1.Portal.Features.Compare;

/// <summary>Columns of the sample table that can be chosen.</summary>
public enum SampleColumn { Label, Units, Answer, Claims, Change, Gain, UnitF1, Confidence, Text, Tokens, Subject }

/// <summary>What the columns are called, sorted by and hold: once for the page, the exports and the report.</summary>
public static class SampleColumns
{
    public static IReadOnlyList<SampleColumn> All { get; } = Enum.GetValues<SampleColumn>();

    public static IReadOnlyList<SampleColumn> Usual { get; } = [SampleColumn.Label, SampleColumn.Answer, SampleColumn.Change, SampleColumn.Gain, SampleColumn.UnitF1];

    public static string Title(this SampleColumn column) => column switch
    {
        SampleColumn.Label => "Label",
        SampleColumn.Units => "Labelled AUs",
        SampleColumn.Answer => "Answer",
        SampleColumn.Claims => "Named AUs",
        SampleColumn.Change => "What changed",
        SampleColumn.Gain => "Gain",
        SampleColumn.UnitF1 => "AU F1 change",
        SampleColumn.Confidence => "Probability change",
        SampleColumn.Text => "Words changed",
        SampleColumn.Tokens => "Tokens",
        _ => "Subject",
    };

    /// <summary>What a click on the title sorts by; null where there is no order.</summary>
    public static SampleOrder? Order(this SampleColumn column) => column switch
    {
        SampleColumn.Gain => SampleOrder.Gain,
        SampleColumn.UnitF1 => SampleOrder.UnitF1,
        SampleColumn.Confidence => SampleOrder.Confidence,
        SampleColumn.Text => SampleOrder.Text,
        _ => null,
    };

    /// <summary>Whether it holds something of each model.</summary>
    public static bool IsPerModel(this SampleColumn column) => column is SampleColumn.Answer or SampleColumn.Claims or SampleColumn.Tokens;

    public static bool IsNumber(this SampleColumn column) => column is SampleColumn.Gain or SampleColumn.UnitF1 or SampleColumn.Confidence or SampleColumn.Text or SampleColumn.Tokens;

    /// <summary>What a cell says.</summary>
    /// <param name="model">Position of the model, for columns of each model.</param>
    public static string Words(this SampleColumn column, ComparedSample sample, int model = 0) => column switch
    {
        SampleColumn.Label => sample.Earlier.Reading.Labels.Emotion?.Name() ?? "–",
        SampleColumn.Units => sample.Earlier.Reading.Labels.ActionUnits is { } units ? Codes(units.Order()) : "–",
        SampleColumn.Answer => sample.Answers[model].Reading.Emotion?.Name() ?? "unreadable",
        SampleColumn.Claims => Codes(sample.Answers[model].Reading.MentionedActionUnits.Distinct().Order()),
        SampleColumn.Change => string.Join(", ", SampleChanges.All.Where(change => sample.Change.HasFlag(change)).Select(ResultText.Words)),
        SampleColumn.Gain => ResultText.Change(sample.Gain),
        SampleColumn.UnitF1 => ResultText.Change(sample.UnitF1Change),
        SampleColumn.Confidence => ResultText.Change(sample.ConfidenceChange),
        SampleColumn.Text => Results.Figures.Percent(sample.TextChange),
        SampleColumn.Tokens => sample.Answers[model].Tokens.ToString(CultureInfo.InvariantCulture),
        _ => sample.Earlier.Subject ?? "–",
    };

    /// <summary>The samples of a selection with the chosen columns and the texts, to be saved.</summary>
    public static ExportTable Export(ComparisonView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var names = view.Comparison.Names;
        var columns = new List<(ExportColumn Column, Func<ComparedSample, object?> Value)> { (new("sample", ExportKind.Text), sample => sample.Id) };
        foreach (var column in view.Query.Columns)
        {
            if (!column.IsPerModel()) columns.Add((new(NameOf(column), KindOf(column)), sample => Value(column, sample, 0)));
            else
                foreach (var (model, name) in names.Index()) columns.Add((new($"{NameOf(column)}_{name}", KindOf(column)), sample => Value(column, sample, model)));
        }
        foreach (var (model, name) in names.Index()) columns.Add((new($"text_{name}", ExportKind.Text), sample => sample.Answers[model].Text));
        return new ExportTable("samples", [.. columns.Select(column => column.Column)], view.Samples.Select(sample => columns.Select(column => column.Value(sample)).ToArray()));
    }

    private static string NameOf(SampleColumn column) => column switch
    {
        SampleColumn.Units => "labelled_aus",
        SampleColumn.Claims => "named_aus",
        SampleColumn.UnitF1 => "au_f1_change",
        SampleColumn.Confidence => "probability_change",
        SampleColumn.Text => "words_changed",
        _ => column.ToString().ToLowerInvariant(),
    };

    private static ExportKind KindOf(SampleColumn column) => column == SampleColumn.Tokens ? ExportKind.Whole : column.IsNumber() ? ExportKind.Number : ExportKind.Text;

    private static object? Value(SampleColumn column, ComparedSample sample, int model) => column switch
    {
        SampleColumn.Label => sample.Earlier.Reading.Labels.Emotion?.Name(),
        SampleColumn.Units => sample.Earlier.Reading.Labels.ActionUnits is { } units ? Codes(units.Order(), "") : null,
        SampleColumn.Answer => sample.Answers[model].Reading.Emotion?.Name(),
        SampleColumn.Claims => Codes(sample.Answers[model].Reading.MentionedActionUnits.Distinct().Order(), ""),
        SampleColumn.Gain => sample.Gain,
        SampleColumn.UnitF1 => sample.UnitF1Change,
        SampleColumn.Confidence => sample.ConfidenceChange,
        SampleColumn.Text => sample.TextChange,
        SampleColumn.Tokens => sample.Answers[model].Tokens,
        SampleColumn.Subject => sample.Earlier.Subject,
        _ => column.Words(sample, model),
    };

    private static string Codes(IEnumerable<int> units, string none = "none") => units.Any() ? string.Join(' ', units.Select(ActionUnit.CodeOf)) : none;
}
