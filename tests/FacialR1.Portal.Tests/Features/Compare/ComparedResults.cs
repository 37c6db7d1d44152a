using FacialR1.Analysis.Comparison;
using FacialR1.Analysis.Facs;
using FacialR1.Analysis.Scoring;
using FacialR1.Portal.Configuration;
using FacialR1.Training.Evaluation;

namespace FacialR1.Portal.Tests.Features.Compare;

/// <summary>Result files on 40 drawn samples, labelled happiness with AU6 and AU12.</summary>
internal static class ComparedResults
{
    public const int Samples = 40;

    /// <param name="right">The first so many are answered rightly, the others with sadness.</param>
    /// <param name="units">Named in every text.</param>
    public static void Write(PortalPaths paths, string name, int right, string units = "AU6", string? text = null, string? model = null, string benchmark = "drawn/test", int samples = Samples, Func<int, bool>? isRight = null)
    {
        var header = new ResultHeader
        {
            Model = model ?? name, Benchmark = benchmark, DataSha256 = new string('a', 64), Samples = samples, SampleIdsSha256 = new string('b', 64), ActionUnits = ["AU4", "AU6", "AU12"], LabelNote = "Made for a test.",
            Prompt = "facial-r1/compact/1", Decoding = new(), Started = DateTimeOffset.UnixEpoch,
        };
        using var file = ResultFile.CreateOrContinue(Path.Combine(paths.Evaluations, name + ".jsonl"), header);
        for (var index = 0; index < samples; index++)
            file.Append(ResultRow.Of($"s{index:00}", null, text ?? $"<think>Something moves ({units}) <script>alert(1)</script>.</think><answer>{((isRight?.Invoke(index) ?? index < right) ? "happiness" : "sadness")}</answer>", 12,
                new Dictionary<Emotion, double>(), new ResponseLabels(Emotion.Happiness, [6, 12])), isTruncated: false);
    }
}
