namespace FacialR1.Portal.Features.Samples;

/// <summary>A bundled picture a visitor can try, one entry of <c>samples.json</c>.</summary>
/// <param name="File">File name inside the sample folder.</param>
/// <param name="Synthetic">Drawn or rendered: no person is shown.</param>
public sealed record SamplePicture(string File, string Title, string Source, string Licence, bool Synthetic)
{
    public string Credit => $"{Source}, {Licence}";
}
