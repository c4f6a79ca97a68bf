using System.Threading.Tasks.Sources;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Tasks.Calls;

/// <summary>After warm-up, the engine allocates nothing for a call, whether it completes at once or later.</summary>
public sealed class CallAllocationTests
{
    private const int BatchSize = 64;
    private const int WarmUp = 200;
    private const int Measured = 1000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calls_allocate_nothing(bool atOnce)
    {
        var answers = new Answers(atOnce);
        var environment = TestEnvironment.Create("Test", new PipelineOptions { BatchSize = BatchSize }, answers) with
        {
            Connectors = new SourceOverrides(static _ => new Nothing()),
            CreateMailbox = static (_, _, handle) => new ManualMailbox(handle),
        };
        using var graph = environment.GraphOf<PooledPipeline>();
        var task = graph.SubtaskOf(nameof(PooledPipeline.Prices), 0);
        var (group, mailbox) = (task.Context.Group, (ManualMailbox)task.Context.Group.Mailbox);
        var batches = new BatchPool<Bid>(BatchSize);
        long allocated = 0;
        for (var round = 0; round < WarmUp + Measured; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var batch = batches.Rent();
            batch.AddWatermark(round, round);
            for (var row = 0; row < BatchSize; row++)
            {
                batch.Add(new Bid("a", row, row), row);
            }

            group.Handle(new Message(MessageKind.Batch, task.Inputs[0], batch));
            answers.CompleteAll();
            while (mailbox.TryHandleNext())
            {
                answers.CompleteAll();
            }

            allocated += round < WarmUp ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal((WarmUp + Measured) * BatchSize, answers.Count);
    }

    private sealed class Nothing : ISource<Bid>
    {
        public IReadOnlyList<SourceSplit> Discover() => [];

        public ISplitReader<Bid> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
            throw new NotSupportedException();
    }
}

[Pipeline]
public sealed partial class PooledPipeline
{
    [FileSource("bids.csv")]
    public partial Stream<Bid> Bids { get; }

    [Apply<PriceFromPool>(nameof(Bids))]
    public partial Stream<Price> Prices { get; }

    [Apply<NoPrice>(nameof(Prices))]
    [FileSink("prices.csv")]
    public partial Stream<Price> None { get; }
}

[Operator]
public sealed partial class NoPrice
{
    [Filter]
    private static bool IsNegative(in Price price) => price.Value < 0;
}

[Operator]
public sealed partial class PriceFromPool(Answers answers)
{
    [AsyncMap(Concurrency = 16)]
    private ValueTask<Price> PriceAsync(in Bid bid, CancellationToken cancellation) =>
        answers.GetAsync(new Price(bid.Item, bid.At, bid.Number, 1));
}

/// <summary>Answers that use the same objects again.</summary>
public sealed class Answers(bool atOnce)
{
    private readonly Stack<Answer> _free = [];
    private readonly Queue<Answer> _open = [];

    /// <summary>The number of calls.</summary>
    public int Count { get; private set; }

    public ValueTask<Price> GetAsync(Price price)
    {
        Count++;
        if (atOnce)
        {
            return new(price);
        }

        var answer = _free.TryPop(out var free) ? free : new Answer(_free);
        _open.Enqueue(answer);
        return answer.Begin(price);
    }

    public void CompleteAll()
    {
        while (_open.TryDequeue(out var answer))
        {
            answer.Complete();
        }
    }

    private sealed class Answer(Stack<Answer> free) : IValueTaskSource<Price>
    {
        private ManualResetValueTaskSourceCore<Price> _core;
        private Price _price;

        public ValueTask<Price> Begin(Price price)
        {
            _core.Reset();
            _price = price;
            return new(this, _core.Version);
        }

        public void Complete() => _core.SetResult(_price);

        public Price GetResult(short token)
        {
            var price = _core.GetResult(token);
            free.Push(this);
            return price;
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
