using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Features.Analyze;

/// <summary>The legal bases in the words of the form.</summary>
public static class LegalBasisLabels
{
    public static string Label(this LegalBasis basis) => basis switch
    {
        LegalBasis.OwnPhoto => "It shows me",
        LegalBasis.Consent => "The person agreed",
        LegalBasis.LicensedData => "Licensed research data",
        LegalBasis.Synthetic => "Nobody real is shown",
        _ => "Not stated",
    };
}
