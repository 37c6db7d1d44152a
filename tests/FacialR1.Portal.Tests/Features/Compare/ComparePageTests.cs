using Bunit;
using FacialR1.Analysis.Statistics;
using FacialR1.Portal.Configuration;
using FacialR1.Portal.Features.Benchmarks;
using FacialR1.Portal.Features.Compare;
using FacialR1.Portal.Storage;
using FacialR1.Portal.Tests.Features.Training;
using Microsoft.AspNetCore.Components;

namespace FacialR1.Portal.Tests.Features.Compare;

public sealed class ComparePageTests : ComponentTest
{
    [Fact]
    public void Two_results_are_compared_on_the_same_samples_in_words()
    {
        var page = Open();
        Assert.Contains("+0.500", page.Markup, StringComparison.Ordinal);
        Assert.Contains($"n = {ComparedResults.Samples}", page.Markup, StringComparison.Ordinal);
        Assert.Contains("drawn/test: Made for a test.", page.Markup, StringComparison.Ordinal);   // what the labels are worth
        Assert.NotEmpty(page.FindAll(".change-better"));
        Assert.Equal((2, 4, 3), (page.FindAll(".outcome-flow .stage").Count, page.FindAll(".outcome-flow .node").Count, page.FindAll(".outcome-flow .ribbon").Count));
        Assert.DoesNotContain("<script>alert", page.Markup, StringComparison.Ordinal);   // a model's text is text
    }

    [Theory]
    [InlineData("change=fixed", 20)]
    [InlineData("change=broken", 0)]
    [InlineData("from=wrong&to=rightfortherightreasons", 20)]
    [InlineData("measure=emotion-accuracy&side=onlylater", 20)]
    [InlineData("measure=emotion-accuracy", 40)]
    [InlineData("unit=AU12&unitchange=gained", 40)]
    [InlineData("unit=AU6&unitchange=lost", 0)]
    [InlineData("q=s07", 1)]
    [InlineData("change=nonsense&page=-4&sort=99", 40)]
    public void Every_number_opens_the_samples_behind_it(string query, int samples) =>
        Assert.Contains($"{samples} of {ComparedResults.Samples} samples", Open(query).Markup, StringComparison.Ordinal);

    [Fact]
    public void Numbers_are_links_to_their_samples_and_back_to_all()
    {
        var page = Open();
        var gained = page.FindAll("a[aria-label='40 gained, AU12: show the samples']").Single();
        Service<NavigationManager>().NavigateTo(gained.GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Contains("40 of 40 samples: AU12 gained", page.Markup, StringComparison.Ordinal));
        Assert.Contains(page.FindAll("a"), link => link.TextContent == "show all");
    }

    [Fact]
    public async Task J_and_k_open_samples_and_turn_the_page()
    {
        var page = Open("sample=s24");
        Assert.Equal("s24", page.Find("tr.open th").TextContent.Trim());
        await page.InvokeAsync(() => page.Instance.Step(1));
        page.WaitForAssertion(() => Assert.Equal("s25", page.Find("tr.open th").TextContent.Trim()));
        Assert.Contains("page=2", Service<NavigationManager>().Uri, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Instance.Step(-1));
        page.WaitForAssertion(() => Assert.Equal("s24", page.Find("tr.open th").TextContent.Trim()));
        Assert.NotEmpty(page.FindAll(".sample-texts ins"));
        page.WaitForAssertion(() => Assert.Equal(["/benchmarks/early/samples/25", "/benchmarks/late/samples/25"], page.FindAll(".sample-head a").Select(link => link.GetAttribute("href"))));
    }

    [Fact]
    public void Chosen_columns_and_order_are_in_the_address()
    {
        var page = Open();
        page.FindAll(".column-chooser input").First(box => box.ParentElement!.TextContent.Contains("Words changed", StringComparison.Ordinal)).Change(true);
        page.WaitForAssertion(() => Assert.Contains("Words changed", page.Find("table.sample-table thead").TextContent, StringComparison.Ordinal));
        Assert.Contains("columns=label%2Canswer%2Cchange%2Cgain%2Cunitf1%2Ctext", Service<NavigationManager>().Uri, StringComparison.Ordinal);
        page.Find(".sample-tools select").Change("most gained first");
        page.WaitForAssertion(() => Assert.Equal("descending", page.FindAll("table.sample-table th[aria-sort]").Single().GetAttribute("aria-sort")));
        Assert.Equal("s10", page.Find("table.sample-table tbody th").TextContent.Trim());   // the first that was fixed
    }

