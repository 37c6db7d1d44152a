using FacialR1.Portal.Configuration;
using FacialR1.Portal.Runs;
using FacialR1.VisionLanguage.Native;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace FacialR1.Portal.Tests.Runs;

public sealed class RunLauncherTests : IDisposable
{
    private static readonly string[] Teller = ["/bin/sh", "-c", "printf %s \"${CUDA_VISIBLE_DEVICES-all}\" > seen"];
    private readonly PortalFolder folder = new();

    [Theory]
    [InlineData("cuda:1", "1")]
    [InlineData("cpu", "-1")]
    public async Task A_run_sees_the_device_it_waited_for_and_no_other(string device, string visible) =>
        Assert.Equal(visible, await SeenAsync(new RunLauncher(folder.Paths) { Program = Teller }, device));

    [Fact]
    public async Task A_scheduler_put_in_front_chooses_for_itself()
    {
        var launcher = new RunLauncher(folder.Paths, Options.Create(new RunOptions { Program = Teller }));
        Assert.Equal(Environment.GetEnvironmentVariable(ComputeDevice.VisibleVariable) ?? "all", await SeenAsync(launcher, "cpu"));
    }

    [Theory]
    [InlineData(null, "cuda:0")]
    [InlineData("", "cuda:0")]
    [InlineData("3", "cuda:3")]
    [InlineData("2, 0", "cuda:2")]
    public void A_device_is_called_as_the_machine_calls_it(string? visible, string name)
    {
        Assert.Equal(name, ComputeDevice.NameOf(new Device(DeviceType.CUDA, 0), visible));
        Assert.Equal("cpu", ComputeDevice.NameOf(CPU, visible));
    }

    public void Dispose() => folder.Dispose();

    private static async Task<string> SeenAsync(RunLauncher launcher, string device)
    {
        var run = Directory.CreateTempSubdirectory("facialr1-launch-");
        using var process = launcher.Start(new RunLaunch("few", [], new Dictionary<string, string>(), device, null, run.FullName, DateTimeOffset.UnixEpoch), run.FullName);
        await process.WaitForExitAsync();
        var seen = await File.ReadAllTextAsync(Path.Combine(run.FullName, "seen"));
        run.Delete(recursive: true);
        return seen;
    }
}
