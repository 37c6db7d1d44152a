using System.ComponentModel.DataAnnotations;

namespace FacialR1.Portal.Configuration;

/// <summary>Which database server keeps the portal's rows.</summary>
public enum DatabaseKind { Sqlite, PostgreSql }

/// <summary>Where the portal's rows are kept.</summary>
public sealed record StorageOptions : IValidatableObject
{
    public const string Section = "Storage";

    /// <summary>SQLite in the file of <see cref="PathOptions.Database"/>, or a PostgreSQL server.</summary>
    public DatabaseKind Database { get; init; } = DatabaseKind.Sqlite;

    /// <summary>For PostgreSQL: "Host=localhost;Database=facialr1;Username=facialr1". A password belongs in the environment variable <c>Storage__ConnectionString</c>, not in a file.</summary>
    public string? ConnectionString { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Database == DatabaseKind.PostgreSql && string.IsNullOrWhiteSpace(ConnectionString))
            yield return new ValidationResult("Storage:ConnectionString is needed for PostgreSQL, for example \"Host=localhost;Database=facialr1;Username=facialr1\".", [nameof(ConnectionString)]);
    }
}
