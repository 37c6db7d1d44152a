using FacialR1.Training.Data;
using FacialR1.VisionLanguage.Images;

namespace FacialR1.Training.Datasets;

/// <summary>What a person may choose about an import.</summary>
/// <param name="AllUnits">DISFA and BP4D: every annotated unit instead of the set that published tables use.</param>
/// <param name="Every">Videos: take every n-th frame, at least 1.</param>
public sealed record ImportChoices(bool AllUnits = false, int Every = 1);

/// <summary>One picture that an importer found, with its labels.</summary>
/// <param name="Sample">Its <see cref="BenchmarkSample.Image"/> is where the picture will lie under the picture folder.</param>
/// <param name="File">The picture on disk; null where it exists as numbers only.</param>
/// <param name="Pixels">The picture where it is not a file.</param>
/// <param name="From">Where it was read, "fer2013.csv, line 12".</param>
public sealed record ImportedPicture(BenchmarkSample Sample, string? File, Func<RgbImage>? Pixels, string From);

/// <summary>Reads one data set from the layout in which its owners distribute it. Pictures are never part of this project; who imports must have the right to.</summary>
public abstract class DatasetImporter
{
    /// <summary>What is typed: <c>benchmarks import disfa</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The name of the data set.</summary>
    public abstract string Title { get; }

    /// <summary>Under which conditions its owners give it away.</summary>
    public abstract string Licence { get; }

    /// <summary>The files that are expected, for messages and help.</summary>
    public abstract string Layout { get; }

    /// <summary>How its labels came about.</summary>
    public abstract string LabelNote { get; }

    /// <summary>The units that it annotates.</summary>
    public virtual IReadOnlyList<int> Units(ImportChoices choices) => [];

    /// <summary>Reads the labels and finds the pictures, in a fixed order. What does not fit goes into the report; the rest comes out.</summary>
    /// <param name="source">What was given on the command line.</param>
    /// <param name="choices">What was chosen.</param>
    /// <param name="report">Gets what is skipped, with file and line.</param>
    /// <exception cref="DataFormatException">This is not the data set, or a file of it cannot be read at all; the message says what was expected.</exception>
    public abstract IEnumerable<ImportedPicture> Read(string source, ImportChoices choices, ImportReport report);

    /// <summary>What <c>benchmark.json</c> will say.</summary>
    /// <param name="usual">Made from the properties above and what was read.</param>
    /// <param name="source">What was read.</param>
    public virtual BenchmarkManifest Describe(BenchmarkManifest usual, string source) => usual;

    /// <summary>The complaint about a folder that holds something else.</summary>
    private protected DataFormatException NotThere(string source, string missing) => new($"{source} does not look like {Title}: {missing} was not found. Expected: {Layout}");

    /// <summary>A path below the source with forward slashes, as samples name pictures.</summary>
    private protected static string Below(string source, string file) => Path.GetRelativePath(source, file).Replace('\\', '/');
}
