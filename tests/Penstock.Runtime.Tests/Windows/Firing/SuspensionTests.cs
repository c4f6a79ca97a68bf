using Microsoft.Extensions.DependencyInjection;
using Penstock.Testing;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>
/// Windows that fire for many keys, with one credit in each channel: they pause and resume, and this makes no row lost, duplicated or late.
/// </summary>
public sealed class SuspensionTests
{
    public static TheoryData<int, int> Shapes => new MatrixTheoryData<int, int>([1, 2, 3], [1, 3, 7]);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Windows_in_front_of_keyed_tasks_and_windows(int parallelism, int batchSize)
    {
        var (seeds, suspensions) = (Thoroughness.Times(20, brief: 6), 0);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var input = new BurstInput(seed, windows: 8, keys: 50);
            using var harness = new BurstHarness<BurstPipeline>(seed, parallelism, batchSize);
            harness.Send(nameof(BurstPipeline.Hits), input.Hits);
            harness.Run();
            Assert.True(harness.HasEnded);
            AssertSame(input.Counts, harness.Read<Count>(nameof(BurstPipeline.Counts)));
            AssertSame(input.Late, harness.Read<Hit>(nameof(BurstPipeline.Late)));
            AssertSame(input.Tens, harness.Read<Count>(nameof(BurstPipeline.Tens)));
            var sums = harness.Read<Count>(nameof(BurstPipeline.Sums));
            Assert.Equal(input.Counts.Count(), sums.Count);
            AssertSame(input.Sums, sums.GroupBy(static sum => sum.Key).Select(static key => (key.Key, key.Max(static sum => sum.Number))));
            AssertSame(input.Streaks, harness.Read<Count>(nameof(BurstPipeline.Streaks)));
            Assert.Equal(2 * input.Late.Count(), harness.Graph.Subtasks.Sum(static subtask => subtask.Counters.Late));
            Assert.Equal(
                (2 * input.Counts.Count()) + input.Tens.Count(),
                harness.Graph.Subtasks.Sum(static subtask => subtask.Counters.Windows));
            suspensions += harness.Suspensions;

            // A batch of each of two outputs for each target, and the batches that are flushed after them.
            Assert.InRange(parallelism == 1 ? 0 : harness.LongestOutboxOf("Counts"), 0, 6 * parallelism);
        }

        // At parallelism 1 there is only one group, and nothing waits for credits.
        Assert.Equal(parallelism > 1, suspensions > seeds * 3 / 2);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Windows_that_are_called_directly(int parallelism, int batchSize)
    {
        var (seeds, suspensions) = (Thoroughness.Times(20, brief: 6), 0);
        for (var seed = 1; seed <= seeds; seed++)
        {
            var input = new BurstInput(seed, windows: 8, keys: 50);
            var others = Enumerable.Range(0, 300).Select(static number => new Count(1000 + number, number * 20, number)).ToList();
            using var harness = new BurstHarness<DirectPipeline>(seed, parallelism, batchSize);
            harness.Send(nameof(DirectPipeline.Hits), input.Hits);
            harness.Send(nameof(DirectPipeline.Others), others);
            harness.Run();
            Assert.True(harness.HasEnded);
            AssertSame(input.Counts.Concat(input.Tens).Concat(others), harness.Read<Count>(nameof(DirectPipeline.All)));
            AssertSame(input.Late, harness.Read<Hit>(nameof(DirectPipeline.Late)));
            AssertLenient(input, harness.Read<Count>(nameof(DirectPipeline.Lenient)), isExact: parallelism == 1 && batchSize == 1);
            suspensions += harness.Suspensions;

            // Rows that the source has read are passed on even if later tasks wait: one batch, and what was begun before.
            Assert.InRange(harness.LongestOutbox, 0, 8 * parallelism);
            Assert.InRange(harness.MaxWaiting, 0, 3);
        }

        Assert.True(suspensions > seeds * 3 / 2, $"{suspensions} suspensions");
    }

