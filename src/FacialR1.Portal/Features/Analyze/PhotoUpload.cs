using FacialR1.Analysis;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Features.Samples;
using FacialR1.Portal.Inference;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>A file that was not taken, and why, in words for the person who chose it.</summary>
public sealed record RefusedFile(string Name, string Reason);

/// <summary>Takes one file after the other into a batch and asks for the analysis of its largest face. A bad file does not stop the others.</summary>
public sealed class PhotoUpload(PhotoIntake intake, AnalysisDesk desk, SampleCatalog samples, IOptions<UploadOptions> options)
{
    /// <param name="onTaken">Called after each file, so that a page can show it before the rest is there.</param>
    /// <returns>The files that were not taken.</returns>
    public async Task<IReadOnlyList<RefusedFile>> TakeAsync(
        IReadOnlyList<IBrowserFile> files, Guid batchId, RunSettings settings, LegalBasis basis, Func<Task> onTaken, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedFile>();
        foreach (var file in files.Take(options.Value.FilesPerBatch))
        {
            try
            {
                await TakeAsync(await ReadAsync(file, cancellationToken), file.Name, batchId, settings, basis, credit: null, cancellationToken);
            }
            catch (Exception error) when (MessageFor(error) is not null)
            {
                refused.Add(new RefusedFile(file.Name, MessageFor(error)!));
            }
            await onTaken();
        }
        if (files.Count > options.Value.FilesPerBatch)
        {
            var left = files.Count - options.Value.FilesPerBatch;
            refused.Add(new RefusedFile($"{left} more", $"At most {options.Value.FilesPerBatch} files are taken at a time. Choose the rest in a second go."));
        }
        return refused;
    }

    /// <summary>Takes a bundled picture in.</summary>
    /// <returns>Why it was not taken; null when it was.</returns>
    public async Task<RefusedFile?> TakeSampleAsync(SamplePicture sample, Guid batchId, RunSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            var path = samples.FindFile(sample.File) ?? throw new FileNotFoundException("This sample is no longer there. Reload the page.");
            var basis = sample.Synthetic ? LegalBasis.Synthetic : LegalBasis.LicensedData;
            await TakeAsync(await File.ReadAllBytesAsync(path, cancellationToken), sample.File, batchId, settings, basis, sample.Credit, cancellationToken);
            return null;
        }
        catch (Exception error) when (MessageFor(error) is not null)
        {
            return new RefusedFile(sample.Title, MessageFor(error)!);
        }
    }

    private async Task TakeAsync(
        ReadOnlyMemory<byte> file, string name, Guid batchId, RunSettings settings, LegalBasis basis, string? credit, CancellationToken cancellationToken)
    {
        var photo = await intake.TakeAsync(file, name, batchId, basis, credit, cancellationToken);
        // Without a face nothing is asked: the page offers the whole picture instead.
        if (photo.Faces.Count > 0 && settings.Checkpoint is { } checkpoint)
            await desk.SubmitAsync(photo, faceIndex: 0, checkpoint, settings.Decoding, cancellationToken);
    }

    private async Task<byte[]> ReadAsync(IBrowserFile file, CancellationToken cancellationToken)
    {
        var limit = options.Value.LargestFileInBytes;
        if (file.Size > limit)
            throw new ImageRejectedException(ImageRejection.FileTooLarge, $"The file has {Figures.Bytes(file.Size)}; at most {Figures.Bytes(limit)} are allowed. Scale the picture down or save it with stronger compression.");
        using var buffer = new MemoryStream((int)file.Size);
        await using var stream = file.OpenReadStream(limit, cancellationToken);
        await stream.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static string? MessageFor(Exception error) => error switch
    {
        ImageRejectedException or QueueFullException or ModelUnavailableException or FileNotFoundException => error.Message,
        IOException => "The file could not be read to its end. Check that it still exists and try again.",
        _ => null,
    };
}
