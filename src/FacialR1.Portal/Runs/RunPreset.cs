using System.Globalization;
using FacialR1.Training.Stages;

namespace FacialR1.Portal.Runs;

/// <summary>A form filled in beforehand.</summary>
/// <param name="Options">Values by option; what is not named stays at the command's default.</param>
public sealed record RunPreset(string Name, string Command, string Description, IReadOnlyDictionary<string, string> Options)
{
    private const string Trial = "Trial", Quick = "A few samples and steps: shows within minutes that everything works, and teaches next to nothing.";

    private static readonly RunPreset[] Known =
    [
        Of("sft", Trial, Quick, ("--limit", "512"), ("--teacher-epochs", "2"), ("--vision-epochs", "2"), ("--text-epochs", "1")),
        Of("tower", "One pass", "One pass over the photos instead of the usual number.", ("--passes", "1")),
        Of("tower", "Long, on a GPU", "Many passes, blended faces, teachers before labels: how the tower of the shipped checkpoints was made. Name three networks of \"train teacher\" under --teachers.",
            ("--passes", Number(StageSettings.LongTower.Epochs)), ("--batch", Number(StageSettings.LongTower.BatchSize)), ("--learning-rate", Number(StageSettings.LongTower.Peak)),
            ("--validate-every", Number(StageSettings.LongTower.ValidateEvery)), ("--blend-faces", "true"),
            ("--teacher-share", Number(StageSettings.CommitteeObjective.TeacherShare)), ("--teacher-unit-share", Number(StageSettings.CommitteeObjective.TeacherUnitShare))),
        Of("teacher", "Long, on a GPU", "How the face reader and the teachers of the shipped tower were made.",
            ("--passes", Number(StageSettings.Teacher.Epochs)), ("--batch", Number(StageSettings.Teacher.BatchSize)), ("--validate-every", Number(StageSettings.Teacher.ValidateEvery))),
        Of("teacher", Trial, Quick, ("--passes", "1")),
        Of("base", Trial, Quick, ("--steps", "20")),
        Of("few", "300 photos", "Half of the usual annotated set.", ("--samples", "300")),
        Of("few", "1,000 photos", "The upper end of what counts as minimal supervision.", ("--samples", "1000")),
        Of("few", Trial, Quick, ("--steps", "20")),
        Of("grpo", "Two updates", "Each batch of rollouts is learnt from twice; from the second time on the ratio is clipped.", ("--updates", "2")),
        Of("grpo", "Without length bias", "The loss is divided by a constant and not by the length of each completion (Dr. GRPO).", ("--loss-normalisation", "Constant")),
        Of("grpo", "As in the paper", "Three rewards of equal weight, reports judged as a whole only, loss per sequence.",
            ("--unit-credit", "0"), ("--reward-au", "1"), ("--temperature", "1"), ("--loss-normalisation", "SequenceMean"), ("--beta", "0.04")),
        Of("grpo", "More units", "Aims at F1 alone: more of the labelled units are named, and more that are not there.", ("--unit-beta", "1")),
        Of("grpo", "Without AU reward", "Ablation: format and emotion only.", ("--reward-au", "0"), ("--unit-credit", "0")),
        Of("grpo", "Without emotion reward", "Ablation: format and action units only.", ("--reward-accuracy", "0")),
        Of("grpo", Trial, Quick, ("--steps", "5"), ("--prompts", "4"), ("--completions", "4")),
        Of("writer", Trial, Quick, ("--steps", "5")),
        Of("synthesis", "Second round", "Other draws than in the first round, for the checkpoint that learnt from it.", ("--round", "2")),
        Of("synthesis", "Majority of three", "Three answers per attempt; one is taken only if it names the action units that most of them name.", ("--answers", "3")),
        Of("synthesis", "Emotion labels only", "As for sets without action unit labels: the units must then fit the emotion.", ("--without-au-labels", "true")),
        Of("synthesis", Trial, Quick, ("--limit", "64"), ("--blind", "32")),
        Of("recipe mini", "One round", "Ends after the first round of synthesis, whatever it gains.", ("--rounds", "1")),
        Of("recipe mini", "Rehearsal", "A few steps of every stage on a few photos: shows in minutes whether everything runs here.", ("--rehearse", "true")),
    ];

    /// <summary>For each form: as the command is by itself, and what is known for it beyond that. What a command does not take is left out.</summary>
    public static IReadOnlyList<RunPreset> Of(IReadOnlyList<RunForm> forms) => [.. forms.SelectMany(form =>
        Known.Where(preset => preset.Command == form.Command && preset.Options.Keys.All(option => form.Fields.Any(field => field.Option == option)))
            .Prepend(new RunPreset("Usual", form.Command, "The command's own settings.", new Dictionary<string, string>())))];

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static RunPreset Of(string command, string name, string description, params (string Option, string Value)[] options) =>
        new(name, command, description, options.ToDictionary(option => option.Option, option => option.Value));
}
