using System.Text;
using Spectre.Console;

namespace FacialR1.Portal.Commands;

/// <summary>Where commands write: results to standard output, progress and problems to standard error, so that output can be piped.</summary>
public static class Terminal
{
    /// <summary>For people; never part of a piped result.</summary>
    public static IAnsiConsole Aside { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>For results. Text of models and files is written as it is, never as markup.</summary>
    public static TextWriter Result { get; } = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };

    public static void Problem(string message) => Aside.MarkupLineInterpolated($"[red]{message}[/]");

    public static void Note(string message) => Aside.MarkupLineInterpolated($"[grey]{message}[/]");
}
