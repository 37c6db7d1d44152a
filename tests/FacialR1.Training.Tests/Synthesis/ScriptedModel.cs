using FacialR1.Analysis;
using FacialR1.Training.Reports;
using FacialR1.Training.Synthesis;

namespace FacialR1.Training.Tests.Synthesis;

/// <summary>Answers as the test says and remembers what it was asked.</summary>
internal sealed class ScriptedModel(Func<HintedQuestion, DecodingOptions, string> answer) : IHintedModel
{
    private readonly List<HintedQuestion> asked = [];

    public IReadOnlyList<HintedQuestion> Asked => asked;

    /// <summary>Called before each batch of questions is answered.</summary>
    public Action<int> BeforeBatch { get; init; } = _ => { };

    public string Checkpoint => "c0ffee";

    public string Prompt => "test-prompt/1";

    public IReadOnlyList<IReadOnlyList<WrittenAnswer>> Write(IReadOnlyList<HintedQuestion> questions, CancellationToken cancellationToken)
    {
        BeforeBatch(asked.Count);
        cancellationToken.ThrowIfCancellationRequested();
        asked.AddRange(questions);
        return [.. questions.Select(question => (IReadOnlyList<WrittenAnswer>)[.. question.Decodings.Select(decoding => new WrittenAnswer(answer(question, decoding), 20, false))])];
    }

    /// <summary>A report that says exactly what the labels say.</summary>
    public static string Right(HintedQuestion question, ulong seed) =>
        ReportComposer.Compose([.. question.Sample.ActionUnits ?? []], question.Sample.Emotion!.Value, seed);
}
