using System.CommandLine;
using System.Globalization;
using FacialR1.Portal.Inference;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary><c>checkpoints list</c>.</summary>
internal static class CheckpointsCommand
{
    public static Command Create()
    {
        var list = new Command("list", "Lists the checkpoints that can be asked, with size, parameters and the title of their card.");
        list.SetAction(_ => List());
        return new Command("checkpoints", "Looks after checkpoints.") { list };
    }

    private static int List()
    {
        using var services = CommandServices.Create();
        var catalog = services.Get<CheckpointCatalog>();
        var all = catalog.All();
        if (all.Count == 0)
        {
            Terminal.Problem($"There is no checkpoint in {catalog.Folder}. Restore data/checkpoints from the repository, or train one with \"train sft\".");
            return PortalCommandLine.Partial;
        }

        var table = new Table().AddColumns("Name", "Parameters", "Size", "Card");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        foreach (var entry in all)
            table.AddRow(
                Markup.Escape(entry.Name), entry.Parameters is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:F2} M") : "–",
                entry.Remote is { } remote ? Markup.Escape($"at {remote.Host}") : string.Create(CultureInfo.InvariantCulture, $"{entry.SizeInBytes / 1e6:F1} MB"),
                Markup.Escape(entry.Problem ?? entry.Title));
        AnsiConsole.Write(table);
        return PortalCommandLine.Success;
    }
}
