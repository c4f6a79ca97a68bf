using System.ComponentModel;
using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.State;
using Penstock.Threads;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// One parallel instance of a task: a synchronous state machine. Rows, watermarks and barriers arrive over its input channels, by a direct
/// call from inside its execution group or from a queue of the group.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract partial class Subtask : IDisposable
{
    private readonly TaskContext _context;
    private readonly List<IOutput> _outputs = [];

    // Outputs of input rows: they get the watermarks of the splits.
    private readonly List<IOutput> _inTimeOfSplits = [];

    // Outputs of results of this task: they get its own watermark.
    private readonly List<IOutput> _inOwnTime = [];
    private readonly List<OutputEdge> _edges = [];
    private readonly List<ISinkPart> _sinks = [];
    private readonly List<IStatePart> _stateParts = [];
    private readonly List<StateClock> _clocks = [];
    private readonly List<(string Name, object Instance)> _owned = [];
    private readonly InputChannel[] _inputs;
    private readonly Outbox _outbox;
    private IDueState? _due;
    private int _aligned;
    private long _aligning;
    private ISourceDriver? _source;
    private ICallDriver? _calls;

    private protected Subtask(TaskContext context)
    {
        _context = context;
        _inputs = context.Inputs;
        HasPreferredInput = Array.Exists(_inputs, static input => input.IsPreferred);
        _outbox = context.Group.Outbox;
        context.Attach(this);
    }

    /// <summary>The counters of the subtask.</summary>
    public SubtaskCounters Counters { get; } = new();

    internal TaskContext Context => _context;

    internal long NextCheckpoint { get; private set; } = 1;

    internal ISourceDriver? Source => _source;

    /// <summary>Its asynchronous calls, which take its input and give it their results; null if it makes none.</summary>
    internal ICallDriver? Calls => _calls;

    /// <summary>The channels of its inputs; for a source, one that the driver fills.</summary>
    internal InputChannel[] Inputs => _inputs;

    /// <summary>Indicates whether some of its channels take precedence over others.</summary>
    internal bool HasPreferredInput { get; }

    private protected IEnumerable<IOutput> Outputs => _outputs;

    internal IReadOnlyList<IStatePart> StateParts => _stateParts;

    /// <summary>The number of times that the subtask waited for credits of a channel.</summary>
    internal long BackpressureCount { get; private set; }

    internal void Send(Channel channel, in Message message) => BackpressureCount += _outbox.Send(channel, in message) ? 1 : 0;

    /// <summary>Sends the buffered output of this subtask.</summary>
    internal void FlushOutputs()
    {
        foreach (var output in _outputs)
        {
            output.Flush();
        }
    }

    /// <summary>
    /// Records that a channel has reached its barrier. When all channels have, the checkpoint is taken: all channels carry the same
    /// barriers in the same order, including those of failed checkpoints.
    /// </summary>
    /// <returns><c>true</c> if all channels have reached it.</returns>
    internal bool Align(in CheckpointBarrier barrier)
    {
        if (_aligned > 0 && barrier.Checkpoint != _aligning)
        {
            throw new InvalidOperationException(
                $"The barrier of checkpoint {barrier.Checkpoint} has come while others of the same subtask are at checkpoint {_aligning}.");
        }

        _aligning = barrier.Checkpoint;
        if (++_aligned < _inputs.Length)
        {
            return false;
        }

        _aligned = 0;
        TakeCheckpoint(in barrier);
        return true;
    }

    /// <summary>Takes the checkpoint. Every input is at its barrier.</summary>
    internal void TakeCheckpoint(in CheckpointBarrier barrier)
    {
        FlushOutputs();
        foreach (var clock in _clocks)
        {
            if (_suspension.IsFiring)
            {
                clock.Await(Watermark);
            }
            else
            {
                clock.Pass(Watermark);
            }
        }

        var snapshot = new SubtaskSnapshot(_context.TaskId, _context.Subtask, TaskCounters.Of(Counters));
        foreach (var part in _stateParts)
        {
            snapshot.Parts.Add(new FrozenState(part.Id, part.Schema, part.KeyGroups, part.Freeze(barrier.IsWhole)));
        }

        foreach (var sink in _sinks)
        {
            snapshot.Prepared.Add(new PreparedSink(sink.Id, barrier.Checkpoint, sink.PrepareAsync(barrier.Checkpoint)));
        }

        NextCheckpoint = barrier.Checkpoint + 1;
        foreach (var edge in _edges)
        {
            edge.Send(this, in barrier);
        }

        _context.Acknowledge(barrier.Checkpoint, snapshot);
    }

    /// <summary>Starts after a restore, when the id of the next checkpoint is known.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    /// <param name="reached">The watermark that the subtask had reached in the restored checkpoint.</param>
    internal void Open(long nextCheckpoint, long reached)
    {
        NextCheckpoint = nextCheckpoint;
        _calls?.Open();
        _clocks.ForEach(clock => clock.Open(reached));
        foreach (var part in _stateParts)
        {
            part.Restored();
        }

        if (_due?.IsDue == true)
        {
            // What is due fires before all rows.
            SuspendFiring(step: null);
        }
        else
        {
            _clocks.ForEach(static clock => clock.Pass(Watermarks.None));
        }
    }

    internal void Register(OutputEdge edge) => _edges.Add(edge);

    /// <summary>Adds an output.</summary>
    /// <param name="output">The output.</param>
    /// <param name="carriesSplits">
    /// <c>true</c> if its rows are input rows, even if the task also produces results with its own watermark.
    /// </param>
    internal void Register(IOutput output, bool carriesSplits = false)
    {
        _outputs.Add(output);
        (carriesSplits || !EmitsOwnWatermark ? _inTimeOfSplits : _inOwnTime).Add(output);
    }

    internal void Register(ISinkPart sink) => _sinks.Add(sink);

    internal void Register(IStatePart part) => _stateParts.Add(part);

    internal void Register(IDueState due) => _due = due;

    internal void Register(StateClock clock)
    {
        _stateParts.Add(clock);
        _clocks.Add(clock);
    }

    internal void Register(ISourceDriver source) => _source = source;

    internal void Register(ICallDriver calls) => _calls = calls;

    /// <summary>Disposes an object together with the subtask, if it is disposable.</summary>
    /// <param name="name">The name of the object, for messages.</param>
    /// <param name="instance">The object.</param>
    internal void Own(string name, object instance)
    {
        if (instance is IDisposable or IAsyncDisposable && !_owned.Exists(owned => ReferenceEquals(owned.Instance, instance)))
        {
            _owned.Add((name, instance));
        }
    }

    /// <summary>Interrupts sinks that wait for an external system. May be called on any thread.</summary>
    internal void InterruptSinks() => _sinks.ForEach(sink => _context.Close($"sink '{sink.Id}'", "interrupted", sink.Interrupt));

    /// <summary>The sinks whose writers have background work.</summary>
    internal IEnumerable<string> UnsettledSinks => _sinks.Where(static sink => !sink.Settled.IsCompleted).Select(static sink => sink.Id);

    /// <summary>
    /// Returns a task that completes, possibly with an error, when no sink writer has background work. Called when the subtask handles no
    /// more messages.
    /// </summary>
    internal Task SinksSettled() => Task.WhenAll(_sinks.Select(static sink => sink.Settled));

    /// <summary>Closes readers and writers, and disposes the source, the sinks and the operators.</summary>
    public void Dispose()
    {
        if (_source is { } source)
        {
            _context.Close($"source '{source.Id}'", "closed", source.Dispose);
        }

        if (_calls is { } calls)
        {
            _context.Close($"the calls of task '{_context.TaskId}'", "closed", calls.Dispose);
        }

        foreach (var sink in _sinks)
        {
            _context.Close($"sink '{sink.Id}'", "closed", sink.Dispose);
        }

        // Objects created later may use earlier ones.
        for (var index = _owned.Count - 1; index >= 0; index--)
        {
            var (name, instance) = _owned[index];
            _context.Close(name, "disposed", () => DisposeOwned(instance));
        }

        _owned.Clear();
        GC.SuppressFinalize(this);
    }

    private static void DisposeOwned(object instance)
    {
        if (instance is IDisposable disposable)
        {
            disposable.Dispose();
        }
        else if (instance is IAsyncDisposable asynchronous)
        {
            // On a thread without a synchronization context: a continuation in it must not wait for this thread.
            ThreadBackground.Instance.RunAsync(() => asynchronous.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        }
    }
}
