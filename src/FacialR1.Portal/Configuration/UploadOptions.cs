using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Configuration;

/// <summary>What may be uploaded, and how long a photo stays that was never analysed.</summary>
public sealed record UploadOptions
{
    public const string Section = "Uploads";

    [Range(1, 200)] public int LargestFileInMegabytes { get; init; } = 20;

    /// <summary>Files taken from one drop; the rest is named in a message.</summary>
    [Range(1, 500)] public int FilesPerBatch { get; init; } = 20;

    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")] public TimeSpan UnusedPhotosAreKeptFor { get; init; } = TimeSpan.FromDays(1);

    public long LargestFileInBytes => LargestFileInMegabytes * 1024L * 1024L;
}
