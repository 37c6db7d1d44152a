using FacialR1.Analysis.Verification;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Faces;
using FacialR1.VisionLanguage.Images;
using Microsoft.Extensions.Caching.Memory;

namespace FacialR1.Portal.Inference;

/// <summary>What the face reader says about crops, once per crop. Without its weights there are no estimates (the log names the file), and claims stay unverifiable.</summary>
public sealed partial class FaceEstimates(PortalPaths paths, ImageStore images, ILogger<FaceEstimates> logger) : IDisposable
{
    private readonly MemoryCache readings = new(new MemoryCacheOptions { SizeLimit = 5000 });
    private readonly Lock gate = new();
    private FaceReader? reader;
    private bool isMissing;

    /// <summary>How good the estimates are; null without a face reader.</summary>
    public FaceReaderCard? Card => Reader()?.Card;

    /// <summary>For an analysis of one face. A whole picture is not cropped as the reader needs it, so nothing is estimated on it.</summary>
    public async Task<FaceReading?> OfAsync(AnalysisRecord analysis, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        return analysis.FaceIndex is null ? null : await OfAsync(analysis.CropHash, async () =>
        {
            try
            {
                return await images.ReadAsync(analysis.CropHash, cancellationToken);
            }
            catch (FileNotFoundException)
            {
                return null;   // the page says what is missing; a text can be read without its picture
            }
        }, cancellationToken);
    }

    /// <summary>For any face that is cropped as models see it.</summary>
    /// <param name="key">Names the picture; it is opened once.</param>
    /// <param name="open">Its file; null where it is not there.</param>
    public async Task<FaceReading?> OfAsync(string key, Func<Task<byte[]?>> open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (Reader() is null) return null;
        if (readings.TryGetValue(key, out FaceReading? known)) return known;
        if (await open() is not { } picture) return null;
        var reading = await Task.Run(() => Of(ImageReader.Read(picture)), cancellationToken);
        return readings.Set(key, reading, new MemoryCacheEntryOptions { Size = 1 });
    }

    /// <param name="face">Cropped as models see it.</param>
    public FaceReading? Of(RgbImage face) => Reader()?.Read(face);

    /// <summary>The evidence of a reading; none without one.</summary>
    public static FaceEvidence EvidenceOf(FaceReading? reading) => reading?.Evidence ?? FaceEvidence.None;

    private FaceReader? Reader()
    {
        lock (gate)
        {
            if (reader is not null || isMissing) return reader;
            try
            {
                return reader = FaceReader.Load(paths.Models);
            }
            catch (Exception error) when (error is FileNotFoundException or InvalidDataException or VisionLanguage.Checkpoints.CheckpointException)
            {
                Log.NoReader(logger, error.Message);
                isMissing = true;
                return null;
            }
        }
    }

    public void Dispose()
    {
        reader?.Dispose();
        readings.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(21, LogLevel.Error, "Claims cannot be held against estimates: {Reason}")]
        public static partial void NoReader(ILogger logger, string reason);
    }
}
