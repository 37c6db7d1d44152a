using FacialR1.Portal.Inference;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Hosting;

/// <summary>The whole portal in this process, on a data folder of its own, with a scripted model.</summary>
internal sealed class PortalFactory(ScriptedModel model) : WebApplicationFactory<Program>
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("facialr1-web-");

    public string Data => data.FullName;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(RepositoryRoot());
        foreach (var path in (string[])["Checkpoints", "Samples", "Uploads", "Cache", "Runs", "Imports", "Evaluations"]) builder.UseSetting($"Paths:{path}", Path.Combine(Data, path));
        builder.UseSetting("Paths:Database", Path.Combine(Data, "portal.db"));
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.ConfigureTestServices(services => services.AddSingleton<IReasoningModelFactory>(model));
    }

    public void AddCheckpoint(string name) => PortalFolder.AddCheckpoint(Path.Combine(Data, "Checkpoints"), name);

    /// <summary>A client that keeps cookies and shows redirects as they are.</summary>
    public HttpClient Visitor() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FacialR1.Portal.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run inside a clone of the repository.");
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(Data)) data.Delete(recursive: true);   // the factory disposes itself twice
    }
}
