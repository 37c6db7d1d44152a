using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FacialR1.Analysis;
using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Training.Data;
using FacialR1.Training.Datasets;

namespace FacialR1.Training.Evaluation;

/// <summary>
/// The answers of one model to one benchmark on disk: a header line with the full provenance, then one JSON line per sample. An evaluation that was killed
/// goes on in the same file and asks no sample twice.
/// </summary>
/// <remarks>The text of the response is what counts: it is parsed anew whenever the file is read. The parsed fields on a line are for people and other tools.</remarks>
public sealed class ResultFile : IDisposable
{
    private readonly FileStream file;

    private ResultFile(FileStream file, ResultHeader header, List<ResultRow> rows) => (this.file, Header, Rows) = (file, header, rows);

    /// <summary>The first line.</summary>
    public ResultHeader Header { get; }

    /// <summary>What was answered before the file was opened.</summary>
    public IReadOnlyList<ResultRow> Rows { get; }

    /// <summary>Makes the file, or opens it to go on with the same evaluation. A line cut short by a kill is dropped.</summary>
    /// <exception cref="DataFormatException">The file holds something else, or the answers to another question; the message names the difference.</exception>
    public static ResultFile CreateOrContinue(string path, ResultHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            DropHalfLine(file);
            var rows = new List<ResultRow>();
            if (file.Length == 0) Append(file, header.ToLine());
            else
            {
                using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
                var (found, read) = Read(reader, path);
                if (header.DifferenceTo(found) is { } difference)
                    throw new DataFormatException($"{path} holds another evaluation ({difference}). Give another file, or delete this one to start anew.");
                (header, rows) = (found, read);
                file.Position = file.Length;
            }
            return new ResultFile(file, header, rows);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file; an unfinished evaluation gives the rows it has.</summary>
    /// <exception cref="DataFormatException">The file is missing or is no result file; the message names the line.</exception>
    public static (ResultHeader Header, ResultSet Set) Load(string path)
    {
        if (!File.Exists(path)) throw new DataFormatException($"{path} was not found. \"evaluate --out {path}\" writes such a file.");
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        var (header, rows) = Read(reader, path);
        return (header, new ResultSet(header.Model, Vocabulary(header, path), rows));
    }

    /// <summary>Reads the header only.</summary>
    /// <exception cref="DataFormatException">The file is no result file.</exception>
    public static ResultHeader LoadHeader(string path) => LoadHeaderLine(path).Header;

    /// <summary>Reads the header only, also as it is written.</summary>
    /// <exception cref="DataFormatException">The file is no result file.</exception>
    public static (string Line, ResultHeader Header) LoadHeaderLine(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        var line = reader.ReadLine() ?? "";
        return (line, ReadHeader(line, path));
    }

    /// <summary>Reads one line behind the header. The text is parsed anew.</summary>
    /// <param name="line">Without its line break.</param>
    /// <param name="isTruncated">Whether the answer was cut at the token limit.</param>
    /// <exception cref="FormatException">The line is none of a result file; the message says what is wrong with it.</exception>
    public static ResultRow ParseRow(string line, out bool isTruncated)
    {
        try
        {
            return Parse(line, out isTruncated);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException(error.Message, error);
        }
    }

    /// <summary>Numbers of the units that the benchmark of a header annotates.</summary>
    /// <exception cref="DataFormatException">A code is none.</exception>
    public static int[] Vocabulary(ResultHeader header, string path)
    {
        ArgumentNullException.ThrowIfNull(header);
        return [.. header.ActionUnits.Select(code => BenchmarkFolder.UnitNumber(code) ?? throw new DataFormatException($"{path}, line 1: \"{code}\" is no action unit."))];
    }

    /// <summary>Adds one answer and flushes it.</summary>
    public void Append(ResultRow row, bool isTruncated)
    {
        ArgumentNullException.ThrowIfNull(row);
        Append(file, Line(row, isTruncated));
    }

    public void Dispose() => file.Dispose();

    private static void Append(FileStream file, string line)
    {
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        file.Flush();
    }

    private static void DropHalfLine(FileStream file)
    {
        var end = file.Length;
        while (end > 0)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n') break;
            end--;
        }
        file.SetLength(end);
        file.Position = 0;
    }

