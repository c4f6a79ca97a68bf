using Microsoft.Extensions.DependencyInjection;
using Penstock.Runtime.Tests.Errors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Calls;

/// <summary>Asynchronous calls: which run, when their results are emitted, and what happens to rows in flight.</summary>
public sealed class CallTests
{
    private readonly Desk _desk = new();

    [Fact]
    public void Results_have_the_order_of_the_rows()
    {
        using var test = Start<BidPipeline>();
        Send(test, 0, 1, 2);
        _desk.Answer(2, 1);
        Assert.Empty(Numbers(test));

        _desk.Answer(0);
        Assert.Equal([0, 1, 2], Numbers(test));
        Assert.Equal([1], test.Read<Price>(nameof(BidPipeline.Odd)).Select(static price => price.Number));
    }

    [Fact]
    public void Results_as_they_complete_pass_no_watermark()
    {
        using var test = Start<UnorderedPipeline>();

        // The first row of a split sends its first watermark.
        Send(test, BidRows.Line(9, 0, "b"));
        _desk.Answer(9);
        Assert.Equal([9], Numbers(test));
        Send(test, BidRows.Line(0, 1), BidRows.Line(1, 2), BidRows.Line(2, 13), BidRows.Line(3, 14));
        Assert.Equal([0, 1, 2, 3], _desk.Open);

        // Bid 2 advances the watermark past the end of the window of the first two: the update is in front of it.
        _desk.Answer(3, 1);
        Assert.Equal([1], Numbers(test));
        _desk.Answer(2);
        Assert.Empty(Numbers(test));
        Assert.Empty(test.Read<ItemSum>(nameof(UnorderedPipeline.Sums)));

        _desk.Answer(0);
        Assert.Equal([0, 2, 3], Numbers(test));
        Assert.Equal([1, 2], test.Read<ItemSum>(nameof(UnorderedPipeline.Sums)).Select(static sum => sum.Bids).Order());
        Assert.Empty(test.Read<Price>(nameof(UnorderedPipeline.Late)));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 12)]
    public void No_more_rows_are_in_flight_than_the_concurrency_allows(int parallelism, int most)
    {
        using var test = Start<BidPipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, 2), splits: parallelism);
        for (var split = 0; split < parallelism; split++)
        {
            SendTo(test, split, split * 40, 40);
        }

        Assert.Equal(most, _desk.Open.Length);

        // A result that waits for an earlier one still counts.
        _desk.Answer(_desk.Open[^1]);
        test.AdvanceClock(TimeSpan.Zero);
        Assert.Equal(most - 1, _desk.Open.Length);
        AnswerAll(test);
        Assert.Equal(most, _desk.Most);
        Assert.Equal(40 * parallelism, Numbers(test).Length);
    }

    [Fact]
    public void Configuration_sets_the_concurrency()
    {
        using var test = Start<BidPipeline>(static options => options.Streams["Prices"] = new StreamOptions { Concurrency = 7 });
        Send(test, [.. Enumerable.Range(0, 20)]);
        Assert.Equal(7, _desk.Open.Length);
    }

    [Fact]
    public void Options_of_calls_are_checked()
    {
        var error = Assert.Throws<PipelineException>(() => Start<BidPipeline>(static options =>
        {
            options.Streams["Prices"] = new StreamOptions { Concurrency = 0, Timeout = TimeSpan.Zero, Rate = 0 };
            options.Streams["Sums"] = new StreamOptions { Rate = 1 };
        }));
        Assert.Contains("Streams:Prices:Concurrency is 0; 1 to 65536 are possible.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Streams:Prices:Timeout must be longer than 0.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Streams:Prices:Rate must be more than 0.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Streams:Sums:Rate is set, but 'Sums' has no [AsyncMap] method", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_does_not_wait_for_calls_and_contains_their_rows()
    {
        using var test = Start<BidPipeline>(static options => options.BatchSize = 3);
        Send(test, [.. Enumerable.Range(0, 30)]);
        _desk.Answer(0, 2);
        test.Checkpoint();
        Assert.Equal([0], test.Committed<Price>(nameof(BidPipeline.Prices)).Select(static price => price.Number));

        // Nothing of this is in the checkpoint.
        _desk.Answer(1);
        Assert.Equal([0, 1, 2], Numbers(test));
        _desk.TakeStarted();
        test.CrashAndRestore();
        Assert.Equal([1, 2, 3, 4], _desk.TakeStarted());
        Send(test, [.. Enumerable.Range(30, 3)]);
        AnswerAll(test);
        test.Checkpoint();
        Assert.Equal(Enumerable.Range(0, 33), test.Committed<Price>(nameof(BidPipeline.Prices)).Select(static price => price.Number));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 4)]
    [InlineData(1, 3)]
    public void Rows_in_flight_are_restored_once_at_another_parallelism(int before, int after)
    {
        using var test = Start<BidPipeline>(options => (options.Parallelism, options.BatchSize) = (before, 4), splits: before);
        for (var split = 0; split < before; split++)
        {
            SendTo(test, split, split * 20, 20);
        }

        test.Checkpoint();
        test.CrashAndRestore(after);
        test.Checkpoint();
        test.CrashAndRestore(before);
        _desk.TakeStarted();
        AnswerAll(test);
        test.Checkpoint();
        Assert.Equal(
            Enumerable.Range(0, 20 * before),
            test.Committed<Price>(nameof(BidPipeline.Prices)).Select(static price => price.Number).Order());
    }

    [Fact]
    public void Restored_rows_are_late_only_if_they_were()
    {
        using var test = Start<BidPipeline>();

        // Bid 1 is late: bid 0 has moved the watermark past its window. Bid 2 is not.
        Send(test, BidRows.Line(0, 25), BidRows.Line(1, 2), BidRows.Line(2, 24));
        test.Checkpoint();
        test.CrashAndRestore(2);
        AnswerAll(test);
        test.End(nameof(BidPipeline.Bids));
        Assert.Equal([1], test.Read<Price>(nameof(BidPipeline.Late)).Select(static price => price.Number));
        Assert.Equal([2], test.Read<ItemSum>(nameof(BidPipeline.Sums)).Select(static sum => sum.Bids));
    }

    [Fact]
    public void The_end_of_input_waits_for_all_calls()
    {
        using var test = Start<BidPipeline>();
        Send(test, 0, 1, 2, 3, 4, 5);
        test.End(nameof(BidPipeline.Bids));
        _desk.Answer(0, 1, 3);
        test.Checkpoint();
        Assert.False(test.IsFinished);
        Assert.Empty(test.Read<ItemSum>(nameof(BidPipeline.Sums)));

        // Also if nothing but rows in flight is left of the input.
        test.CrashAndRestore(3);
        Assert.False(test.IsFinished);
        AnswerAll(test);
        Assert.True(test.IsFinished);
        Assert.Equal([6], test.Read<ItemSum>(nameof(BidPipeline.Sums)).Select(static sum => sum.Bids));
    }

    [Fact]
    public void A_call_that_takes_too_long_fails_the_attempt()
    {
        using var test = Start<BidPipeline>();
        Send(test, 0);
        test.AdvanceClock(TimeSpan.FromSeconds(5));
        Send(test, 1);
        _desk.Answer(0);
        test.AdvanceClock(TimeSpan.FromSeconds(9.9));
        Assert.Equal([0], Numbers(test));

        var error = Assert.Throws<OperatorException>(() => test.AdvanceClock(TimeSpan.FromSeconds(0.2)));
        ErrorPage.AssertShows("PSR407", error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_exception_of_a_call_fails_the_attempt_with_its_place(bool atOnce)
    {
        _desk.AnswersAtOnce = number => atOnce && number == 1 ? throw new InvalidOperationException("The desk is closed.") : false;
        using var test = Start<BidPipeline>();
        var error = Assert.Throws<OperatorException>(() =>
        {
            Send(test, 0, 1);
            _desk.Fail(1, "The desk is closed.");
            test.AdvanceClock(TimeSpan.Zero);
        });
        Assert.Equal(
            "PSR401: Pipeline 'BidPipeline': operator 'Prices' (Penstock.Runtime.Tests.Tasks.Calls.PriceBids) failed at a row that task "
                + "'Bids' sent, event time 2023-11-14T22:13:21.000000Z, subtask 0 of task 'Prices': InvalidOperationException: The desk is "
                + "closed.",
            error.Message);
    }

    [Fact]
    public void A_result_of_null_emits_no_row()
    {
        using (var test = Start<EvenPipeline>())
        {
            _desk.AnswersAtOnce = static number => number < 3;
            Send(test, 0, 1, 2, 3, 4, 5);
            AnswerAll(test);
            Assert.Equal([1, 3, 5], test.Read<Price>(nameof(EvenPipeline.Even)).Select(static price => price.Number));
        }

        Assert.InRange(_desk.Closed, 1, 2);
    }

    [Fact]
    public void Calls_that_complete_at_once_keep_the_order_behind_those_that_do_not()
    {
        _desk.AnswersAtOnce = static number => number % 3 != 1;
        using var test = Start<BidPipeline>();
        Send(test, [.. Enumerable.Range(0, 6)]);
        Assert.Equal([0], Numbers(test));
        _desk.Answer(1);
        Assert.Equal([1, 2, 3], Numbers(test));
        _desk.Answer(4);
        Assert.Equal([4, 5], Numbers(test));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_rate_limits_the_calls_of_all_subtasks_together(int parallelism)
    {
        _desk.AnswersAtOnce = static _ => true;
        using var test = Start<BidPipeline>(
            options =>
            {
                options.Parallelism = parallelism;
                options.Streams["Prices"] = new StreamOptions { Rate = 10 };
            },
            splits: parallelism);
        for (var split = 0; split < parallelism; split++)
        {
            SendTo(test, split, 0, 200);
        }

        _desk.TakeStarted();
        for (var tick = 0; tick < 50; tick++)
        {
            test.AdvanceClock(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_desk.TakeStarted().Length, 45, 55);
    }

    [Fact]
    public void A_crash_cancels_the_calls()
    {
        using var test = Start<BidPipeline>();
        Send(test, 0, 1);
        test.CrashAndRestore();
        Assert.Equal(2, _desk.Canceled);
    }

    [Fact]
    public void A_test_waits_for_calls_of_other_threads()
    {
        using var test = PipelineTest.For<SteppedPipeline>();
        var lines = BidRows.Lines(new Random(1), 100);
        test.SendText(nameof(SteppedPipeline.Bids), BidRows.Csv(lines));
        test.WaitForCalls();
        Assert.Equal(BidRows.Expect(lines).Prices, BidRows.Texts(test.Read<Price>(nameof(SteppedPipeline.Prices))));
    }

    [Fact]
    public void Waiting_for_calls_ends_after_the_timeout()
    {
        using var test = Start<BidPipeline>();
        Send(test, 0, 1);
        var error = Assert.Throws<TimeoutException>(() => test.WaitForCalls(TimeSpan.FromMilliseconds(1)));
        Assert.StartsWith("2 rows are in flight", error.Message, StringComparison.Ordinal);
    }

    private PipelineTest<T> Start<T>(Action<PipelineOptions>? configure = null, int splits = 1)
        where T : class, IPipeline =>
        PipelineTest.For<T>(configure, new ServiceCollection().AddSingleton(_desk).BuildServiceProvider(), splits);

    private static void Send<T>(PipelineTest<T> test, params ReadOnlySpan<int> numbers)
        where T : class, IPipeline
    {
        var lines = new List<string>();
        foreach (var number in numbers)
        {
            lines.Add(BidRows.Line(number, 1));
        }

        Send(test, [.. lines]);
    }

    private static void SendTo(PipelineTest<BidPipeline> test, int split, int first, int count)
    {
        var lines = Enumerable.Range(first, count).Select(static number => BidRows.Line(number, 1));
        test.SendText(nameof(BidPipeline.Bids), BidRows.Csv(lines), split);
    }

    private static void Send<T>(PipelineTest<T> test, params string[] lines)
        where T : class, IPipeline => test.SendText("Bids", BidRows.Csv(lines));

    private void AnswerAll<T>(PipelineTest<T> test)
        where T : class, IPipeline
    {
        while (_desk.Open is { Length: > 0 } open)
        {
            _desk.Answer(open);
            test.AdvanceClock(TimeSpan.Zero);
        }
    }

    private static int[] Numbers<T>(PipelineTest<T> test)
        where T : class, IPipeline
    {
        test.AdvanceClock(TimeSpan.Zero);
        return [.. test.Read<Price>("Prices").Select(static price => price.Number)];
    }
}
