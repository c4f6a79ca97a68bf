using Penstock.Runtime.Tests.Tasks.Reading;
using static Penstock.Runtime.Tests.Sources.Files.Polling.PolledSteps;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>The watermark advances between the files of a source that polls for new ones, and waits for known files.</summary>
public sealed class PolledTimeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_watermark_advances_at_the_end_of_input_but_waits_for_listed_files(int parallelism)
    {
        using var harness = new StreamingHarness<CountPipeline>(Options(parallelism));

        // One file after the other, each ten seconds later: the window before closes, although most lanes have never had a file.
        for (var file = 0; file < 12; file++)
        {
            var at = file;
            Put(harness, $"in/{file:D2}.csv", [file], at * 10);
            RunUntil(harness, () => Counts(harness).Sum() >= at - 1);
            if (file % 4 == 3)
            {
                harness.Crash();
                harness.Start(1 + ((parallelism + file) % 3));
            }
        }

        Assert.Equal(10, Counts(harness).Sum());
        Assert.Empty(harness.Committed<Click>(nameof(CountPipeline.Late)));
    }

    [Fact]
    public void Files_of_one_listing_are_read_in_the_order_of_their_names()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        foreach (var number in Enumerable.Range(0, 40).Reverse())
        {
            Put(harness, $"later/{number:D2}.csv", [number]);
        }

        Step(harness);
        foreach (var number in Enumerable.Range(0, 40))
        {
            // Moved there between two listings.
            harness.Files.Rename($"later/{number:D2}.csv", $"in/{number:D2}.csv");
        }

        RunUntil(harness, () => Committed(harness).Count() == 40);
        Assert.Equal(Enumerable.Range(0, 40), Committed(harness));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void A_listed_file_that_waits_holds_back_the_watermark(int parallelism, int? unscheduled)
    {
        // In two idle lanes of one subtask, or of two: both files appear together, and each is in order.
        using var harness = new StreamingHarness<CountPipeline>(Options(parallelism));
        string[] paths = [.. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv")];
        var one = paths.First(static path => LaneOf(path) == 4);
        var other = paths.First(path => LaneOf(path) == (parallelism == 1 ? 6 : 7));
        Put(harness, paths.Last(static path => LaneOf(path) == 4), [0]);
        Put(harness, paths.Last(static path => LaneOf(path) == 5), [0]);
        RunUntil(harness, () => harness.RowsIn == 2);
        foreach (var path in (string[])[one, other])
        {
            Write(harness, path + ".new", [.. Enumerable.Range(1, 6).Select(static number => (number, number * 10))]);
        }

        harness.ChangeFiles(() =>
        {
            harness.Files.Rename(one + ".new", one);
            harness.Files.Rename(other + ".new", other);
        });
        harness.Unscheduled = unscheduled;
        for (var step = 0; step < 50; step++)
        {
            Step(harness);
        }

        harness.Unscheduled = null;
        RunUntil(harness, () => harness.RowsIn == 14);
        Assert.Empty(harness.Committed<Click>(nameof(CountPipeline.Late)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_subtask_that_waits_for_credits_has_not_said_yet_what_it_has(int capacity)
    {
        // With one of these numbers of earlier messages, no credit is left for the message that a lane is no longer idle.
        string[] paths = [.. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv")];
        var ones = paths.Where(static path => LaneOf(path) == 4).ToArray();
        var others = paths.Where(static path => LaneOf(path) == 7).ToArray();
        for (var earlier = 0; earlier < 6; earlier++)
        {
            for (var unscheduled = 2; unscheduled < 4; unscheduled++)
            {
                var options = Options(parallelism: 2);
                options.ChannelCapacity = capacity;
                using var harness = new StreamingHarness<CountPipeline>(options);
                Put(harness, ones[0], [0]);
                Put(harness, others[0], [0]);
                RunUntil(harness, () => harness.RowsIn == 2);
                harness.Unscheduled = unscheduled;
                for (var file = 1; file <= earlier; file++)
                {
                    Put(harness, ones[file], [0]);
                    Step(harness);
                    Step(harness);
                }

                Write(harness, "in/one.new", [.. Enumerable.Range(1, 6).Select(static number => (0, number * 10))]);
                Write(harness, "in/other.new", [.. Enumerable.Range(1, 6).Select(static number => (0, number * 10))]);
                harness.ChangeFiles(() =>
                {
                    harness.Files.Rename("in/one.new", ones[^1]);
                    harness.Files.Rename("in/other.new", others[^1]);
                });
                for (var step = 0; step < 20; step++)
                {
                    Step(harness);
                }

                harness.Unscheduled = null;
                RunUntil(harness, () => harness.RowsIn == 14 + earlier);
                Assert.Empty(harness.Committed<Click>(nameof(CountPipeline.Late)));
            }
        }
    }
}
