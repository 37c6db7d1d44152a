using System.Globalization;
using System.Text;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Features.Benchmarks;
using Microsoft.AspNetCore.WebUtilities;

namespace FacialR1.Portal.Features.Compare;

/// <summary>Everything that is chosen on the page Compare. It is the page's address, a saved view, and what exports and the report are asked for.</summary>
public sealed record CompareQuery
{
    public const int PageSize = 25;

    /// <summary>Ids of results, from the earlier stage to the later.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>Positions of the two that are looked at; the first and the last when null.</summary>
    public (int Earlier, int Later)? Pair { get; init; }
    public IntervalKind Intervals { get; init; }
    public SampleFilter Filter { get; init; } = SampleFilter.Everything;
    public SampleOrder Order { get; init; }
    public bool IsDescending { get; init; }

    /// <summary>Columns of the sample table besides the id.</summary>
    public IReadOnlyList<SampleColumn> Columns { get; init; } = SampleColumns.Usual;
    public int Page { get; init; } = 1;

    /// <summary>The sample whose texts are open.</summary>
    public string? Sample { get; init; }

    /// <summary>Reads an address' query; what makes no sense in it falls back to the usual.</summary>
    public static CompareQuery Parse(string? query)
    {
        var values = QueryHelpers.ParseQuery(query ?? "");
        string? Text(string name) => values.TryGetValue(name, out var found) && found.ToString() is { Length: > 0 } text ? text : null;
        return new CompareQuery
        {
            Of = values.TryGetValue("of", out var ids) ? [.. ids.OfType<string>().Where(id => id.Length > 0)] : [],
            Pair = ReadPair(Text("pair")),
            Intervals = Named<IntervalKind>(Text("intervals")) ?? IntervalKind.Percentile,
            Filter = new SampleFilter
            {
                Change = Named<SampleChange>(Text("change")) is { } change && SampleChanges.All.Contains(change) ? change : SampleChange.None,
                Unit = ActionUnit.NumberOf(Text("unit"), StringComparison.OrdinalIgnoreCase) is { } unit && Named<UnitChange>(Text("unitchange")) is { } unitChange ? (unit, unitChange) : null,
                From = Named<AnswerOutcome>(Text("from")),
                To = Named<AnswerOutcome>(Text("to")),
                Measure = ComparisonMeasure.All.FirstOrDefault(measure => measure.Id == Text("measure")) is { } measure ? (measure, Named<MeasureSide>(Text("side")) ?? MeasureSide.Counted) : null,
                Search = Text("q"),
            },
            Order = Named<SampleOrder>(Text("sort")) ?? SampleOrder.Benchmark,
            IsDescending = Text("down") == "1",
            Columns = Text("columns") is { } columns ? [.. columns.Split(',').Select(Named<SampleColumn>).OfType<SampleColumn>().Distinct()] : SampleColumns.Usual,
            Page = int.TryParse(Text("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
            Sample = Text("sample"),
        };
    }

    /// <summary>The query behind "?"; what is usual is left out.</summary>
    public override string ToString()
    {
        var query = new StringBuilder();
        void Add(string name, string? value)
        {
            if (value is null) return;
            query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        foreach (var id in Of) Add("of", id);
        if (Pair is var (earlier, later)) Add("pair", FormattableString.Invariant($"{earlier + 1}-{later + 1}"));
        if (Intervals != IntervalKind.Percentile) Add("intervals", NameOf(Intervals));
        if (Filter.Change != SampleChange.None) Add("change", NameOf(Filter.Change));
        if (Filter.Unit is var (unit, change))
        {
            Add("unit", ActionUnit.CodeOf(unit));
            Add("unitchange", NameOf(change));
        }
        Add("from", Filter.From is { } from ? NameOf(from) : null);
        Add("to", Filter.To is { } to ? NameOf(to) : null);
        if (Filter.Measure is var (measure, side))
        {
            Add("measure", measure.Id);
            if (side != MeasureSide.Counted) Add("side", NameOf(side));
        }
        Add("q", Filter.Search);
        if (Order != SampleOrder.Benchmark) Add("sort", NameOf(Order));
        if (IsDescending) Add("down", "1");
        if (!Columns.SequenceEqual(SampleColumns.Usual)) Add("columns", Columns.Count == 0 ? "none" : string.Join(',', Columns.Select(NameOf)));
        if (Page > 1) Add("page", Page.ToString(CultureInfo.InvariantCulture));
        Add("sample", Sample);
        return query.ToString();
    }

    /// <summary>The address of the page.</summary>
    public string Link() => $"{ResultText.CompareAddress}?{this}";

    /// <summary>The address of the page, at its samples.</summary>
    public string SamplesLink() => Link() + "#samples";

    /// <summary>Other samples of the same pair, from the first page on.</summary>
    public CompareQuery Showing(SampleFilter filter) => this with { Filter = filter, Page = 1, Sample = null };

    /// <summary>Sorted anew; asked for what it is sorted by already, the other way round.</summary>
    public CompareQuery SortedBy(SampleOrder order) => this with { Order = order, IsDescending = order == Order && !IsDescending, Page = 1, Sample = null };

    /// <summary>The two that are looked at among <paramref name="models"/> of them.</summary>
    public (int Earlier, int Later) PairOf(int models) => Pair is var (earlier, later) && earlier < later && later < models ? (earlier, later) : (0, models - 1);

    private static (int, int)? ReadPair(string? text) =>
        text?.Split('-') is [var earlier, var later] && int.TryParse(earlier, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(later, NumberStyles.None, CultureInfo.InvariantCulture, out var second) && first >= 1 && second > first && second <= PairedComparison.MostModels ? (first - 1, second - 1) : null;

    // Only names: a number or a list would give values nobody named.
    private static T? Named<T>(string? text) where T : struct, Enum =>
        text is not null && Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } found ? Enum.Parse<T>(found) : null;

    private static string NameOf<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
