using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Firing;

/// <summary>
/// Runs a pipeline one message at a time, those of its groups in an order that a seed has, and looks at every group after each of them.
/// </summary>
internal sealed class BurstRig<T> : IDisposable
    where T : class, IPipeline
{
    private readonly List<ManualMailbox> _mailboxes = [];
    private readonly List<ManualMailbox> _last = [];
    private readonly TestConnectors _connectors = new(splitsPerSource: 1);
    private readonly ExecutionGraph _graph;
    private readonly Random _random;
    private readonly Dictionary<string, int> _longestOutbox = [];
    private readonly string? _slowest;
    private Exception? _failure;

    /// <param name="seed">Decides the order.</param>
    /// <param name="parallelism">The parallelism of all tasks.</param>
    /// <param name="batchSize">The rows of a batch.</param>
    /// <param name="channelCapacity">The batches that a channel takes.</param>
    /// <param name="slowest">The task that handles a message only where no other one has any; null where there is none.</param>
    public BurstRig(int seed, int parallelism, int batchSize, int channelCapacity = 1, string? slowest = null)
    {
        _slowest = slowest;
        _random = new Random(seed);
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = batchSize, ChannelCapacity = channelCapacity };
        _graph = new ExecutionGraph(PipelineDefinition.Of<T>(), new ExecutionEnvironment(
            "Bursts",
            options,
            new ServiceCollection().BuildServiceProvider(),
            NullLogger.Instance)
        {
            Time = new ManualTimeProvider(),
            Files = new MemoryFileSystem(),
            CreateMailbox = CreateMailbox,
            Connectors = _connectors,
        })
        {
            Failed = error => _failure = error,
            AllEnded = () => HasEnded = true,
        };
        _graph.OpenSources(isFinished: false);
        _graph.Open(nextCheckpoint: 1);
    }

    /// <summary>Whether everything has come to its end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How many times a subtask was suspended.</summary>
    public int Suspensions { get; private set; }

    /// <summary>The most messages that waited for credits in one group.</summary>
    public int LongestOutbox => _longestOutbox.Values.Max();

    /// <summary>The most batches that waited in front of one subtask that was suspended.</summary>
    public int MaxWaiting { get; private set; }

    public IEnumerable<Subtask> Subtasks => _graph.Subtasks;

    /// <summary>The most messages that waited for credits in one group whose first task it is.</summary>
    public int LongestOutboxOf(string task) => _longestOutbox[task];

    public void Send<TRow>(string source, IEnumerable<TRow> rows)
    {
        var to = _connectors.SourceOf<TRow>(source);
        to.Send(0, [.. rows]);
        to.End();
    }

    /// <summary>Handles all messages.</summary>
    public void Run()
    {
        _graph.Start();
        while (TryStep())
        {
            Assert.Null(_failure);
        }
    }

    public IReadOnlyList<TRow> Read<TRow>(string stream) =>
        [.. _connectors.SinkOf<TRow>(stream, T.Plan).Take().Select(static change => change.Row)];

    public void Dispose() => _graph.Dispose();

    private ManualMailbox CreateMailbox(string task, int index, Action<Message> handle)
    {
        var mailbox = new ManualMailbox(handle);
        (task == _slowest ? _last : _mailboxes).Add(mailbox);
        return mailbox;
    }

    private bool TryStep()
    {
        var ready = _mailboxes.Where(static mailbox => !mailbox.IsEmpty).ToList();
        ready = ready.Count > 0 ? ready : _last.FindAll(static mailbox => !mailbox.IsEmpty);
        if (ready.Count == 0)
        {
            return false;
        }

        var before = _graph.Subtasks.Where(static subtask => subtask.IsSuspended).ToHashSet();
        ready[_random.Next(ready.Count)].TryHandleNext();
        Suspensions += _graph.Subtasks.Count(subtask => subtask.IsSuspended && !before.Contains(subtask));
        foreach (var group in _graph.Subtasks.Select(static subtask => subtask.Context.Group).Distinct())
        {
            _longestOutbox[group.Task] = Math.Max(_longestOutbox.GetValueOrDefault(group.Task), group.Outbox.Count);
        }

        MaxWaiting = Math.Max(MaxWaiting, _graph.Subtasks.Max(static subtask => subtask.WaitingBatches));
        return true;
    }
}
