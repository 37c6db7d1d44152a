using FacialR1.Portal.Features.Results;

namespace FacialR1.Portal.Features.SideBySide;

/// <summary>One checkpoint's answer; its check arrives in <see cref="Selection"/> while the words are written.</summary>
public sealed record SideColumn(string Checkpoint, Guid AnalysisId, LinkedSelection Selection);