    [Fact]
    public void A_view_is_saved_under_a_name_listed_and_deleted()
    {
        var page = Open("change=fixed");
        page.Find("#view-name").Change(" what was fixed ");
        page.Find(".save-view").Submit();
        page.WaitForAssertion(() => Assert.Equal("what was fixed", page.Find(".saved-views li a").TextContent));
        Assert.Equal("/compare?of=early&of=late&change=fixed", page.Find(".saved-views li a").GetAttribute("href"));
        page.Find(".saved-views li button").Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".saved-views li")));
        page.Find(".save-view").Submit();
        page.WaitForAssertion(() => Assert.Contains("Give the view a name", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Tests_that_disagree_are_called_borderline()
    {
        // The worked example: 12 fixed and 4 broken of 50, McNemar p 0.077, mid-p 0.049, interval without 0.
        ComparedResults.Write(Service<PortalPaths>(), "early", 0, samples: 50, isRight: index => index >= 12);
        ComparedResults.Write(Service<PortalPaths>(), "late", 0, samples: 50, isRight: index => index is < 12 or >= 16);
        Service<NavigationManager>().NavigateTo(ResultText.CompareLink(["early", "late"]));
        var page = Render<ComparePage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".measure-card")));
        var card = page.FindAll(".measure-card.change-borderline").First(card => card.TextContent.Contains("Emotion accuracy", StringComparison.Ordinal));
        Assert.Contains("Borderline, not established", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("p = 0.077, mid-p = 0.049", card.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_twenty_samples_it_is_too_few()
    {
        ComparedResults.Write(Service<PortalPaths>(), "early", right: 10, samples: 19);
        ComparedResults.Write(Service<PortalPaths>(), "late", right: 12, samples: 19);
        Service<NavigationManager>().NavigateTo(ResultText.CompareLink(["early", "late"]));
        var page = Render<ComparePage>();
        page.WaitForAssertion(() => Assert.Contains("Too few samples to compare (n = 19; at least 20 are needed).", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".difference-bar"));
        Assert.Empty(page.FindAll(".change-better"));
    }

    [Fact]
    public async Task Without_results_the_page_offers_to_choose_some_and_lists_saved_views()
    {
        await Service<SavedViewStore>().SaveAsync("compare", "mine", "of=early&of=late", CancellationToken.None);
        Service<NavigationManager>().NavigateTo("/compare");
        var page = Render<ComparePage>();
        page.WaitForAssertion(() => Assert.Equal("/compare?of=early&of=late", page.Find(".saved-views li a").GetAttribute("href")));
        Assert.Equal("/benchmarks", page.FindAll(".page-message a").Single().GetAttribute("href"));
        Assert.Empty(page.FindAll(".save-view"));   // there is nothing to save
    }

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        Service<NavigationManager>().NavigateTo("/compare?of=nothing");
        var page = Render<ComparePage>();
        page.WaitForAssertion(() => Assert.Contains("Choose two to 4 results", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Results_are_joined_with_the_curves_of_the_runs_that_made_them()
    {
        var paths = Service<PortalPaths>();
        new RunFolderWriter(paths.Runs, "first").Steps(20, step => [("loss", 1.0 / step)]).Event("validation", 20, "grpo", ("val_emotion_accuracy", 0.2));
        new RunFolderWriter(paths.Runs, "second").Steps(10, step => [("loss", 1.0 / step)]).Event("validation", 10, "grpo", ("val_emotion_accuracy", 0.6));
        foreach (var (name, run) in new[] { ("early", "first"), ("late", "second"), ("lost", "gone") })
        {
            Folder.AddCheckpoint(name);
            new FacialR1.Training.Stages.Lineage(name, "grpo", 0, null, run, [], []).Write(Path.Combine(paths.Checkpoints, name));
            ComparedResults.Write(paths, name, right: 20);
        }
        var trend = await Service<TrainingTrends>().OfAsync(["early", "late", "lost"], CancellationToken.None);
        Assert.Equal(["first", "second"], trend.Runs);
        Assert.Equal("lost: its run gone is not on this machine", Assert.Single(trend.Missing));
        var chart = trend.Charts.First(chart => chart.Title == "Emotion accuracy");
        Assert.Equal(["these results", "validation in first", "validation in second"], chart.Scene.Lines.Select(line => line.Label));
        Assert.Equal([20.0, 30.0], chart.Scene.Points.Select(point => point.X));   // the second run begins where the first ended
    }

    [Fact]
    public async Task A_comparison_is_worked_out_once_for_all_who_ask()
    {
        Write();
        var (first, second) = (Service<Comparisons>().OfAsync(["early", "late"], IntervalKind.Percentile), Service<Comparisons>().OfAsync(["early", "late"], IntervalKind.Percentile));
        Assert.Same(await first, await second);
        Assert.NotSame(await first, await Service<Comparisons>().OfAsync(["early", "late"], IntervalKind.Bca));
    }

    [Fact]
    public async Task A_view_of_the_same_name_is_replaced()
    {
        var store = Service<SavedViewStore>();
        await store.SaveAsync("compare", "a", "of=1", CancellationToken.None);
        await store.SaveAsync("compare", "a", "of=2", CancellationToken.None);
        await store.SaveAsync("other", "a", "of=3", CancellationToken.None);
        Assert.Equal("of=2", Assert.Single(await store.ListAsync("compare", CancellationToken.None)).Query);
        Assert.False(await store.DeleteAsync(Guid.NewGuid(), CancellationToken.None));
    }

    private void Write()
    {
        ComparedResults.Write(Service<PortalPaths>(), "early", right: 10);
        ComparedResults.Write(Service<PortalPaths>(), "late", right: 30, units: "AU6, AU12");
    }

    private IRenderedComponent<ComparePage> Open(string query = "")
    {
        Write();
        Service<NavigationManager>().NavigateTo(ResultText.CompareLink(["early", "late"]) + (query.Length > 0 ? "&" + query : ""));
        var page = Render<ComparePage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#samples")), TimeSpan.FromSeconds(20));
        return page;
    }
}
