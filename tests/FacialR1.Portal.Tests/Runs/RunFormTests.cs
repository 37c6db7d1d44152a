using System.CommandLine;
using FacialR1.Portal.Commands;
using FacialR1.Portal.Runs;

namespace FacialR1.Portal.Tests.Runs;

public sealed class RunFormTests
{
    private static readonly RunForm Supervised = RunForm.Of(TrainCommand.Create(), ["faces"], ["mini"], []).Single(form => form.Command == "sft");

    [Fact]
    public void The_form_offers_what_the_command_takes()
    {
        Assert.True(Supervised.Describes);
        Assert.DoesNotContain(Supervised.Fields, field => field.Option is "--run" or "--describe" or "--help");
        var data = Supervised.Fields.Single(field => field.Option == "--data");
        Assert.Equal((RunFieldKind.Choice, true), (data.Kind, data.IsRequired));
        Assert.Equal(["faces"], data.Choices);
        var seed = Supervised.Fields.Single(field => field.Option == "--seed");
        Assert.Equal((RunFieldKind.Integer, "11", "Seed"), (seed.Kind, seed.Default, seed.Label));
    }

    [Fact]
    public void Options_that_take_any_path_are_not_offered_and_nested_commands_are()
    {
        var train = new Command("train") { new Command("recipe") { new Command("mini", "All stages.") { new Option<FileInfo>("--secret"), new Option<double>("--beta"), new Option<bool>("--quiet") } } };
        var form = Assert.Single(RunForm.Of(train, [], [], []));
        Assert.Equal("recipe mini", form.Command);
        Assert.Equal([RunFieldKind.Number, RunFieldKind.Switch], form.Fields.Select(field => field.Kind));
        Assert.Equal(["recipe", "mini", "--beta=0.04", "--quiet"], form.Arguments(new Dictionary<string, string> { ["--beta"] = "0.04", ["--quiet"] = "true" }, (_, value) => value));
    }

    [Fact]
    public void Values_stay_values_whatever_they_look_like()
    {
        var train = new Command("train") { new Command("x", "") { new Option<string>("--note") } };
        var form = Assert.Single(RunForm.Of(train, [], [], []));
        var arguments = form.Arguments(new Dictionary<string, string> { ["--note"] = "--run=/etc; rm -rf $HOME @file" }, (_, value) => value);
        Assert.Equal(["x", "--note=--run=/etc; rm -rf $HOME @file"], arguments);
    }

    [Theory]
    [InlineData("--seed", "eleven", "Seed takes a whole number")]
    [InlineData("--data", "/etc", "Data is one of faces")]
    [InlineData("--data", "", "Data is needed")]
    [InlineData("--run", "/tmp", "--run is no option")]
    public void What_is_wrong_is_said(string option, string value, string message)
    {
        var options = new Dictionary<string, string> { ["--data"] = "faces", [option] = value };
        var error = Assert.Throws<RunFormException>(() => Supervised.Arguments(options, (_, given) => given));
        Assert.Contains(message, Assert.Single(error.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_stage_can_be_started_from_a_form_that_tells_beforehand_what_it_would_do() =>
        Assert.Equal(["sft", "teacher", "tower", "base", "few", "grpo", "writer", "synthesis", "recipe mini"], RunForm.Of(TrainCommand.Create(), [], [], []).Where(form => form.Describes).Select(form => form.Command));

    [Fact]
    public void Every_preset_of_every_stage_is_taken_by_its_command()
    {
        var forms = RunForm.Of(TrainCommand.Create(), ["faces"], ["mini-sft"], ["written"]).Where(form => form.Describes).ToList();
        var presets = RunPreset.Of(forms);
        Assert.Equal(["Usual", "Trial"], presets.Where(preset => preset.Command == "sft").Select(preset => preset.Name));
        Assert.All(forms, form => Assert.True(presets.Count(preset => preset.Command == form.Command) > 1, form.Command));
        foreach (var preset in presets)
        {
            var form = forms.Single(form => form.Command == preset.Command);
            var options = form.Fields.Where(field => field.IsRequired).ToDictionary(field => field.Option, field => field.Choices[0]);
            foreach (var (option, value) in preset.Options) options[option] = value;
            var arguments = form.Arguments(options, (_, value) => value);
            Assert.Empty(PortalCommandLine.Parse(["train", .. arguments, "--run=there"]).Errors);
        }
    }
}
