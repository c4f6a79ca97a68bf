using Penstock.Testing;

namespace Penstock.Runtime.Tests.Time;

/// <summary>A source stamps its rows with the time at which it reads them, and the clock advances the watermark.</summary>
public sealed class IngestionTests
{
    private const long Window = 10_000_000;
    private const string Two = "user,at,value\nann,1,1\nbob,,2\n";

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 3)]
    public void Windows_fire_by_the_clock_without_further_rows(int parallelism, int batch)
    {
        using var test = PipelineTest.For<BeepsNow>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        var start = Align(test);
        test.SendText(nameof(BeepsNow.Beeps), Two);
        test.AdvanceClock(TimeSpan.FromSeconds(4));
        test.SendText(nameof(BeepsNow.Beeps), Two);
        test.AdvanceClock(TimeSpan.FromSeconds(5.9));
        Assert.Empty(test.Read<Ticks>(nameof(BeepsNow.Counts)));
        test.AdvanceClock(TimeSpan.FromSeconds(0.1));
        Assert.Equal(
            [new Ticks("ann", start, 2), new Ticks("bob", start, 2)],
            test.Read<Ticks>(nameof(BeepsNow.Counts)).OrderBy(static row => row.User));
        test.SendText(nameof(BeepsNow.Beeps), Two);
        test.AdvanceClock(TimeSpan.FromSeconds(60));
        Assert.Equal(
            [new Ticks("ann", start + Window, 1), new Ticks("bob", start + Window, 1)],
            test.Read<Ticks>(nameof(BeepsNow.Counts)).OrderBy(static row => row.User));
        Assert.Empty(test.Read<Beep>(nameof(BeepsNow.Late)));
        Assert.Equal((0, 0, 0), (test.Counters.Untimed, test.Counters.OutOfOrder, test.Counters.Late));
    }

    [Fact]
    public void Windows_fire_by_the_clock_while_a_rate_lets_no_row_be_read()
    {
        using var test = PipelineTest.For<BeepsNow>(
            static options => options.Sources[nameof(BeepsNow.Beeps)] = new SourceOptions { Rate = 0.05 });
        Align(test);
        test.SendText(nameof(BeepsNow.Beeps), Two);
        test.AdvanceClock(TimeSpan.FromSeconds(20));
        test.AdvanceClock(TimeSpan.FromSeconds(11));
        Assert.Equal("ann", Assert.Single(test.Read<Ticks>(nameof(BeepsNow.Counts))).User);
    }

    [Fact]
    public void A_split_without_rows_holds_back_nothing()
    {
        using var test = PipelineTest.For<BeepsNow>(splitsPerSource: 3);
        var start = Align(test);
        test.SendText(nameof(BeepsNow.Beeps), Two, split: 1);
        test.AdvanceClock(TimeSpan.FromSeconds(11));
        Assert.Equal([start, start], test.Read<Ticks>(nameof(BeepsNow.Counts)).Select(static row => row.Start));
    }

    [Fact]
    public void A_row_that_is_read_again_after_a_crash_gets_a_new_time()
    {
        using var test = PipelineTest.For<BeepsNow>();
        var start = Align(test);
        test.Checkpoint();
        test.SendText(nameof(BeepsNow.Beeps), Two);
        test.AdvanceClock(TimeSpan.FromSeconds(12));
        Assert.Equal([start, start], test.Read<Ticks>(nameof(BeepsNow.Counts)).Select(static row => row.Start));
        test.CrashAndRestore();
        test.End(nameof(BeepsNow.Beeps));
        test.Checkpoint();
        Assert.Equal(
            [start + Window, start + Window],
            test.Committed<Ticks>(nameof(BeepsNow.Counts)).Select(static row => row.Start));
    }

    [Fact]
    public void Crashes_lose_and_repeat_no_row()
    {
        using var test = PipelineTest.For<BeepsNow>();
        test.SendText(nameof(BeepsNow.Beeps), Two);
        for (var crash = 0; crash < 5; crash++)
        {
            test.AdvanceClock(TimeSpan.FromSeconds(3));
            test.SendText(nameof(BeepsNow.Beeps), Two);
            if (crash % 2 == 0)
            {
                test.Checkpoint();
            }

            test.CrashAndRestore(parallelism: 1 + crash % 3);
        }

        test.End(nameof(BeepsNow.Beeps));
        test.Checkpoint();
        Assert.Equal(12, test.Committed<Ticks>(nameof(BeepsNow.Counts)).Sum(static row => row.Count));
        Assert.Empty(test.Committed<Beep>(nameof(BeepsNow.Late)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Delays_in_configuration_are_refused(bool delay)
    {
        var error = Assert.Throws<PipelineException>(() => PipelineTest.For<BeepsNow>(options =>
            options.Sources["Beeps"] = new SourceOptions
            {
                MaxDelay = delay ? TimeSpan.FromSeconds(1) : null,
                Idle = delay ? null : TimeSpan.FromSeconds(1),
            }));
        Assert.StartsWith(
            "PSR102: The configuration of pipeline 'BeepsNow' is wrong: Sources:Beeps:MaxDelay and Sources:Beeps:Idle are options of sources",
            error.Message,
            StringComparison.Ordinal);
    }

    // Moves the clock to the start of a window.
    private static long Align(PipelineTest<BeepsNow> test)
    {
        var now = EventTimes.From(test.Time.GetUtcNow());
        var start = (now / Window + 1) * Window;
        test.AdvanceClock(TimeSpan.FromMicroseconds(start - now));
        return start;
    }
}
