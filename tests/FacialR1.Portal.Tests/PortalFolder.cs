using FacialR1.Portal.Configuration;
using FacialR1.Portal.Storage;
using FacialR1.VisionLanguage.Images;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FacialR1.Portal.Tests;

/// <summary>A data folder of its own for one test, with stores on it.</summary>
internal sealed class PortalFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("facialr1-portal-");
    private readonly Lazy<AnalysisStore> store;

    public PortalFolder()
    {
        Paths = new PortalPaths(Options.Create(new PathOptions()), new Environment(root.FullName));
        Images = new ImageStore(Paths);
        store = new Lazy<AnalysisStore>(() => new AnalysisStore(Contexts, Images));
    }

    public string Root => root.FullName;
    public PortalPaths Paths { get; }
    public ImageStore Images { get; }
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    public AnalysisStore Store => store.Value;
    public IDbContextFactory<PortalDbContext> Contexts => new ContextFactory(Paths.Database);

    public async Task<PortalFolder> SetUpAsync()
    {
        var setup = new StorageSetup(Contexts, Store, Paths, Options.Create(new UploadOptions()), Clock, NullLogger<StorageSetup>.Instance);
        await setup.StartAsync(CancellationToken.None);
        return this;
    }

    public static async Task<PortalFolder> CreateAsync() => await new PortalFolder().SetUpAsync();

    /// <summary>Puts a folder in place that the catalog takes for a checkpoint of 6 parameters.</summary>
    public void AddCheckpoint(string name, string card = "# A card") => AddCheckpoint(Paths.Checkpoints, name, card);

    public static void AddCheckpoint(string checkpoints, string name, string card = "# A card")
    {
        var folder = Directory.CreateDirectory(Path.Combine(checkpoints, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        File.WriteAllText(Path.Combine(folder, "model-card.md"), card);
        var header = """{"weight":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}"""u8.ToArray();
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[12]]);
    }

    /// <summary>A picture of one colour, different for each <paramref name="shade"/>.</summary>
    public static byte[] Picture(byte shade, int width = 40, int height = 30) =>
        ImageWriter.ToPng(new RgbImage(width, height, [.. Enumerable.Repeat(shade, width * height * 3)]));

    public Task<PhotoRecord> AddPhotoAsync(string name = "face.jpg", byte shade = 10, Guid? batch = null, params FaceArea[] faces) =>
        Store.AddPhotoAsync(Picture(shade), hash => new PhotoRecord
        {
            Hash = hash, OriginalName = name, Width = 40, Height = 30, BatchId = batch ?? Guid.NewGuid(), UploadedAt = Clock.GetUtcNow(), Faces = faces,
        }, CancellationToken.None);

    public async Task<AnalysisRecord> AddAnalysisAsync(PhotoRecord? photo = null, string name = "face.jpg", byte cropShade = 20, AnalysisOutcome? outcome = null)
    {
        photo ??= await AddPhotoAsync(name);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var analysis = await Store.AddAnalysisAsync(Picture(cropShade), hash => new AnalysisRecord
        {
            PhotoId = photo.Id, Crop = new PixelArea(0, 0, 40, 30), CropHash = hash, Checkpoint = "mini", Decoding = FacialR1.Analysis.DecodingOptions.Greedy, CreatedAt = Clock.GetUtcNow(),
        }, CancellationToken.None);
        if (outcome is not null) await Store.FinishAsync(analysis.Id, outcome, Clock.GetUtcNow(), CancellationToken.None);
        return (await Store.FindAsync(analysis.Id, CancellationToken.None))!;
    }

    public int StoredPictures => Directory.Exists(Paths.Uploads) ? Directory.EnumerateFiles(Paths.Uploads, "*", SearchOption.AllDirectories).Count() : 0;

    public void Dispose()
    {
        if (store.IsValueCreated) store.Value.Dispose();
        // A page that was left may still be ending a query, and the database's journal appears in a folder that is being deleted.
        for (var patience = 100; ; patience--)
        {
            try
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                root.Delete(recursive: true);
                return;
            }
            catch (IOException) when (patience > 0)
            {
                Thread.Sleep(50);
            }
        }
    }

    private sealed class ContextFactory(string database) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => new(new DbContextOptionsBuilder<PortalDbContext>().UseSqlite($"Data Source={database}").Options);
    }

    private sealed class Environment(string root) : IHostEnvironment
    {
        public string ApplicationName { get; set; } = "tests";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
        public string ContentRootPath { get; set; } = root;
        public string EnvironmentName { get; set; } = "Test";
    }
}
