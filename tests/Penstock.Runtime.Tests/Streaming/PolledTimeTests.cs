using Penstock.Runtime.Tests.Engine;
using static Penstock.Runtime.Tests.Streaming.PolledSteps;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>The watermark advances between the files of a source that polls for new ones, and waits for known files.</summary>
public sealed class PolledTimeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Time_goes_on_when_there_is_no_more_and_waits_for_files_that_are_known(int parallelism)
    {
        using var rig = new StreamingRig<CountPipeline>(Options(parallelism));

        // One file after the other, each ten seconds later: the window before closes, although most lanes have never had a file.
        for (var file = 0; file < 12; file++)
        {
            var at = file;
            Put(rig, $"in/{file:D2}.csv", [file], at * 10);
            RunUntil(rig, () => Counts(rig).Sum() >= at - 1);
            if (file % 4 == 3)
            {
                rig.Crash();
                rig.Start(1 + ((parallelism + file) % 3));
            }
        }

        Assert.Equal(10, Counts(rig).Sum());
        Assert.Empty(rig.Committed<Click>(nameof(CountPipeline.Late)));
    }

    [Fact]
    public void Files_of_one_listing_are_read_in_the_order_of_their_names()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        foreach (var number in Enumerable.Range(0, 40).Reverse())
        {
            Put(rig, $"later/{number:D2}.csv", [number]);
        }

        Step(rig);
        foreach (var number in Enumerable.Range(0, 40))
        {
            // Moved there between two listings.
            rig.Files.Rename($"later/{number:D2}.csv", $"in/{number:D2}.csv");
        }

        RunUntil(rig, () => Committed(rig).Count() == 40);
        Assert.Equal(Enumerable.Range(0, 40), Committed(rig));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void A_file_that_is_known_and_waits_holds_time_back(int parallelism, int? heldUp)
    {
        // In two idle lanes of one subtask, or of two: both files appear together, and each is in order.
        using var rig = new StreamingRig<CountPipeline>(Options(parallelism));
        string[] paths = [.. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv")];
        var one = paths.First(static path => LaneOf(path) == 4);
        var other = paths.First(path => LaneOf(path) == (parallelism == 1 ? 6 : 7));
        Put(rig, paths.Last(static path => LaneOf(path) == 4), [0]);
        Put(rig, paths.Last(static path => LaneOf(path) == 5), [0]);
        RunUntil(rig, () => rig.RowsIn == 2);
        foreach (var path in (string[])[one, other])
        {
            Write(rig, path + ".new", [.. Enumerable.Range(1, 6).Select(static number => (number, number * 10))]);
        }

        rig.ChangeFiles(() =>
        {
            rig.Files.Rename(one + ".new", one);
            rig.Files.Rename(other + ".new", other);
        });
        rig.HeldUp = heldUp;
        for (var step = 0; step < 50; step++)
        {
            Step(rig);
        }

        rig.HeldUp = null;
        RunUntil(rig, () => rig.RowsIn == 14);
        Assert.Empty(rig.Committed<Click>(nameof(CountPipeline.Late)));
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
            for (var heldUp = 2; heldUp < 4; heldUp++)
            {
                var options = Options(parallelism: 2);
                options.ChannelCapacity = capacity;
                using var rig = new StreamingRig<CountPipeline>(options);
                Put(rig, ones[0], [0]);
                Put(rig, others[0], [0]);
                RunUntil(rig, () => rig.RowsIn == 2);
                rig.HeldUp = heldUp;
                for (var file = 1; file <= earlier; file++)
                {
                    Put(rig, ones[file], [0]);
                    Step(rig);
                    Step(rig);
                }

                Write(rig, "in/one.new", [.. Enumerable.Range(1, 6).Select(static number => (0, number * 10))]);
                Write(rig, "in/other.new", [.. Enumerable.Range(1, 6).Select(static number => (0, number * 10))]);
                rig.ChangeFiles(() =>
                {
                    rig.Files.Rename("in/one.new", ones[^1]);
                    rig.Files.Rename("in/other.new", others[^1]);
                });
                for (var step = 0; step < 20; step++)
                {
                    Step(rig);
                }

                rig.HeldUp = null;
                RunUntil(rig, () => rig.RowsIn == 14 + earlier);
                Assert.Empty(rig.Committed<Click>(nameof(CountPipeline.Late)));
            }
        }
    }
}
