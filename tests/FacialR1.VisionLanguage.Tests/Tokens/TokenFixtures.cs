using FacialR1.VisionLanguage.Tokens;

namespace FacialR1.VisionLanguage.Tests.Tokens;

/// <summary>The files and the small tokenizer these tests share.</summary>
internal static class TokenFixtures
{
    public static string[] Sentences { get; } =
    [
        "<think>The lip corners are pulled up (AU12) and the cheeks are raised (AU6), which together imply happiness.</think><answer>happiness</answer>",
        "<think>The brows are lowered (AU4) and the lids are tightened (AU7), which together imply anger.</think><answer>anger</answer>",
        "<think>The inner brows are raised (AU1) and the lip corners are pulled down (AU15), which imply sadness.</think><answer>sadness</answer>",
        "<think>The upper lids are raised (AU5), the lips part (AU25) and the jaw drops (AU26), which imply surprise.</think><answer>surprise</answer>",
        "You are a helpful assistant. What emotion does the face show? Name the action units in parentheses.",
    ];

    private static readonly Lazy<Tokenizer> SmallTokenizer = new(() => TokenizerTrainer.Train(Sentences, 400));

    private static readonly Lazy<Tokenizer?> QwenTokenizer = new(() => FindQwenFolder() is { } folder ? Tokenizer.Load(folder) : null);

    public static Tokenizer Small => SmallTokenizer.Value;

    /// <summary>The real tokenizer; the test is skipped where its 7 MB are not at hand.</summary>
    public static Tokenizer Qwen
    {
        get
        {
            Skip.If(QwenTokenizer.Value is null, "No Qwen2.5 tokenizer: set FACIALR1_QWEN_TOKENIZER to a folder with its tokenizer.json.");
            return QwenTokenizer.Value!;
        }
    }

    public static IEnumerable<string> Lines(string name) =>
        File.ReadLines(Path.Combine(RepositoryRoot, "tests", "FacialR1.VisionLanguage.Tests", "Tokens", name)).Where(line => !line.StartsWith('#'));

    private static string RepositoryRoot { get; } = FindRepositoryRoot();

    private static string? FindQwenFolder()
    {
        var candidates = new[]
        {
            Environment.GetEnvironmentVariable("FACIALR1_QWEN_TOKENIZER"),
            Path.Combine(RepositoryRoot, "..", "shared", "data", "qwen2.5-tokenizer"),
        };
        return candidates.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, "tokenizer.json")));
    }

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FacialR1.Portal.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No FacialR1.Portal.sln above '{AppContext.BaseDirectory}'.");
    }
}
