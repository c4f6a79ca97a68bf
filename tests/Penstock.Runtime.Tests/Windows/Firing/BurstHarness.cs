using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>
/// Handles the messages of a pipeline in an order that a seed decides, and measures after each message how many others wait.
/// </summary>
internal sealed class BurstHarness<T> : EngineHarness<T>
    where T : class, IPipeline
{
    private readonly TestConnectors _connectors;
    private readonly Random _random;
    private readonly Dictionary<string, int> _longestOutbox = [];
    private readonly string? _slowest;

    /// <param name="seed">Decides the order.</param>
    /// <param name="parallelism">The parallelism of all tasks.</param>
    /// <param name="batchSize">The rows of a batch.</param>
    /// <param name="channelCapacity">The batches that a channel takes.</param>
    /// <param name="slowest">The task that handles a message only if no other one has any, or null if there is none.</param>
    public BurstHarness(int seed, int parallelism, int batchSize, int channelCapacity = 1, string? slowest = null)
        : this(
            seed,
            new PipelineOptions { Parallelism = parallelism, BatchSize = batchSize, ChannelCapacity = channelCapacity },
            slowest,
            new TestConnectors(splitsPerSource: 1))
    {
    }

    private BurstHarness(int seed, PipelineOptions options, string? slowest, TestConnectors connectors)
        : base(TestEnvironment.Create("Bursts", options) with { Connectors = connectors })
    {
        _connectors = connectors;
        _random = new Random(seed);
        _slowest = slowest;
        Start();
    }

    /// <summary>How many times a subtask was suspended.</summary>
    public int Suspensions { get; private set; }

    /// <summary>The most messages that waited for credits in one group.</summary>
    public int LongestOutbox => _longestOutbox.Values.Max();

    /// <summary>The most batches that waited in front of one suspended subtask.</summary>
    public int MaxWaiting { get; private set; }

    /// <summary>The most messages that waited for credits in one group with a given first task.</summary>
    public int LongestOutboxOf(string task) => _longestOutbox[task];

    /// <summary>Sends all rows of a source.</summary>
    public void Send<TRow>(string source, IEnumerable<TRow> rows)
    {
        var to = _connectors.SourceOf<TRow>(source);
        to.Send(0, [.. rows]);
        to.End();
    }

    public IReadOnlyList<TRow> Read<TRow>(string stream) =>
        [.. _connectors.SinkOf<TRow>(stream, T.Plan).Take().Select(static change => change.Row)];

    /// <summary>Handles one message of one subtask.</summary>
    public override bool Step()
    {
        var ready = ReadyMailboxes(isSlowest: false);
        ready = ready.Count > 0 ? ready : ReadyMailboxes(isSlowest: true);
        if (ready.Count == 0)
        {
            return false;
        }

        var before = Graph.Subtasks.Where(static subtask => subtask.IsSuspended).ToHashSet();
        Mailboxes[ready[_random.Next(ready.Count)]].TryHandleNext();
        ThrowIfFailed();
        Suspensions += Graph.Subtasks.Count(subtask => subtask.IsSuspended && !before.Contains(subtask));
        foreach (var group in Graph.Subtasks.Select(static subtask => subtask.Context.Group).Distinct())
        {
            _longestOutbox[group.Task] = Math.Max(_longestOutbox.GetValueOrDefault(group.Task), group.Outbox.Count);
        }

        MaxWaiting = Math.Max(MaxWaiting, Graph.Subtasks.Max(static subtask => subtask.WaitingBatches));
        return true;
    }

    private List<int> ReadyMailboxes(bool isSlowest) =>
        [.. Enumerable.Range(0, Mailboxes.Count).Where(index => !Mailboxes[index].IsEmpty && Tasks[index] == _slowest == isSlowest)];
}
