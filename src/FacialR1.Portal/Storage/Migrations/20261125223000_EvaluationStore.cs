using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FacialR1.Portal.Storage.Migrations
{
    /// <inheritdoc />
    public partial class EvaluationStore : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Evaluations",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Model = table.Column<string>(type: "TEXT", nullable: false),
                    CheckpointSha256 = table.Column<string>(type: "TEXT", nullable: true),
                    Benchmark = table.Column<string>(type: "TEXT", nullable: false),
                    DataSha256 = table.Column<string>(type: "TEXT", nullable: false),
                    Header = table.Column<string>(type: "TEXT", nullable: false),
                    Parser = table.Column<string>(type: "TEXT", nullable: false),
                    Answered = table.Column<int>(type: "INTEGER", nullable: false),
                    IndexedBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Evaluations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EvaluationReports",
                columns: table => new
                {
                    EvaluationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Protocol = table.Column<string>(type: "TEXT", nullable: false),
                    Answered = table.Column<int>(type: "INTEGER", nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false)
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
                    EvaluationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Sample = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: true),
                    Emotion = table.Column<int>(type: "INTEGER", nullable: true),
                    Answer = table.Column<int>(type: "INTEGER", nullable: true),
                    IsRight = table.Column<bool>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<int>(type: "INTEGER", nullable: true),
                    LabelledUnits = table.Column<long>(type: "INTEGER", nullable: true),
                    ClaimedUnits = table.Column<long>(type: "INTEGER", nullable: false),
                    Mentions = table.Column<string>(type: "TEXT", nullable: false),
                    Hallucinated = table.Column<int>(type: "INTEGER", nullable: true),
                    Missed = table.Column<int>(type: "INTEGER", nullable: true),
                    Confidence = table.Column<double>(type: "REAL", nullable: true),
                    Tokens = table.Column<int>(type: "INTEGER", nullable: false),
                    FormatOk = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsTruncated = table.Column<bool>(type: "INTEGER", nullable: false),
                    Place = table.Column<long>(type: "INTEGER", nullable: false),
                    Length = table.Column<int>(type: "INTEGER", nullable: false)
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
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    EvaluationId = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false)
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
                name: "EvaluationSliceSamples",
                columns: table => new
                {
                    SliceId = table.Column<int>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false)
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "EvaluationReports");

            migrationBuilder.DropTable(
                name: "EvaluationSamples");

            migrationBuilder.DropTable(
                name: "EvaluationSliceSamples");

            migrationBuilder.DropTable(
                name: "EvaluationSlices");

            migrationBuilder.DropTable(
                name: "Evaluations");
        }
    }
}
