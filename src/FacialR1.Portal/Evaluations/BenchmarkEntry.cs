namespace FacialR1.Portal.Evaluations;

/// <summary>A benchmark that can be asked here: a whole folder, or one split of it.</summary>
/// <param name="Name">As results call it: "fer-au/val".</param>
/// <param name="Title">As people read it.</param>
/// <param name="Folder">Where it lies. Never shown as a link and never taken from a browser.</param>
/// <param name="Split">Null for all samples.</param>
/// <param name="Samples">How many; null where counting is not possible.</param>
/// <param name="LabelNote">What people must know about its labels.</param>
/// <param name="Licence">Under which conditions the data may be used.</param>
/// <param name="Source">Where the data comes from; null where its folder does not say.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
public sealed record BenchmarkEntry(string Name, string Title, string Folder, string? Split, int? Samples, string LabelNote, string Licence, string? Source, string? Problem);
