using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Configuration;

/// <summary>What the portal may train, and where.</summary>
public sealed record RunOptions
{
    public const string Section = "Runs";

    /// <summary>Devices of this machine, each for one run at a time: <c>cpu</c>, <c>cuda:0</c>, ….</summary>
    [MinLength(1)] public string[] Devices { get; init; } = ["cpu"];

    /// <summary>Folders in the fer-au layout that can be chosen in the form. A relative path starts at the folder that holds <c>appsettings.json</c>.</summary>
    public string[] DataFolders { get; init; } = [];

    /// <summary>What starts a training: program and first arguments, to which the command behind <c>train</c> is added; such as <c>["srun", "FacialR1.Portal", "train"]</c>. This program when empty.</summary>
    public string[] Program { get; init; } = [];
}
