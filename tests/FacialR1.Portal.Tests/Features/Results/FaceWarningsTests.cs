using System.Text.Json;
using Bunit;
using FacialR1.Analysis.Faces;
using FacialR1.Portal.Features.Results;
using FacialR1.Portal.Storage;

namespace FacialR1.Portal.Tests.Features.Results;

public sealed class FaceWarningsTests : ComponentTest
{
    [Fact]
    public void Each_warning_says_what_was_seen_and_what_to_do()
    {
        var shown = Render<FaceWarnings>(parameters => parameters.Add(view => view.Warnings, [new(FaceProblem.Dark, 20, 76), new(FaceProblem.TurnedAway, 0.4, 0.3)]));

        Assert.Equal("About this face", shown.Find("[role=note]").GetAttribute("aria-label"));
        Assert.Equal(2, shown.FindAll("li").Count);
        Assert.Contains("The face is dark: no part of it is lit. Use a photo with light on the face", shown.Find("li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_shown_for_a_face_without_problems() =>
        Assert.Empty(Render<FaceWarnings>(parameters => parameters.Add(view => view.Warnings, [])).Markup.Trim());

    [Fact]
    public void A_face_stored_before_heads_were_turned_upright_is_upright()
    {
        var stored = JsonSerializer.Deserialize<FaceArea>("""{"box":{"x":1,"y":2,"width":3,"height":4},"crop":{"x":0,"y":0,"width":8,"height":8},"score":0.9}""", JsonSerializerOptions.Web)!;
        Assert.Equal(0, stored.Frame.Degrees);
        var tilted = stored with { Tilt = 24.5 };
        Assert.Equal(tilted, JsonSerializer.Deserialize<FaceArea>(JsonSerializer.Serialize(tilted, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }
}
