using System.CommandLine;
using System.Globalization;
using FacialR1.Analysis.Facs;
using FacialR1.Training.Teacher;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>train face-reader</c>: calibrates and measures the network that gives evidence where there is no annotation.</summary>
internal static class FaceReaderCommand
{
    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Folder in the fer-au layout, with landmarks.", Required = true };
    private static readonly Option<DirectoryInfo> From = new("--run") { Description = "Finished run folder of \"train teacher\", or of \"train sft\", whose convolutional teacher is taken.", Required = true };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder of the face reader, e.g. data/models/face-reader.", Required = true };
    private static readonly Option<int> Seed = new("--seed") { Description = "Same seed, same calibration.", DefaultValueFactory = _ => 11 };

    public static Command Create()
    {
        var command = new Command("face-reader",
            """
            Makes the face reader from a finished "train teacher" or "train sft" run: its convolutional network estimates action units and 68 landmarks. Probabilities and thresholds are
            fitted on train and measured on val. Claims about photos without annotation are held against these estimates.
            """)
        { Data, From, Out, Seed };
        command.SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        var from = arguments.GetRequiredValue(From).FullName;
        using var network = FaceReaderRecipe.NetworkOf(from);
        if (network is null)
        {
            Terminal.Problem($"{from} has no trained network. Name the folder of a finished \"train teacher\" run, or of a \"train sft\" run whose teacher phase is done.");
            return PortalCommandLine.Failure;
        }

        var card = FaceReaderRecipe.Write(network, arguments.GetRequiredValue(Data).FullName, arguments.GetRequiredValue(Out).FullName, arguments.GetValue(Seed), cancellationToken);
        var table = new Table { Title = new TableTitle($"Measured on {card.MeasuredOn}") }.AddColumns("Unit", "Present", "F1", "Precision", "Recall", "Calibration error", "Present from");
        foreach (var unit in card.Units)
            table.AddRow(ActionUnit.CodeOf(unit.ActionUnit), unit.Measured.Present.ToString(CultureInfo.InvariantCulture), Figure(unit.Measured.F1), Figure(unit.Measured.Precision),
                Figure(unit.Measured.Recall), Figure(unit.Measured.CalibrationError), Figure(unit.PresentFrom));
        Terminal.Aside.Write(table);
        Terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"AU macro-F1 {card.Units.Average(unit => unit.Measured.F1):0.000}; landmark error {card.LandmarkError:0.0000} inter-ocular distances, n = {card.LandmarkN}."));
        return PortalCommandLine.Success;
    }

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
