namespace FacialR1.Portal.Features.ResponsibleUse;

/// <summary>Sentences that go with every result.</summary>
public static class RulesOfUse
{
    public const string Address = "/responsible-use";

    public const string Notice =
        "A model's description of visible facial movement and the label it gives it. It does not show what a person feels, and it is often wrong. Research and audit only.";
}
