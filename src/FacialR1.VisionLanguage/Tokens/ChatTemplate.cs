namespace FacialR1.VisionLanguage.Tokens;

/// <summary>Writes a question about images the way the Qwen2.5-VL family was trained to read it.</summary>
/// <remarks>
/// <code>
/// &lt;|im_start|&gt;system⏎…&lt;|im_end|&gt;⏎
/// &lt;|im_start|&gt;user⏎&lt;|vision_start|&gt;&lt;|image_pad|&gt;×n&lt;|vision_end|&gt;question&lt;|im_end|&gt;⏎
/// &lt;|im_start|&gt;assistant⏎
/// </code>
/// The image pad is repeated once per visual token (grid t·h·w / 4). Texts are read with special tokens not recognised: only the template places those.
/// </remarks>
public sealed class ChatTemplate
{
    public const string DefaultSystemText = "You are a helpful assistant.";

    /// <summary>The same template for other tools (the pad written once; their processors widen it).</summary>
    public const string Jinja =
        "{% for message in messages %}" +
        "{% if loop.first and message.role != 'system' %}<|im_start|>system\n" + DefaultSystemText + "<|im_end|>\n{% endif %}" +
        "<|im_start|>{{ message.role }}\n" +
        "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}" +
        "{% if part.type == 'image' or 'image' in part or 'image_url' in part %}<|vision_start|><|image_pad|><|vision_end|>" +
        "{% elif 'text' in part %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n" +
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private readonly Tokenizer tokenizer;
    private readonly int turnStart, turnEnd, visionStart, visionEnd, imagePad;
    private readonly string systemText;

    /// <exception cref="KeyNotFoundException">The tokenizer lacks one of the five tokens the template places.</exception>
    public ChatTemplate(Tokenizer tokenizer, string systemText = DefaultSystemText)
    {
        this.tokenizer = tokenizer;
        this.systemText = systemText;
        turnStart = tokenizer.IdOf(QwenTokens.TurnStart);
        turnEnd = tokenizer.IdOf(QwenTokens.TurnEnd);
        visionStart = tokenizer.IdOf(QwenTokens.VisionStart);
        visionEnd = tokenizer.IdOf(QwenTokens.VisionEnd);
        imagePad = tokenizer.IdOf(QwenTokens.ImagePad);
    }

    /// <summary>A question about images, ready for the model to answer.</summary>
    /// <param name="question">Follows the images.</param>
    /// <param name="visualTokens">For each image, how many visual tokens it becomes.</param>
    /// <exception cref="ArgumentOutOfRangeException">An image has no visual token.</exception>
    public ChatPrompt Prompt(string question, params IReadOnlyList<int> visualTokens)
    {
        var turn = new TurnWriter(tokenizer);
        turn.Token(turnStart).Text("system\n" + systemText).Token(turnEnd).Text("\n");
        turn.Token(turnStart).Text("user\n");
        foreach (var count in visualTokens)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(visualTokens));
            turn.Token(visionStart).Token(imagePad, count).Token(visionEnd);
        }
        turn.Text(question).Token(turnEnd).Text("\n");
        turn.Token(turnStart).Text("assistant\n");

        var ids = turn.Finish();
        return new ChatPrompt(ids, ids.Count);
    }

    /// <summary>The prompt with its answer and the end of the turn, to learn from: the loss counts from <see cref="ChatPrompt.ResponseStart"/> on.</summary>
    public ChatPrompt WithResponse(ChatPrompt prompt, string response) => prompt with { Ids = [.. prompt.Ids, .. tokenizer.Encode(response, allowSpecial: false), turnEnd] };

    /// <summary>Collects ids; neighbouring texts are encoded as one, because words and line ends merge across them.</summary>
    private sealed class TurnWriter(Tokenizer tokenizer)
    {
        private readonly List<int> ids = [];
        private string pending = "";

        public TurnWriter Text(string text)
        {
            pending += text;
            return this;
        }

        public TurnWriter Token(int id, int count = 1)
        {
            EncodePending();
            ids.AddRange(Enumerable.Repeat(id, count));
            return this;
        }

        public List<int> Finish()
        {
            EncodePending();
            return ids;
        }

        private void EncodePending()
        {
            ids.AddRange(tokenizer.Encode(pending, allowSpecial: false));
            pending = "";
        }
    }
}

/// <summary>The ids of a conversation.</summary>
/// <param name="Ids">All of them.</param>
/// <param name="ResponseStart">Index of the first id of the model's answer; the length of <paramref name="Ids"/> where the answer is still to come.</param>
public sealed record ChatPrompt(IReadOnlyList<int> Ids, int ResponseStart);
