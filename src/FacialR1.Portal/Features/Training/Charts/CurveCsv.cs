using System.Globalization;
using System.Text;

namespace FacialR1.Portal.Features.Training.Charts;

/// <summary>Curves as a table for other programs: one row per step, one column per series, empty where a series has no value at that step.</summary>
/// <remarks>Numbers are invariant and round-trip exactly. Text that a spreadsheet would take for a formula gets an apostrophe in front.</remarks>
public static class CurveCsv
{
    /// <param name="curves">Names and curves of one phase.</param>
    public static string Write(IReadOnlyList<(string Name, Curve Curve)> curves)
    {
        var text = new StringBuilder("step,seconds");
        foreach (var (name, _) in curves) text.Append(',').Append(Cell(name));
        text.Append("\r\n");

        var at = new int[curves.Count];
        while (true)
        {
            var step = long.MaxValue;
            for (var column = 0; column < curves.Count; column++)
                if (at[column] < curves[column].Curve.Count) step = Math.Min(step, curves[column].Curve.Step(at[column]));
            if (step == long.MaxValue) return text.ToString();

            text.Append(CultureInfo.InvariantCulture, $"{step},");
            var isTimed = false;
            var row = new StringBuilder();
            for (var column = 0; column < curves.Count; column++)
            {
                row.Append(',');
                var curve = curves[column].Curve;
                if (at[column] >= curve.Count || curve.Step(at[column]) != step) continue;
                if (!isTimed) text.Append(CultureInfo.InvariantCulture, $"{curve.Seconds(at[column]):0.###}");
                isTimed = true;
                row.Append(curve.Values[at[column]++].ToString("R", CultureInfo.InvariantCulture));
            }
            text.Append(row).Append("\r\n");
        }
    }

    /// <summary>A text as one cell.</summary>
    public static string Cell(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
