using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FacialR1.TinyTraining;
using FacialR1.Training.Runs;
using FacialR1.VisionLanguage.Native;

// A real training process for tests: the real loop, log and state files, a phase that costs nothing.
// Takes the arguments of "train sft" and reads them its own way: --text-epochs is the number of epochs of 10 steps, --limit the milliseconds a step takes.
var options = args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "");
int Number(string name, int usual) => options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

var (epochs, pause) = (Number("--text-epochs", 3), Number("--limit", 0));
var description = new JsonObject { ["kind"] = "sft", ["stage"] = "tiny", ["seed"] = Number("--seed", 1), ["limit"] = pause, ["phases"] = new JsonObject { ["first"] = new JsonObject { ["epochs"] = 1 }, ["second"] = new JsonObject { ["epochs"] = epochs } } };
if (options.ContainsKey("--describe"))
{
    Console.WriteLine(description.ToJsonString());
    return 0;
}

if (Number("--seed", 1) == 13)
{
    await Console.Error.WriteLineAsync("Thirteen is refused. Take another seed.");
    return 2;
}

TorchLibrary.EnsureLoaded();
using var stop = new CancellationTokenSource();
using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
TorchSharp.torch.set_num_threads(1);
var run = RunFolder.CreateOrOpen(options["--run"], description);
return new TrainingLoop(run, TimeProvider.System).Run(
    [() => new LinePhase("first", 10, 10, TimeSpan.FromMilliseconds(pause)), () => new LinePhase("second", epochs * 10L, 10, TimeSpan.FromMilliseconds(pause))], stop.Token) ? 0 : 1;
