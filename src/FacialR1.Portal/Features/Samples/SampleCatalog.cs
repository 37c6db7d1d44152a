using System.Text.Json;
using FacialR1.Portal.Configuration;

namespace FacialR1.Portal.Features.Samples;

/// <summary>The bundled pictures.</summary>
public sealed partial class SampleCatalog(PortalPaths paths, ILogger<SampleCatalog> logger)
{
    private const string ListFile = "samples.json";

    /// <summary>All samples whose file is there; none when the list is missing or broken (the log says so).</summary>
    public IReadOnlyList<SamplePicture> All()
    {
        var list = Path.Combine(paths.Samples, ListFile);
        if (!File.Exists(list)) return [];
        try
        {
            var samples = JsonSerializer.Deserialize<List<SamplePicture>>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [];
            return [.. samples.Where(sample => Path.GetFileName(sample.File) == sample.File && File.Exists(Path.Combine(paths.Samples, sample.File)))];
        }
        catch (JsonException error)
        {
            Log.BrokenList(logger, list, error.Message);
            return [];
        }
    }

    /// <summary>The file of a sample, or null. The name is compared with the list and never becomes part of a path by itself.</summary>
    public string? FindFile(string name) => All().FirstOrDefault(sample => sample.File == name) is { } sample ? Path.Combine(paths.Samples, sample.File) : null;

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Warning, "{List} cannot be read, so no sample pictures are offered: {Reason}")]
        public static partial void BrokenList(ILogger logger, string list, string reason);
    }
}
