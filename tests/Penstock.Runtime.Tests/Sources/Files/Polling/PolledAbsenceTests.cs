using Penstock.Runtime.Tests.Tasks.Reading;
using static Penstock.Runtime.Tests.Sources.Files.Polling.PolledSteps;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>
/// A folder that is away for a while, or is hidden by a file of its pattern's name, costs no row: no file is read twice, and none is late.
/// </summary>
public sealed class PolledAbsenceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_place_that_goes_during_a_listing_makes_nobody_forget(bool isEmpty)
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/a.csv", [1]);
        Put(harness, "in/b.csv", [2]);
        Put(harness, "in/c.csv", [3]);
        RunUntil(harness, () => Committed(harness).Count() == 3);

        // The names are listed, and the first file is examined.
        var hasGone = false;
        harness.BeforeOpen = path =>
        {
            if (path == "in/b.csv")
            {
                hasGone = true;
                harness.TakeAway("in", isEmpty);
            }
        };
        Step(harness);
        harness.Checkpoint();
        Assert.True(hasGone);
        harness.BeforeOpen = null;
        harness.TakeAway(null);
        Put(harness, "in/d.csv", [4]);
        RunUntil(harness, () => Committed(harness).Count() >= 4);
        Assert.Equal([1, 2, 3, 4], Committed(harness));
    }

    [Fact]
    public void A_file_whose_name_is_the_pattern_hides_no_other()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/a.csv", [1]);
        RunUntil(harness, () => Committed(harness).Any());
        Put(harness, "in/*.csv", [2]);
        RunUntil(harness, () => Committed(harness).Count() == 2);
        harness.Files.Delete("in/*.csv");
        Put(harness, "in/b.csv", [3]);
        RunUntil(harness, () => Committed(harness).Count() >= 3);
        Assert.Equal([1, 2, 3], Committed(harness));
    }

    [Theory]
    [InlineData(false, 1, false)]
    [InlineData(true, 1, false)]
    [InlineData(false, 2, false)]
    [InlineData(true, 2, false)]
    [InlineData(true, 1, true)]
    public void Files_that_wait_while_their_place_is_away_are_on_time_when_it_is_back(bool isEmpty, int parallelism, bool crashes)
    {
        using var harness = new StreamingHarness<CountPipeline>(Options(parallelism));
        string[] paths =
        [
            .. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv").Where(static path => LaneOf(path) == 4),
        ];

        // The first file of the lane has later times than those that follow it in the listing.
        Write(harness, "in/one.new", [.. Enumerable.Range(0, 40).Select(static number => (number, 3600 + number))]);
        Write(harness, "in/two.new", [(1, 0), (2, 10)]);
        Write(harness, "in/three.new", [(1, 1), (2, 11)]);
        harness.ChangeFiles(() =>
        {
            harness.Files.Rename("in/one.new", paths[0]);
            harness.Files.Rename("in/two.new", paths[1]);
            harness.Files.Rename("in/three.new", paths[2]);
        });
        for (var until = DateTime.UtcNow + Limit; harness.RowsIn == 0;)
        {
            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
            harness.Time.Advance(Interval);
            harness.Step();
        }

        harness.TakeAway("in", isEmpty);
        for (var step = 0; step < 5; step++)
        {
            Step(harness);
            harness.Checkpoint();
        }

        Assert.Equal(40, harness.RowsIn);
        if (crashes)
        {
            harness.Crash();
            harness.Start();
            Step(harness);
        }

        harness.TakeAway(null);
        RunUntil(harness, () => harness.RowsIn == (crashes ? 4 : 44));

        // A file with a much later time closes all windows.
        Write(harness, "in/last.new", [(0, 90_000)]);
        harness.Files.Rename("in/last.new", paths[3]);
        RunUntil(harness, () => Counts(harness).Sum() + harness.Committed<Click>(nameof(CountPipeline.Late)).Count >= 44);
        Assert.Empty(harness.Committed<Click>(nameof(CountPipeline.Late)));
        Assert.Equal(44, Counts(harness).Sum());
    }

    [Fact]
    public void A_deleted_file_keeps_the_others_waiting_for_no_interval()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/.00", [.. Enumerable.Range(0, 100)]);
        Put(harness, "in/.01", [1000]);
        Put(harness, "in/.02", [100]);
        harness.ChangeFiles(() =>
        {
            harness.Files.Rename("in/.00", "in/00.csv");
            harness.Files.Rename("in/.01", "in/01.csv");
            harness.Files.Rename("in/.02", "in/02.csv");
        });
        StepUntilRowsCome(harness);
        harness.Files.Delete("in/01.csv");
        harness.Run();

        // It is listed again at once, and no time passes.
        harness.AdvanceClock(TimeSpan.Zero);
        harness.Checkpoint();
        Assert.Equal(Enumerable.Range(0, 101), Committed(harness));
    }
}