    [Fact]
    public void A_filter_in_front_of_a_loop_that_stops_is_asked_about_each_row_once()
    {
        var asked = new Asked();
        using var services = new ServiceCollection().AddSingleton(asked).BuildServiceProvider();
        using var test = PipelineTest.For<AskedPipeline>(
            static options => (options.Parallelism, options.BatchSize, options.ChannelCapacity) = (2, 16, 2),
            services);
        test.Send(nameof(AskedPipeline.Hits), [.. Enumerable.Range(0, 200).Select(static number => new Hit(number, 0))]);
        test.End(nameof(AskedPipeline.Hits));
        Assert.Equal(100 * Repeat.Times, test.Read<Count>(nameof(AskedPipeline.Sums)).Count);
        Assert.Equal(200, asked.Times);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Operators_that_make_many_rows_of_one(int parallelism, int batchSize)
    {
        var suspensions = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            var input = new BurstInput(seed, windows: 4, keys: 20);
            using var harness = new BurstHarness<RepeatPipeline>(seed, parallelism, batchSize);
            harness.Send(nameof(RepeatPipeline.Hits), input.Hits);
            harness.Run();
            Assert.True(harness.HasEnded);
            var repeats = input.Repeats.ToList();
            AssertSame(
                repeats
                    .GroupBy(static row => row.Key)
                    .SelectMany(static key => Enumerable.Range(1, key.Count()).Select(number => (key.Key, number))),
                harness.Read<Count>(nameof(RepeatPipeline.Starts)).Select(static start => (start.Key, start.Number)));
            AssertSame(
                Enumerable
                    .Range(1, Repeat.Times)
                    .SelectMany(key => Enumerable.Range(1, repeats.Count(row => row.Number >= key)).Select(number => (key, number))),
                harness.Read<Count>(nameof(RepeatPipeline.Sums)).Select(static sum => (sum.Key, sum.Number)));
            suspensions += harness.Suspensions;

            // The rows created from one row, and those buffered before; not those created from the other rows of its batch.
            Assert.InRange(harness.LongestOutbox, 0, (Repeat.Times / batchSize) + (3 * parallelism));
        }

        // After the last row of a batch there is no reason to pause.
        Assert.Equal(parallelism > 1 && batchSize > 1, suspensions > 30);
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(3, 64)]
    public void Late_rows_of_which_many_rows_are_made(int parallelism, int batchSize)
    {
        var suspensions = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            List<Hit> late = [.. Enumerable.Range(0, 400).Select(static number => new Hit(number % 20, number))];
            using var harness = new BurstHarness<LateBurstPipeline>(seed, parallelism, batchSize);
            harness.Send(
                nameof(LateBurstPipeline.Hits),
                [.. Enumerable.Range(0, 100).Select(static number => new Hit(number % 20, 1_000_000 + number)), .. late]);
            harness.Run();
            Assert.True(harness.HasEnded);
            Assert.Equal(late.Count, harness.Graph.Subtasks.Sum(static subtask => subtask.Counters.Late));
            AssertSame(
                late.SelectMany(static hit => Enumerable
                    .Range(1, Repeat.Times)
                    .Select(number => (Key: (hit.Key * 7) + (number % 7), Number: number)))
                    .GroupBy(static row => row.Key).Select(static key => (key.Key, key.Sum(static row => row.Number))),
                harness.Read<Count>(nameof(LateBurstPipeline.Sums))
                    .GroupBy(static sum => sum.Key)
                    .Select(static key => (key.Key, key.Max(static sum => sum.Number))));
            suspensions += harness.Suspensions;

            // The rows created from one row, and those buffered before.
            Assert.InRange(harness.LongestOutboxOf("Counts"), 1, (Repeat.Times / batchSize) + (3 * parallelism));
        }

        Assert.True(suspensions > 5, $"{suspensions} suspensions");
    }

    [Fact]
    public void A_window_of_many_keys_is_never_under_way_as_a_whole()
    {
        const int Keys = 200_000;
        using var harness = new BurstHarness<BurstPipeline>(seed: 1, parallelism: 2, batchSize: 1024);
        harness.Send(nameof(BurstPipeline.Hits), Enumerable.Range(0, Keys).Select(static key => new Hit(key, 0)));
        harness.Run();
        Assert.Equal(Keys, harness.Read<Count>(nameof(BurstPipeline.Sums)).Count);
        Assert.InRange(harness.Suspensions, 2, int.MaxValue);
        Assert.InRange(harness.LongestOutbox, 1, 8);
    }

    // Late rows of one batch change a result together. At another parallelism, a subtask may also receive the watermark after a late row,
    // and fire once for both.
    private static void AssertLenient(BurstInput input, IReadOnlyList<Count> found, bool isExact)
    {
        var numbers = found
            .GroupBy(static count => (count.Key, count.Start))
            .ToDictionary(static window => window.Key, static window => window.Select(static count => count.Number).ToList());
        var expected = input.Lenient();
        Assert.Equal(expected.Count, numbers.Count);
        foreach (var (window, sent) in expected)
        {
            Assert.Equal(isExact ? sent : sent[^1..], isExact ? numbers[window] : numbers[window][^1..]);
        }
    }

    private static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> found) =>
        Assert.Equal(expected.Order(ByText<T>()), found.Order(ByText<T>()));

    private static Comparer<T> ByText<T>() =>
        Comparer<T>.Create(static (left, right) => string.CompareOrdinal(left!.ToString(), right!.ToString()));
}
