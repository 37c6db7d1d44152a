using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FacialR1.VisionLanguage.Native;

/// <summary>Makes TorchSharp's native library load on systems whose libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04).</summary>
/// <remarks>
/// <c>libLibTorchSharp.so</c> asks for symbol version GLIBCXX_3.4.32 only for a marker symbol that is never called. Where the
/// shipped file does not load, a copy whose version need is marked weak is written once to a cache folder and loaded instead.
/// Its SONAME satisfies every later look-up. Newer systems never reach that path.
/// Torch itself may come from elsewhere: <see cref="FolderVariable"/> names the <c>torch/lib</c> of a PyTorch installation, with CUDA or without. PyTorch 2.11 serves the bridge made for 2.10.
/// </remarks>
public static class TorchLibrary
{
    /// <summary>Environment variable with the folder of torch's libraries that take the place of those beside the program.</summary>
    public const string FolderVariable = "FACIALR1_TORCH";

    private const string BridgeFile = "libLibTorchSharp.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private static readonly Lazy<string> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads the native library once; later calls cost nothing.</summary>
    /// <returns>The file that was loaded.</returns>
    /// <exception cref="DllNotFoundException">The library cannot be loaded; the message names the file and the ways out.</exception>
    public static string EnsureLoaded() => Loaded.Value;

    // Torch types must not be touched before the library is there; a module initializer runs before any of this assembly's code.
#pragma warning disable CA2255 // A library may use ModuleInitializer when nothing else can run early enough; see above.
    [ModuleInitializer]
    internal static void Initialize()
    {
        if (OperatingSystem.IsLinux()) EnsureLoaded();
    }
#pragma warning restore CA2255

    private static string Load()
    {
        if (!OperatingSystem.IsLinux()) return BridgeFile;

        var folder = NativeFolder();
        var shipped = Path.Combine(folder, BridgeFile);
        var elsewhere = Environment.GetEnvironmentVariable(FolderVariable);
        // What is loaded first under its SONAME is what the bridge gets.
        if (!string.IsNullOrEmpty(elsewhere))
        {
            LoadParts(elsewhere, ["libc10.so", "libtorch_cpu.so"], isRequired: true);
            LoadParts(elsewhere, ["libtorch_cuda.so", "libtorch.so"], isRequired: false);
        }

        if (NativeLibrary.TryLoad(shipped, out _)) return shipped;

        if (string.IsNullOrEmpty(elsewhere)) LoadParts(folder, ["libc10.so", "libtorch_cpu.so", "libtorch.so"], isRequired: false);

        var relaxed = RelaxedCopy(shipped);
        NativeLibrary.Load(relaxed);
        return relaxed;
    }

    private static void LoadParts(string folder, string[] parts, bool isRequired)
    {
        foreach (var file in parts.Select(part => Path.Combine(folder, part)))
            if (!NativeLibrary.TryLoad(file, out _) && isRequired)
                throw new DllNotFoundException($"{FolderVariable} names {folder}, but {file} does not load. It must be the folder torch/lib of a PyTorch installation; without the variable the processor build beside the program is used.");
    }

    private static string NativeFolder()
    {
        var baseFolder = AppContext.BaseDirectory;
        string[] candidates = [Path.Combine(baseFolder, "runtimes", "linux-x64", "native"), baseFolder,
            Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) ?? baseFolder];
        return candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, BridgeFile)))
            ?? throw new DllNotFoundException($"{BridgeFile} was not found in {string.Join(", ", candidates)}. Build again so that the TorchSharp package is copied.");
    }

    private static string RelaxedCopy(string shipped)
    {
        var bytes = File.ReadAllBytes(shipped);
        if (!ElfVersionNeeds.MarkWeak(bytes, MissingVersion))
            throw new DllNotFoundException(
                $"{shipped} does not load and does not ask for {MissingVersion}, so the known way out does not apply. " +
                "Use a distribution with GCC 13's libstdc++ (Debian 13, Ubuntu 24.04) or newer.");

        var version = typeof(TorchSharp.torch).Assembly.GetName().Version;
        foreach (var root in (string[])[Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), Path.GetTempPath()])
        {
            if (string.IsNullOrEmpty(root)) continue;
            try
            {
                var copy = Path.Combine(root, "FacialR1.Portal", "native", $"torchsharp-{version}", BridgeFile);
                if (File.Exists(copy) && new FileInfo(copy).Length == bytes.Length) return copy;
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                var unfinished = $"{copy}.{Environment.ProcessId}";
                File.WriteAllBytes(unfinished, bytes);
                File.Move(unfinished, copy, overwrite: true);   // atomic: another process sees all of it or nothing
                return copy;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next folder may be writable.
            }
        }

        throw new DllNotFoundException(
            $"{BridgeFile} needs a patched copy on this system and no folder could be written for it. Either make the home or temporary folder " +
            "writable, or use a distribution with GCC 13's libstdc++ (Debian 13, Ubuntu 24.04).");
    }
}
