using System.Text.Json;
using FacialR1.Analysis.Facs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FacialR1.Portal.Storage;

/// <summary>The portal's rows. Used only by the stores of this folder, one short-lived context per operation.</summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : DbContext(options)
{
    public DbSet<PhotoRecord> Photos => Set<PhotoRecord>();
    public DbSet<AnalysisRecord> Analyses => Set<AnalysisRecord>();
    public DbSet<AcknowledgementRecord> Acknowledgements => Set<AcknowledgementRecord>();
    public DbSet<SavedViewRecord> SavedViews => Set<SavedViewRecord>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot order its text form of DateTimeOffset; milliseconds since 1970 sort, filter and fit every database.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Properties<AnalysisStatus>().HaveConversion<string>();
        configurationBuilder.Properties<LegalBasis>().HaveConversion<string>();
        configurationBuilder.Properties<FacialR1.Analysis.StopReason>().HaveConversion<string>();
        configurationBuilder.Properties<PixelArea>().HaveConversion<AsJson<PixelArea>, SameJson<PixelArea>>();
        configurationBuilder.Properties<IReadOnlyList<FaceArea>>().HaveConversion<AsJson<IReadOnlyList<FaceArea>>, SameJson<IReadOnlyList<FaceArea>>>();
        configurationBuilder.Properties<IReadOnlyDictionary<Emotion, double>>()
            .HaveConversion<AsJson<IReadOnlyDictionary<Emotion, double>>, SameJson<IReadOnlyDictionary<Emotion, double>>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<PhotoRecord>(photo =>
        {
            photo.Property(p => p.Hash).HasMaxLength(64);
            photo.Property(p => p.OriginalName).HasMaxLength(255);
            photo.HasIndex(p => p.BatchId);
            photo.HasIndex(p => p.Hash);
            photo.HasMany(p => p.Analyses).WithOne(a => a.Photo).HasForeignKey(a => a.PhotoId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<SavedViewRecord>(view =>
        {
            view.Property(v => v.Page).HasMaxLength(40);
            view.Property(v => v.Name).HasMaxLength(SavedViewRecord.LongestName);
            view.Property(v => v.Query).HasMaxLength(SavedViewRecord.LongestQuery);
            view.HasIndex(v => new { v.Page, v.Name }).IsUnique();
        });
        modelBuilder.Entity<AnalysisRecord>(analysis =>
        {
            analysis.Property(a => a.CropHash).HasMaxLength(64);
            analysis.Property(a => a.Checkpoint).HasMaxLength(255);
            analysis.ComplexProperty(a => a.Decoding);
            analysis.HasIndex(a => a.CreatedAt);
            analysis.HasIndex(a => a.Status);
            analysis.HasIndex(a => a.CropHash);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

    private sealed class AsJson<T>() : ValueConverter<T, string>(
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Default), json => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Default)!);

    private sealed class SameJson<T>() : ValueComparer<T>(
        (a, b) => JsonSerializer.Serialize(a, JsonSerializerOptions.Default) == JsonSerializer.Serialize(b, JsonSerializerOptions.Default),
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Default).GetHashCode(StringComparison.Ordinal));
}
