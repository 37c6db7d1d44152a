using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Configuration;

/// <summary>What the responsible-use page says about this installation.</summary>
public sealed record ResponsibleUseOptions
{
    public const string Section = "ResponsibleUse";

    /// <summary>Whom people can ask about their pictures: a name, an address, or both. Shown as plain text.</summary>
    [Required] public string Contact { get; init; } = "the person who runs this portal";
}
