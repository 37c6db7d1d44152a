using FacialR1.Training.Runs;

namespace FacialR1.Portal.Runs;

/// <summary>What someone wants to have trained.</summary>
/// <param name="Command">Of a <see cref="RunForm"/>.</param>
/// <param name="Options">Values by option, as filled in.</param>
/// <param name="Device">One of <see cref="RunDesk.Devices"/>.</param>
public sealed record RunSubmission(string Command, IReadOnlyDictionary<string, string> Options, string Device);

/// <summary>What a submission would do.</summary>
/// <param name="CommandLine">How to start the same from a terminal.</param>
/// <param name="Configuration">As it would be written to <c>run.json</c>, indented.</param>
/// <param name="Previous">The last run of the same kind; null when there is none.</param>
/// <param name="Changes">From the previous configuration to this one.</param>
public sealed record RunPreview(string CommandLine, string Configuration, string? Previous, IReadOnlyList<ConfigurationChange> Changes);

/// <summary>A run cannot do what was asked of it; the message says why and what can be done instead.</summary>
public sealed class RunDeskException(string message) : Exception(message);
