namespace FacialR1.Portal.Features.Export;

/// <summary>What a column of an export holds.</summary>
public enum ExportKind { Text, Whole, Number, Flag }

/// <summary>One column of an export.</summary>
/// <param name="Name">Lower case with underscores, so that every reader takes it as it is.</param>
public sealed record ExportColumn(string Name, ExportKind Kind);

/// <summary>Rows and columns to save, whatever they are about. Values are string, int or long, double and bool, as their column says; null is "not there".</summary>
/// <param name="Name">Of the file, without ending.</param>
/// <param name="Rows">One value per column.</param>
public sealed record ExportTable(string Name, IReadOnlyList<ExportColumn> Columns, IEnumerable<object?[]> Rows);
