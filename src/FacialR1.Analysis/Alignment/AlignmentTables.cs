namespace FacialR1.Analysis.Alignment;

/// <summary>The two tables an alignment is computed with.</summary>
/// <param name="Weights">Counted on training labels.</param>
/// <param name="Prototypes">Published patterns.</param>
public sealed record AlignmentTables(PmiTable Weights, PrototypeTable Prototypes)
{
    /// <summary>File names below <c>data/alignment</c>.</summary>
    public const string WeightsFile = "au-emotion-counts.json", PrototypesFile = "au-emotion-prototypes.json";

    private static readonly Lazy<AlignmentTables> Built = new(() => new(PmiTable.Parse(Resource(WeightsFile)), PrototypeTable.Parse(Resource(PrototypesFile))));

    /// <summary>The tables as they were when the program was built.</summary>
    public static AlignmentTables Shipped => Built.Value;

    private static string Resource(string name)
    {
        using var stream = typeof(AlignmentTables).Assembly.GetManifestResourceStream($"alignment/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
