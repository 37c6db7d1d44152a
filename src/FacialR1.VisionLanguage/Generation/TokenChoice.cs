namespace FacialR1.VisionLanguage.Generation;

/// <summary>The token an answer goes on with.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">
/// Its natural log-probability under the model itself: softmax of the plain logits, before penalty, temperature and cut-offs.
/// </param>
public readonly record struct TokenChoice(int Id, double LogProbability);
