namespace FacialR1.VisionLanguage.Tokens;

/// <summary>What a tokenizer.json says, before it is made ready for use.</summary>
/// <param name="Vocabulary">Byte-level token text to id.</param>
/// <param name="Merges">Pairs of token texts, first learned first.</param>
/// <param name="Pattern">The pre-token expression.</param>
/// <param name="Normalizes">Whether text is brought to Normalization Form C first.</param>
internal sealed record TokenizerDefinition(
    IReadOnlyDictionary<string, int> Vocabulary,
    IReadOnlyList<(string Left, string Right)> Merges,
    string Pattern,
    bool Normalizes,
    IReadOnlyList<AddedToken> AddedTokens);
