using System.Diagnostics;
using FacialR1.Portal.Configuration;
using Npgsql;

namespace FacialR1.Portal.Tests.Evaluations;

/// <summary>Debian's PostgreSQL, started for the tests in a folder of its own and reached through a socket there; nothing of the machine's own server is touched.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fr1-pg-");
    private int databases;
    private bool isRunning;

    /// <summary>Why there is no server; null when it runs.</summary>
    public string? WhyNot { get; private set; }

    public async Task InitializeAsync()
    {
        if (Programs() is not { } programs)
        {
            WhyNot = "PostgreSQL is not installed (apt-get install postgresql).";
            return;
        }

        var data = Path.Combine(root.FullName, "data");
        // The server refuses to run as root, so root hands the folder to the user that Debian's package made.
        var asServer = Environment.UserName == "root" ? new[] { "runuser", "-u", "postgres", "--" } : [];
        try
        {
            if (asServer.Length > 0) await RunAsync(["chown", "postgres", root.FullName]);
            await RunAsync([.. asServer, Path.Combine(programs, "initdb"), "--pgdata", data, "--username", "tests", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C"]);
            await RunAsync([.. asServer, Path.Combine(programs, "pg_ctl"), "--pgdata", data, "--wait", "--timeout", "120", "--log", Path.Combine(root.FullName, "log"),
                "--options", $"-c listen_addresses='' -c unix_socket_directories='{root.FullName}' -c fsync=off -c shared_buffers=64MB", "start"]);
            isRunning = true;
        }
        catch (InvalidOperationException error) when (Environment.GetEnvironmentVariable("CI") is null)
        {
            WhyNot = $"PostgreSQL did not start: {error.Message}";
        }
    }

    /// <summary>A database of its own.</summary>
    public async Task<StorageOptions> NewDatabaseAsync()
    {
        Skip.If(WhyNot is not null && Environment.GetEnvironmentVariable("CI") is null, WhyNot);
        Assert.True(WhyNot is null, WhyNot);
        var name = $"portal{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        await command.ExecuteNonQueryAsync();
        return new StorageOptions { Database = DatabaseKind.PostgreSql, ConnectionString = Connection(name) };
    }

    public async Task DisposeAsync()
    {
        if (isRunning)
        {
            NpgsqlConnection.ClearAllPools();
            string[] asServer = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : [];
            await RunAsync([.. asServer, Path.Combine(Programs()!, "pg_ctl"), "--pgdata", Path.Combine(root.FullName, "data"), "--mode", "immediate", "stop"]);
        }

        root.Delete(recursive: true);
    }

    private string Connection(string database) => $"Host={root.FullName};Username=tests;Database={database}";

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private static async Task RunAsync(string[] command)
    {
        // Output goes nowhere: the server inherits it, and a pipe would stay open as long as the server runs.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", .. command]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"\"{string.Join(' ', command)}\" ended with code {process.ExitCode}.");
    }
}
