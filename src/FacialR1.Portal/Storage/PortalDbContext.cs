using System.Text.Json;
using FacialR1.Analysis.Facs;
using FacialR1.Portal.Storage.Evaluations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FacialR1.Portal.Storage;

/// <summary>The portal's rows. Used only by the stores of this folder, one short-lived context per operation.</summary>
public class PortalDbContext : DbContext
{
    public PortalDbContext(DbContextOptions<PortalDbContext> options) : base(options)
    {
    }

    /// <summary>For the same rows on another database.</summary>
    protected PortalDbContext(DbContextOptions options) : base(options)
    {
    }

    public DbSet<PhotoRecord> Photos => Set<PhotoRecord>();
    public DbSet<AnalysisRecord> Analyses => Set<AnalysisRecord>();
    public DbSet<AcknowledgementRecord> Acknowledgements => Set<AcknowledgementRecord>();
    public DbSet<SavedViewRecord> SavedViews => Set<SavedViewRecord>();

    public DbSet<EvaluationRecord> Evaluations => Set<EvaluationRecord>();
    public DbSet<EvaluationSampleRecord> EvaluationSamples => Set<EvaluationSampleRecord>();
    public DbSet<EvaluationSliceRecord> EvaluationSlices => Set<EvaluationSliceRecord>();
    public DbSet<EvaluationSliceSampleRecord> EvaluationSliceSamples => Set<EvaluationSliceSampleRecord>();
    public DbSet<EvaluationReportRecord> EvaluationReports => Set<EvaluationReportRecord>();

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
        modelBuilder.Entity<EvaluationRecord>(evaluation => evaluation.HasIndex(e => e.Name).IsUnique());
        modelBuilder.Entity<EvaluationSampleRecord>(sample =>
        {
            sample.HasKey(s => new { s.EvaluationId, s.Number });
            // One index per column that the pages filter or sort by; the number at the end makes an order complete.
            sample.HasIndex(s => new { s.EvaluationId, s.Sample });
            sample.HasIndex(s => new { s.EvaluationId, s.Subject, s.Number });
            sample.HasIndex(s => new { s.EvaluationId, s.Emotion, s.Answer, s.Number });
            sample.HasIndex(s => new { s.EvaluationId, s.IsRight, s.Number });
            sample.HasIndex(s => new { s.EvaluationId, s.LabelledUnits, s.ClaimedUnits });
            sample.HasIndex(s => new { s.EvaluationId, s.Outcome, s.Number });
            sample.HasIndex(s => new { s.EvaluationId, s.Hallucinated, s.Number });
            sample.HasIndex(s => new { s.EvaluationId, s.Confidence, s.Number });
            sample.HasIndex(s => new { s.EvaluationId, s.Tokens, s.Number });
            sample.HasOne<EvaluationRecord>().WithMany().HasForeignKey(s => s.EvaluationId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<EvaluationSliceRecord>(slice =>
        {
            slice.HasIndex(s => new { s.EvaluationId, s.Name, s.Value }).IsUnique();
            slice.HasOne<EvaluationRecord>().WithMany().HasForeignKey(s => s.EvaluationId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<EvaluationSliceSampleRecord>(member =>
        {
            member.HasKey(m => new { m.SliceId, m.Number });
            member.HasOne<EvaluationSliceRecord>().WithMany().HasForeignKey(m => m.SliceId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<EvaluationReportRecord>(report =>
        {
            report.HasKey(r => new { r.EvaluationId, r.Protocol });
            report.HasOne<EvaluationRecord>().WithMany().HasForeignKey(r => r.EvaluationId).OnDelete(DeleteBehavior.Cascade);
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