    private static string Line(ResultRow row, bool isTruncated)
    {
        static JsonArray Codes(IEnumerable<int> units) => new([.. units.Select(unit => (JsonNode)ActionUnit.CodeOf(unit))]);
        var json = new JsonObject { ["sample"] = row.Sample };
        if (row.Subject is not null) json["subject"] = row.Subject;
        if (row.Image is not null) json["image"] = row.Image;
        if (row.Reading.Labels.Emotion is { } emotion) json["emotion"] = emotion.Name();
        if (row.Reading.Labels.ActionUnits is { } units) json["actionUnits"] = Codes(units.Order());
        json["text"] = row.Text;
        json["tokens"] = row.Tokens;
        json["truncated"] = isTruncated;
        if (row.EmotionProbabilities.Count > 0)
            json["probabilities"] = new JsonObject(row.EmotionProbabilities.OrderBy(share => share.Key).Select(share => KeyValuePair.Create(share.Key.Name(), (JsonNode?)Math.Round(share.Value, 6))));
        if (row.Served is { } served) json["served"] = JsonSerializer.SerializeToNode(served, ServedJson);
        json["formatOk"] = row.Reading.FormatOk;
        json["answer"] = row.Reading.Emotion?.Name();
        json["claimed"] = Codes(row.Reading.MentionedActionUnits);
        if (row.Reference is not null) json["reference"] = row.Reference;
        if (row.Metadata.Count > 0) json["metadata"] = new JsonObject(row.Metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        return json.ToJsonString(Unescaped);
    }

    // "<think>" stays readable; the file is never part of a page.
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions ServedJson = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static (ResultHeader Header, List<ResultRow> Rows) Read(StreamReader reader, string path)
    {
        var header = ReadHeader(reader.ReadLine() ?? "", path);
        var rows = new List<ResultRow>();
        var samples = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            // The last line of a file that is being written may be half there.
            if (line.Length == 0 || (reader.EndOfStream && !line.EndsWith('}'))) continue;
            try
            {
                var row = ParseRow(line, out _);
                if (!samples.Add(row.Sample)) throw new FormatException($"sample \"{row.Sample}\" was answered above already.");
                rows.Add(row);
            }
            catch (FormatException error)
            {
                throw new DataFormatException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: {error.Message} Lines as \"evaluate --out\" writes them are expected."), error);
            }
        }
        return (header, rows);
    }

    private static ResultHeader ReadHeader(string line, string path)
    {
        try
        {
            var header = ResultHeader.FromLine(line);
            if (header.Kind != ResultHeader.KindName) throw new JsonException($"kind is \"{header.Kind}\".");
            if (header.Format != ResultHeader.CurrentFormat)
                throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"format {header.Format} is not known; this version reads format {ResultHeader.CurrentFormat}."));
            return header;
        }
        catch (JsonException error)
        {
            throw new DataFormatException($"{path} is no result file: its first line is not the header that \"evaluate --out\" writes. {error.Message}", error);
        }
    }

    private static ResultRow Parse(string line, out bool isTruncated)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        isTruncated = json.TryGetProperty("truncated", out var truncated) && truncated.GetBoolean();
        string? Text(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
        var units = json.TryGetProperty("actionUnits", out var codes) && codes.ValueKind != JsonValueKind.Null
            ? codes.EnumerateArray().Select(code => BenchmarkFolder.UnitNumber(code.GetString() ?? "") ?? throw new FormatException($"{code.GetRawText()} is no action unit.")).ToArray() : null;
        return ResultRow.Of(
            Text("sample") ?? throw new FormatException("sample is missing."), Text("subject"), Text("text") ?? throw new FormatException("text is missing."),
            json.TryGetProperty("tokens", out var tokens) ? tokens.GetInt32() : 0,
            json.TryGetProperty("probabilities", out var shares)
                ? shares.EnumerateObject().ToDictionary(share => EmotionNamed(share.Name), share => share.Value.GetDouble()) : new Dictionary<Emotion, double>(),
            new ResponseLabels(Text("emotion") is { } emotion ? EmotionNamed(emotion) : null, units), Text("reference")) with
        {
            Image = Text("image"),
            Served = json.TryGetProperty("served", out var served) ? served.Deserialize<ServedAnswer>(ServedJson) : null,
            Metadata = json.TryGetProperty("metadata", out var metadata) ? metadata.EnumerateObject().ToDictionary(row => row.Name, row => row.Value.ToString()) : new Dictionary<string, string>(),
        };
    }

    private static Emotion EmotionNamed(string name) =>
        Emotions.All.Where(emotion => emotion.Name() == name).Select(emotion => (Emotion?)emotion).FirstOrDefault() ?? throw new FormatException($"\"{name}\" is none of {Emotions.List(Emotions.All)}.");
}
