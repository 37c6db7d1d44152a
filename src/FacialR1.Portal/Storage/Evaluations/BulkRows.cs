using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace FacialR1.Portal.Storage.Evaluations;

/// <summary>Writes many rows of one table at once, inside the context's open transaction: with COPY on PostgreSQL, with one prepared INSERT on SQLite. Change tracking would cost ten times as much.</summary>
internal static class BulkRows
{
    /// <param name="context">With an open transaction.</param>
    /// <param name="table">From our own code, never from outside.</param>
    /// <param name="columns">In the order of the values.</param>
    /// <param name="rows">int, long, bool, double, string or null.</param>
    public static void Insert(PortalDbContext context, string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        var names = string.Join(", ", columns.Select(column => $"\"{column}\""));
        if (context.Database.GetDbConnection() is NpgsqlConnection postgres)
        {
            using var copy = postgres.BeginBinaryImport($"COPY \"{table}\" ({names}) FROM STDIN (FORMAT BINARY)");
            foreach (var row in rows)
            {
                copy.StartRow();
                foreach (var value in row)
                    if (value is null) copy.WriteNull();
                    else copy.Write(value);
            }
            copy.Complete();
            return;
        }

        using var insert = context.Database.GetDbConnection().CreateCommand();
        insert.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        DbParameter[] parameters = [.. columns.Select((_, index) =>
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{index}");
            insert.Parameters.Add(parameter);
            return parameter;
        })];
#pragma warning disable CA2100 // table and columns are constants of this program; the values are parameters
        insert.CommandText = $"INSERT INTO \"{table}\" ({names}) VALUES ({string.Join(", ", parameters.Select(parameter => parameter.ParameterName))})";
#pragma warning restore CA2100
        foreach (var row in rows)
        {
            for (var index = 0; index < parameters.Length; index++) parameters[index].Value = row[index] ?? DBNull.Value;
            insert.ExecuteNonQuery();
        }
    }
}
