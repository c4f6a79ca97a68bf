using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Time;

/// <summary>Rows whose event time is null: they fail, are skipped, or are a stream of their own, and never get a time.</summary>
public sealed class UntimedTests
{
    private const long Start = 1_000_000_000_000_000;
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 3)]
    [InlineData(3, 16)]
    public void They_are_a_stream_of_their_own(int parallelism, int batch)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var beeps = Rows(new Random(seed));
            using var test = PipelineTest.For<BeepsAside>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
            test.SendText(nameof(BeepsAside.Beeps), Csv(beeps));
            test.End(nameof(BeepsAside.Beeps));
            Assert.Equal(
                beeps.Where(static beep => beep.At == null),
                test.Read<Beep>(nameof(BeepsAside.Untimed)));
            Assert.Equal(Windows(beeps), test.Read<Ticks>(nameof(BeepsAside.Counts)).OrderBy(static window => window.ToString()));
            Assert.Equal(LateOf(beeps).Order(), test.Read<Beep>(nameof(BeepsAside.Late)).Select(static beep => beep.Value).Order());
            Assert.Equal(
                beeps.Where(static beep => beep.At == null).GroupBy(static beep => beep.User)
                    .Select(static user => new Missing(user.Key, user.Count()))
                    .OrderBy(static user => user.User),
                test.Read<Missing>(nameof(BeepsAside.MissingTimes)).GroupBy(static row => row.User)
                    .Select(static user => user.MaxBy(static row => row.Count))
                    .OrderBy(static user => user.User));
            Assert.Equal(beeps.Count(static beep => beep.At == null), test.Counters.Untimed);
            Assert.Equal(0, test.Counters.Bad);
        }
    }

    [Fact]
    public void Crashes_change_nothing_of_it()
    {
        using var test = PipelineTest.For<BeepsAside>();
        test.ExploreCrashes(
            static input => input.SendText(nameof(BeepsAside.Beeps), Csv(Rows(new Random(3)))),
            seeds: 40);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void A_source_that_hands_over_whole_rows_has_them_too(int batch)
    {
        using var test = PipelineTest.For<BeepsAside>(options => options.BatchSize = batch);
        test.Send(
            nameof(BeepsAside.Beeps),
            new Beep("ann", null, 1),
            new Beep("ann", Start, 2),
            new Beep("bob", long.MaxValue, 3),
            new Beep("bob", null, 4),
            new Beep("ann", long.MinValue, 5),
            new Beep("ann", Start + 10 * Second, 6));
        Assert.Equal([1, 4], test.Read<Beep>(nameof(BeepsAside.Untimed)).Select(static beep => beep.Value));
        Assert.Equal([new Ticks("ann", Start, 1)], test.Read<Ticks>(nameof(BeepsAside.Counts)));

        // A number that is out of range is not null, even if it is the smallest one.
        Assert.Equal(
            ["row 2 of the test", "row 4 of the test"],
            test.Read<BadRow>(nameof(BeepsAside.Bad)).Select(static row => row.Source));
        Assert.Equal((2, 2), (test.Counters.Untimed, test.Counters.Bad));
    }

    [Fact]
    public void Skipped_ones_are_counted()
    {
        using var test = PipelineTest.For<BeepsSkipped>();
        test.SendText(
            nameof(BeepsSkipped.Beeps),
            $$"""
            {"user":"ann","at":{{Start}},"value":1}
            {"user":"ann","at":null,"value":2}
            {"user":"ann","value":3}
            {"user":"ann","at":{{Start + 1}},"value":4}

            """);
        test.End(nameof(BeepsSkipped.Beeps));
        Assert.Equal([new Ticks("ann", Start, 2)], test.Read<Ticks>(nameof(BeepsSkipped.Counts)));
        Assert.Equal(2, test.Counters.Untimed);
    }

    [Fact]
    public void One_of_them_fails_the_pipeline_and_the_error_says_where()
    {
        using var test = PipelineTest.For<ChimesTimed>(static options => options.IncludeRowText = true);
        var error = Assert.Throws<PipelineException>(() =>
            test.SendText(nameof(ChimesTimed.Chimes), "user,at\nann,2024-01-01T00:00:00Z\nbob,\n"));
        Assert.StartsWith("PSR308: Pipeline 'ChimesTimed', source 'Chimes': ", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "source 'Chimes': row 1 of the test: the event time 'at' is null. The row: Chime { User = bob, At =  }.\nCorrect the row, or set "
                + "OnNull",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_without_event_time_fails_the_pipeline_and_the_error_says_which()
    {
        using var test = PipelineTest.For<LettersTimed>();
        var error = Assert.Throws<PipelineException>(() => test.SendMessages(
            nameof(LettersTimed.Chimes),
            new TestMessage("{\"user\":\"ann\",\"at\":\"2024-01-01T00:00:00Z\"}"),
            new TestMessage("{\"user\":\"bob\",\"at\":null}")));
        Assert.Contains("source 'Chimes': row 1 of the test: the event time 'at' is null.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_that_fails_at_one_of_them_names_its_line()
    {
        using var test = PipelineTest.For<BeepsAside>();
        var error = Assert.Throws<OperatorException>(() =>
            test.SendText(nameof(BeepsAside.Beeps), $"user,at,value\nann,{Start},1\nann,,2\nann,{Start + 1},3\nbob,,13\nann,,4\n"));
        Assert.Contains(
            "operator 'Picked' (Penstock.Runtime.Tests.Time.Picky) failed ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "at row 3 of the test, subtask 0 of task 'Beeps': InvalidOperationException: It is 13.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public async Task The_line_in_a_file_is_exact(int batch)
    {
        var files = new MemoryFileSystem();
        using (var file = files.Create("in/chimes.csv"))
        {
            file.Append("user,at\nann,2024-01-01T00:00:00Z\n\ncat,2024-01-01T00:00:01Z\nbob,\neve,\n"u8.ToArray());
        }

        var options = new PipelineOptions { BatchSize = batch };
        options.Sources["Chimes"] = new SourceOptions { Path = "in/chimes.csv" };
        var environment = new ExecutionEnvironment(
            "ChimesTimed",
            options,
            new ServiceCollection().BuildServiceProvider(),
            NullLogger.Instance)
        {
            Files = files,
        };
        var runner = new PipelineRunner(PipelineDefinition.Of<ChimesTimed>(), environment);
        var error = await Assert.ThrowsAsync<PipelineException>(() => runner.RunAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith(
            "PSR308: Pipeline 'ChimesTimed', source 'Chimes': in/chimes.csv, line 5: the event time 'at' is null.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(PipelineState.Failed, runner.Status().State);
    }

    // One user's rows are in order, with some that are late and some without time.
    private static List<Beep> Rows(Random random)
    {
        var rows = new List<Beep>();
        var now = Start;
        for (var index = 0; index < 300; index++)
        {
            now += random.NextInt64(Second);
            var at = random.Next(15) == 0 ? now - random.NextInt64(30 * Second) : now;
            rows.Add(new Beep($"u{random.Next(4)}", random.Next(4) == 0 ? null : at, index == 13 ? 1_300 : index));
        }

        return rows;
    }

    private static string Csv(IEnumerable<Beep> beeps) => beeps
        .Aggregate(new StringBuilder("user,at,value\n"), static (text, beep) =>
            text.Append(CultureInfo.InvariantCulture, $"{beep.User},{beep.At},{beep.Value}\n"))
        .ToString();

    private static IEnumerable<Ticks> Windows(List<Beep> beeps)
    {
        var late = LateOf(beeps).ToHashSet();
        return beeps.Where(beep => beep.At != null && !late.Contains(beep.Value))
            .GroupBy(static beep => (beep.User, Start: beep.At!.Value / (10 * Second) * (10 * Second)))
            .Select(static window => new Ticks(window.Key.User, window.Key.Start, window.Count()))
            .OrderBy(static window => window.ToString());
    }

    private static IEnumerable<int> LateOf(IEnumerable<Beep> beeps)
    {
        var newest = long.MinValue;
        foreach (var beep in beeps.Where(static beep => beep.At != null))
        {
            var at = beep.At!.Value;
            if (newest != long.MinValue && at / (10 * Second) * (10 * Second) + 10 * Second <= newest)
            {
                yield return beep.Value;
            }

            newest = Math.Max(newest, at);
        }
    }
}
