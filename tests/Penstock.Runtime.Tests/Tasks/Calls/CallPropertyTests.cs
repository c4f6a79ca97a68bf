using Microsoft.Extensions.DependencyInjection;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Calls;

/// <summary>
/// Random rows and completions, with checkpoints, crashes and another parallelism, compared with plain loops over the text.
/// </summary>
public sealed class CallPropertyTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 64)]
    [InlineData(4, 1024)]
    [InlineData(5, 2)]
    [InlineData(6, 7)]
    public void Results_in_order_are_those_of_a_loop(int seed, int batch) =>
        Check<BidPipeline>(seed, batch, nameof(BidPipeline.Sums), nameof(BidPipeline.Late));

    [Theory]
    [InlineData(11, 1)]
    [InlineData(12, 3)]
    [InlineData(13, 64)]
    [InlineData(14, 1024)]
    [InlineData(15, 2)]
    [InlineData(16, 7)]
    public void Results_as_they_complete_are_those_of_a_loop(int seed, int batch) =>
        Check<UnorderedPipeline>(seed, batch, nameof(UnorderedPipeline.Sums), nameof(UnorderedPipeline.Late));

    [Fact]
    public void Crashes_before_every_kind_of_step_change_nothing()
    {
        var lines = BidRows.Lines(new Random(5), 40);
        using var test = PipelineTest.For<SteppedPipeline>();
        var report = test.ExploreCrashes(input => input.SendText(nameof(SteppedPipeline.Bids), BidRows.Csv(lines)), seeds: 150);

        Assert.Equal(150, report.Seeds);
        Assert.Contains("subtask # of Prices: Batch", report.Crashes.Keys);
        Assert.Contains("subtask # of Prices: Calls", report.Crashes.Keys);
        Assert.Contains("subtask # of Named: Calls", report.Crashes.Keys);
        Assert.Contains("an asynchronous method goes on", report.Crashes.Keys);
    }

    private static void Check<T>(int seed, int batch, string sums, string late)
        where T : class, IPipeline
    {
        var random = new Random(seed);
        var desk = new Desk { AnswersAtOnce = number => number % 8 < seed % 4 };
        var lines = BidRows.Lines(random, 250);
        using var test = PipelineTest.For<T>(
            options => (options.Parallelism, options.BatchSize, options.ChannelCapacity) = (random.Next(1, 5), batch, 2),
            new ServiceCollection().AddSingleton(desk).BuildServiceProvider());
        for (var sent = 0; sent < lines.Length;)
        {
            var count = Math.Min(random.Next(1, 12), lines.Length - sent);
            test.SendText("Bids", BidRows.Csv(lines.AsSpan(sent, count).ToArray()));
            sent += count;
            AnswerSome();
            if (random.Next(3) == 0)
            {
                test.Checkpoint();
            }

            AnswerSome();
            if (random.Next(6) == 0)
            {
                test.CrashAndRestore(random.Next(1, 5));
            }
        }

        test.End("Bids");
        for (var round = 0; round < 10_000 && !test.IsFinished; round++)
        {
            AnswerSome();
        }

        test.Checkpoint();
        var expected = BidRows.Expect(lines);
        Assert.NotEmpty(expected.Late);
        Assert.Equal(expected.Prices, BidRows.Texts(test.Committed<Price>("Prices")));
        Assert.Equal(expected.Late, BidRows.Texts(test.Committed<Price>(late)));
        Assert.Equal(expected.Sums, BidRows.Texts(test.Committed<ItemSum>(sums)));

        void AnswerSome()
        {
            var open = desk.Open;
            random.Shuffle(open);
            desk.Answer(open.AsSpan(0, random.Next(open.Length + 1)));
            test.AdvanceClock(TimeSpan.Zero);
        }
    }
}
