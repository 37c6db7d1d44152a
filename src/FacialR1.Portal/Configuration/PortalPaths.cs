using FacialR1.Training.Data;
using Microsoft.Extensions.Options;

namespace FacialR1.Portal.Configuration;

/// <summary><see cref="PathOptions"/> as absolute paths.</summary>
public sealed class PortalPaths(IOptions<PathOptions> options, IHostEnvironment environment)
{
    public string Checkpoints { get; } = Absolute(environment, options.Value.Checkpoints);
    public string Models { get; } = Absolute(environment, options.Value.Models);
    public string Alignment { get; } = Absolute(environment, options.Value.Alignment);
    public string Samples { get; } = Absolute(environment, options.Value.Samples);
    public string Benchmarks { get; } = Absolute(environment, options.Value.Benchmarks);
    public string Evaluations { get; } = Absolute(environment, options.Value.Evaluations);
    public string Uploads { get; } = Absolute(environment, options.Value.Uploads);
    public string Database { get; } = Absolute(environment, options.Value.Database);
    public string Runs { get; } = Absolute(environment, options.Value.Runs);
    public string Imports { get; } = Absolute(environment, options.Value.Imports);
    public string Cache { get; } = Absolute(environment, options.Value.Cache);

    /// <summary>The folder that holds <c>appsettings.json</c>.</summary>
    public string Root { get; } = environment.ContentRootPath;

    /// <summary>The folder of a benchmark by its name.</summary>
    /// <exception cref="DataFormatException">There is none of that name; the message lists those there are.</exception>
    public string Benchmark(string name)
    {
        string[] names = Directory.Exists(Benchmarks) ? [.. Directory.EnumerateDirectories(Benchmarks).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)] : [];
        return names.Contains(name)
            ? Path.Combine(Benchmarks, name)
            : throw new DataFormatException($"There is no benchmark \"{name}\" in {Benchmarks}. {(names.Length == 0 ? "None is there; see \"benchmarks import\"." : $"There are {string.Join(", ", names)}.")}");
    }

    internal static string Absolute(IHostEnvironment environment, string path) => Path.GetFullPath(path, environment.ContentRootPath);
}
