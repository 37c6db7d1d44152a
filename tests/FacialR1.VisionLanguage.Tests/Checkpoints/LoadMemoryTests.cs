using System.Globalization;
using FacialR1.TestKit;
using FacialR1.VisionLanguage.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.VisionLanguage.Tests.Checkpoints;

/// <summary>How much memory loading takes beside the parameters, as the operating system counts it; alone, because it counts per process.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class LoadMemoryTests : IDisposable
{
    private const int Tensors = 6;
    private const long Largest = 32 << 20;
    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    public void Loading_takes_less_than_half_the_largest_tensor_beside_the_parameters(ScalarType stored, ScalarType wanted)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "private memory is read from /proc");
        var count = Largest / stored.ElementSize();
        using (var ones = ones_like(empty(count, dtype: stored)))
            SafetensorsWriter.Write(folder.File("x"), Enumerable.Range(0, Tensors).Select(index => ($"t{index}", ones)));
        var parameters = Enumerable.Range(0, Tensors).Select(_ => zeros(count, dtype: wanted)).ToArray();
        foreach (var parameter in parameters) parameter.fill_(2);   // zeros may be pages that are not there yet
        using var file = SafetensorsFile.Open(folder.File("x"));

        var before = PrivateBytes();
        var peak = PeakDuring(() =>
        {
            for (var index = 0; index < Tensors; index++) file.ReadInto($"t{index}", parameters[index]);
        });

        Assert.All(parameters, parameter => Assert.Equal(1f, parameter[^1].to(ScalarType.Float32).item<float>()));
        Assert.True(peak - before < Largest / 2, $"{(peak - before) >> 20} MiB beside the parameters, expected less than {Largest >> 21}");
    }

    private static long PeakDuring(Action action)
    {
        var (peak, isDone) = (0L, false);
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                peak = Math.Max(peak, PrivateBytes());
                Thread.Sleep(1);
            }
        });
        watcher.Start();
        action();
        Volatile.Write(ref isDone, true);
        watcher.Join();
        return peak;
    }

    /// <summary>Anonymous resident memory: mapped file pages are the system's to drop and do not count.</summary>
    private static long PrivateBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
