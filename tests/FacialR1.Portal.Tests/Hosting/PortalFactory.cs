using FacialR1.Portal.Inference;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FacialR1.Portal.Tests.Hosting;

/// <summary>The whole portal in this process, on a data folder of its own, with a scripted model.</summary>
internal sealed class PortalFactory(ScriptedModel model) : WebApplicationFactory<Program>
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("facialr1-web-");

    public string Data => data.FullName;

    /// <summary>Where run folders lie, for portals that follow each other on the same runs; below the data folder when null.</summary>
    public string? Runs { get; init; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(RepositoryRoot());
        foreach (var path in (string[])["Checkpoints", "Samples", "Uploads", "Cache", "Runs", "Imports", "Evaluations"]) builder.UseSetting($"Paths:{path}", Path.Combine(Data, path));
        if (Runs is not null) builder.UseSetting("Paths:Runs", Runs);
        builder.UseSetting("Paths:Database", Path.Combine(Data, "portal.db"));
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.ConfigureTestServices(services => services.AddSingleton<IReasoningModelFactory>(model));
    }

    public void AddCheckpoint(string name) => PortalFolder.AddCheckpoint(Path.Combine(Data, "Checkpoints"), name);

    /// <summary>A client that keeps cookies and shows redirects as they are.</summary>
    public HttpClient Visitor() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    /// <summary>Listens on a port of this machine, as outside programs need it.</summary>
    /// <param name="port">0 for any free one.</param>
    /// <returns>Its address.</returns>
    public Uri Listen(int port)
    {
        UseKestrel(port);
        StartServer();
        return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

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
