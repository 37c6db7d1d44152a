using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace FacialR1.Portal.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class InitialPortal : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Acknowledgements",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    AcceptedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Acknowledgements", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Evaluations",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Model = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    CheckpointSha256 = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Benchmark = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    DataSha256 = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Header = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Parser = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Answered = table.Column<int>(type: "integer", nullable: false),
                    IndexedBytes = table.Column<long>(type: "bigint", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Evaluations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Photos",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    BatchId = table.Column<Guid>(type: "uuid", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    OriginalName = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    Width = table.Column<int>(type: "integer", nullable: false),
                    Height = table.Column<int>(type: "integer", nullable: false),
                    UploadedAt = table.Column<long>(type: "bigint", nullable: false),
                    Faces = table.Column<string>(type: "text", nullable: false),
                    LegalBasis = table.Column<string>(type: "text", nullable: false),
                    Credit = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Photos", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SavedViews",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Page = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, collation: "C"),
                    Query = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false, collation: "C"),
                    SavedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedViews", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_Page_Name",
                table: "SavedViews",
                columns: new[] { "Page", "Name" },
                unique: true);

            migrationBuilder.CreateTable(
                name: "EvaluationReports",
                columns: table => new
                {
                    EvaluationId = table.Column<int>(type: "integer", nullable: false),
                    Protocol = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Answered = table.Column<int>(type: "integer", nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EvaluationReports", x => new { x.EvaluationId, x.Protocol });
                    table.ForeignKey(
                        name: "FK_EvaluationReports_Evaluations_EvaluationId",
                        column: x => x.EvaluationId,
                        principalTable: "Evaluations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "EvaluationSamples",
                columns: table => new
                {
                    EvaluationId = table.Column<int>(type: "integer", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Sample = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Subject = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Emotion = table.Column<int>(type: "integer", nullable: true),
                    Answer = table.Column<int>(type: "integer", nullable: true),
                    IsRight = table.Column<bool>(type: "boolean", nullable: true),
                    Outcome = table.Column<int>(type: "integer", nullable: true),
                    LabelledUnits = table.Column<long>(type: "bigint", nullable: true),
                    ClaimedUnits = table.Column<long>(type: "bigint", nullable: false),
                    Mentions = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Hallucinated = table.Column<int>(type: "integer", nullable: true),
                    Missed = table.Column<int>(type: "integer", nullable: true),
                    Confidence = table.Column<double>(type: "double precision", nullable: true),
                    Tokens = table.Column<int>(type: "integer", nullable: false),
                    FormatOk = table.Column<bool>(type: "boolean", nullable: false),
                    IsTruncated = table.Column<bool>(type: "boolean", nullable: false),
                    Place = table.Column<long>(type: "bigint", nullable: false),
                    Length = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EvaluationSamples", x => new { x.EvaluationId, x.Number });
                    table.ForeignKey(
                        name: "FK_EvaluationSamples_Evaluations_EvaluationId",
                        column: x => x.EvaluationId,
                        principalTable: "Evaluations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "EvaluationSlices",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    EvaluationId = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Value = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EvaluationSlices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_EvaluationSlices_Evaluations_EvaluationId",
                        column: x => x.EvaluationId,
                        principalTable: "Evaluations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Analyses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PhotoId = table.Column<Guid>(type: "uuid", nullable: false),
                    FaceIndex = table.Column<int>(type: "integer", nullable: true),
                    Crop = table.Column<string>(type: "text", nullable: false),
                    CropHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    Checkpoint = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false, collation: "C"),
                    Status = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true),
                    Text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Emotion = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ActionUnits = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    FormatOk = table.Column<bool>(type: "boolean", nullable: true),
                    EmotionProbabilities = table.Column<string>(type: "text", nullable: false),
                    StopReason = table.Column<string>(type: "text", nullable: true),
                    PromptTokens = table.Column<int>(type: "integer", nullable: false),
                    Tokens = table.Column<int>(type: "integer", nullable: false),
                    SecondsToFirstToken = table.Column<double>(type: "double precision", nullable: true),
                    Seconds = table.Column<double>(type: "double precision", nullable: true),
                    Problem = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Decoding_MaxTokens = table.Column<int>(type: "integer", nullable: false),
                    Decoding_MinTokens = table.Column<int>(type: "integer", nullable: false),
                    Decoding_RepetitionPenalty = table.Column<double>(type: "double precision", nullable: false),
                    Decoding_Seed = table.Column<long>(type: "bigint", nullable: false),
                    Decoding_Temperature = table.Column<double>(type: "double precision", nullable: false),
                    Decoding_TopK = table.Column<int>(type: "integer", nullable: false),
                    Decoding_TopP = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Analyses", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Analyses_Photos_PhotoId",
                        column: x => x.PhotoId,
                        principalTable: "Photos",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "EvaluationSliceSamples",
                columns: table => new
                {
                    SliceId = table.Column<int>(type: "integer", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EvaluationSliceSamples", x => new { x.SliceId, x.Number });
                    table.ForeignKey(
                        name: "FK_EvaluationSliceSamples_EvaluationSlices_SliceId",
                        column: x => x.SliceId,
                        principalTable: "EvaluationSlices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Analyses_CreatedAt",
                table: "Analyses",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Analyses_CropHash",
                table: "Analyses",
                column: "CropHash");

            migrationBuilder.CreateIndex(
                name: "IX_Analyses_PhotoId",
                table: "Analyses",
                column: "PhotoId");

            migrationBuilder.CreateIndex(
                name: "IX_Analyses_Status",
                table: "Analyses",
                column: "Status");

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Confidence_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Confidence", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Emotion_Answer_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Emotion", "Answer", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Hallucinated_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Hallucinated", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_IsRight_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "IsRight", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_LabelledUnits_ClaimedUnits",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "LabelledUnits", "ClaimedUnits" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Outcome_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Outcome", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Sample",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Sample" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Subject_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Subject", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSamples_EvaluationId_Tokens_Number",
                table: "EvaluationSamples",
                columns: new[] { "EvaluationId", "Tokens", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_EvaluationSlices_EvaluationId_Name_Value",
                table: "EvaluationSlices",
                columns: new[] { "EvaluationId", "Name", "Value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Evaluations_Name",
                table: "Evaluations",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Photos_BatchId",
                table: "Photos",
                column: "BatchId");

            migrationBuilder.CreateIndex(
                name: "IX_Photos_Hash",
                table: "Photos",
                column: "Hash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Acknowledgements");

            migrationBuilder.DropTable(
                name: "Analyses");

            migrationBuilder.DropTable(
                name: "EvaluationReports");

            migrationBuilder.DropTable(
                name: "SavedViews");

            migrationBuilder.DropTable(
                name: "EvaluationSamples");

            migrationBuilder.DropTable(
                name: "EvaluationSliceSamples");

            migrationBuilder.DropTable(
                name: "Photos");

            migrationBuilder.DropTable(
                name: "EvaluationSlices");

            migrationBuilder.DropTable(
                name: "Evaluations");
        }
    }
}
