using System.Globalization;
using System.Text.RegularExpressions;
using Penstock.Runtime.Tests.Windows;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>A user explores crashes of the user's own pipeline.</summary>
public class ExploreCrashesTests
{
    private static readonly Click[] Clicks =
        [.. Enumerable
            .Range(0, 60)
            .Select(static index => new Click($"u{index * 7 % 5}", WindowTests.Start(index / 2d).UtcDateTime, index % 4))];

    [Fact]
    public void A_pipeline_that_keeps_its_state_commits_the_same_after_crashes_before_every_kind_of_step()
    {
        using var test = PipelineTest.For<WidePipeline>();
        var report = test.ExploreCrashes(Clicks, seeds: 100);
        Assert.Equal(100, report.Seeds);
        Assert.InRange(report.Crashes.Values.Sum(), 100, 300);
        string[] kinds = [
            "subtask # of Clicks: Pump",
            "subtask # of Users: Batch",
            "subtask # of Counts: Batch",
            "commit checkpoint # of Counts",
            "leave the commit of checkpoint # of Users",
            "prepare checkpoint # of Running",
            "an asynchronous method goes on",
            "open /checkpoints/#.state"
        ];
        Assert.All(kinds, kind => Assert.True(report.Crashes.ContainsKey(kind), $"no crash before: {kind}\n{report}"));
        Assert.Contains("\n  ", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_are_those_of_the_runs_with_crashes()
    {
        var (first, second, both) = (StepsOf(1, 1), StepsOf(2, 1), StepsOf(1, 2));
        Assert.Equal(both, first + second);

        static long StepsOf(int firstSeed, int seeds)
        {
            using var test = PipelineTest.For<WidePipeline>();
            return test.ExploreCrashes(Clicks, seeds, firstSeed).Steps;
        }
    }

    [Fact]
    public void Streams_whose_names_differ_in_a_digit_have_kinds_of_steps_of_their_own()
    {
        using var test = PipelineTest.For<NumberedPipeline>();
        var report = test.ExploreCrashes(Clicks, seeds: 120);
        string[] kinds = [
            "commit checkpoint # of Counts1",
            "commit checkpoint # of Counts2",
            "subtask # of Counts1: Batch",
            "subtask # of Counts2: Batch"
        ];
        Assert.All(kinds, kind => Assert.True(report.Crashes.ContainsKey(kind), $"no crash before: {kind}\n{report}"));
    }

    [Fact]
    public void What_an_operator_keeps_outside_of_its_state_is_found_with_seed_and_story()
    {
        using var test = PipelineTest.For<ForgetfulPipeline>();
        var error = Assert.Throws<CrashDifferenceException>(() => test.ExploreCrashes(Clicks));
        Assert.StartsWith("Seed ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Stream 'Running': ", error.Message, StringComparison.Ordinal);
        Assert.Contains("missing: { User = \"u", error.Message, StringComparison.Ordinal);
        Assert.Contains("It crashes, parallelism ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Process 2 starts from the newest checkpoint.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Process 3 ", error.Message, StringComparison.Ordinal);

        // The count is only wrong if a user has at least two rows.
        var sent = int.Parse(
            Regex.Match(error.Message, "of 60 inputs the first ([0-9]+) are sent").Groups[1].Value,
            CultureInfo.InvariantCulture);
        Assert.InRange(sent, 2, 40);
        var seed = int.Parse(Regex.Match(error.Message, "^Seed ([0-9]+):").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(
            error.Message,
            Assert.Throws<CrashDifferenceException>(() => test.ExploreCrashes(Clicks, seeds: 1, firstSeed: seed)).Message);
    }

    [Fact]
    public void Less_input_with_which_the_pipeline_has_no_end_is_another_problem()
    {
        using var test = PipelineTest.For<LonelyPipeline>(static options => options.Restart.MaxFailuresPerRow = 0);

        // A run that comes to its end takes far fewer steps; each one that does not takes them all.
        test.MaxSteps = 20_000;
        var error = Assert.Throws<CrashDifferenceException>(() =>
            test.ExploreCrashes([.. Clicks.Take(8).Select(static click => click with { User = "ann" })]));
        Assert.Contains("Stream 'Running': ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the first 1 are sent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_goes_through_the_reader_and_each_source_gets_what_is_sent_to_it()
    {
        using var test = PipelineTest.For<ClicksPipeline>(splitsPerSource: 2);
        var report = test.ExploreCrashes(
            static input =>
            {
                input.SendText(nameof(ClicksPipeline.Clicks), "user,at,value\nann,2013-01-01T00:00:00,1\nann,2013-01-01T00:00:30,2\n");
                input.Send(nameof(ClicksPipeline.Clicks), Clicks, split: 1);
            },
            seeds: 20);
        Assert.Equal(20, report.Seeds);

        // Without rows from the text there would be nothing to compare.
        test.ExploreCrashes(
            static input => input.SendText(nameof(ClicksPipeline.Clicks), "user,at,value\nann,2013-01-01T00:00:00,1\n"),
            seeds: 3);
        Assert.Contains(
            "commits no row",
            Assert.Throws<ArgumentException>(() =>
                test.ExploreCrashes(static input => input.SendText(nameof(ClicksPipeline.Clicks), "user,at,value\n"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Input_that_does_not_fit_is_refused()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        Assert.Contains(
            "No source of the pipeline has rows of type Running",
            Assert.Throws<ArgumentException>(() => test.ExploreCrashes(new[] { new Running("ann", 1) })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => test.ExploreCrashes(static input => input.Send("Nothing", Clicks)));
        Assert.Throws<ArgumentException>(() =>
            test.ExploreCrashes(static input => input.Send(nameof(ClicksPipeline.Clicks), Clicks, split: 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => test.ExploreCrashes(Clicks, seeds: 0));
    }
}

/// <summary>Two windows over two keys.</summary>
[Pipeline]
public sealed partial class NumberedPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountClicks>(nameof(Clicks))]
    [FileSink("counts1.csv")]
    public partial Stream<UserClicks> Counts1 { get; }

    [Apply<CountUsers>(nameof(Counts1))]
    [FileSink("counts2.csv")]
    public partial Stream<UserClicks> Counts2 { get; }
}

/// <summary>Counts in a field, which no checkpoint saves.</summary>
[Pipeline]
public sealed partial class ForgetfulPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountForgetfully>(nameof(Clicks))]
    [FileSink("running.csv")]
    public partial Stream<Running> Running { get; }
}

/// <summary>Counts in a field, and fails repeatedly if a user has one click.</summary>
[Pipeline]
public sealed partial class LonelyPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountForgetfully>(nameof(Clicks))]
    [FileSink("running.csv")]
    public partial Stream<Running> Running { get; }

    [Apply<CountCompany>(nameof(Clicks))]
    [FileSink("company.csv")]
    public partial Stream<Running> Company { get; }
}

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("1h")]
public sealed partial class CountCompany
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Fire]
    private Running Close(in Window<string> window) =>
        Count > 1 ? new Running(window.Key, Count) : throw new InvalidOperationException("One is alone.");
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountForgetfully
{
#pragma warning disable PEN305 // The difference that the test finds.
    private readonly Dictionary<string, int> _counts = [];
#pragma warning restore PEN305

    [Process]
    private void OnClick(in Click click, ref Output<Running> output) =>
        output.Emit(new Running(click.User, _counts[click.User] = _counts.GetValueOrDefault(click.User) + 1));
}
