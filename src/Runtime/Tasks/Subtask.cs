using System.ComponentModel;
using Penstock.Checkpoints;
using Penstock.Sources;
using Penstock.State;
using Penstock.Streams;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// One parallel instance of a task: a synchronous step machine that handles one message at a time and never waits. What it
/// cannot send for lack of credits stays in its outbox, and meanwhile it takes no further input.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Subtask : IDisposable
{
    private readonly TaskContext _context;
    private readonly List<IOutput> _outputs = [];
    private readonly List<Channel> _outChannels = [];
    private readonly List<Subtask> _directTargets = [];
    private readonly List<ISinkPart> _sinks = [];
    private readonly List<IStatePart> _stateParts = [];
    private readonly List<StateClock> _clocks = [];
    private readonly List<(string Name, object Instance)> _owned = [];
    private readonly Outbox _outbox = new();
    private readonly Queue<Message> _waiting = new();
    private InputChannel[] _inputs = [new()];
    private int _aligned;
    private long _passedOn = Watermarks.None;
    private long _lastFlush;
    private ISourceDriver? _source;

    private protected Subtask(TaskContext context)
    {
        _context = context;
        context.Attach(this);
    }

    /// <summary>What the subtask counts.</summary>
    public SubtaskCounters Counters { get; } = new();

    /// <summary>The watermark of all inputs together, in microseconds since the Unix epoch.</summary>
    protected long Watermark { get; private set; } = Watermarks.None;

    /// <summary>The watermark of the split whose rows are being processed, before these rows.</summary>
    protected long SplitWatermark { get; private set; } = Watermarks.None;

    internal TaskContext Context => _context;

    internal long NextCheckpoint { get; private set; } = 1;

    internal long CurrentWatermark => Watermark;

    internal ISourceDriver? Source => _source;

    private protected IEnumerable<IOutput> Exchanges => _outputs;

    internal IReadOnlyList<IStatePart> StateParts => _stateParts;

    /// <summary>How many times the subtask had to wait for credits of a channel.</summary>
    internal long BackpressureCount => _outbox.Waits;

    /// <summary>Whether something that was sent waits for credits.</summary>
    internal bool IsHeldUp => _outbox.IsBlocked;

    private protected abstract void ProcessRows(Batch batch, int from, int to);

    /// <summary>Whether outputs carry the time of this task's own watermark, as those of windows do, and not of the splits behind it.</summary>
    protected virtual bool MakesTime => false;

    /// <summary>Called when the watermark of all inputs together has moved on, before outputs learn of it.</summary>
    /// <param name="watermark">The watermark; <see cref="Watermarks.End"/> at the end of input.</param>
    protected virtual void OnWatermark(long watermark)
    {
    }

    /// <summary>Handles a message; the entry point of the mailbox.</summary>
    internal void Handle(Message message)
    {
        if (message.Kind == MessageKind.Resume)
        {
            _outbox.Resume();
            HandleWaiting();
        }
        else if (_outbox.IsBlocked)
        {
            // Bounded by the credits of the input channels.
            _waiting.Enqueue(message);
        }
        else
        {
            Step(in message);
        }

        if (!_outbox.IsBlocked && _source == null && (_context.Mailbox.IsEmpty || IsFlushDue()))
        {
            FlushOutputs();
        }
    }

    /// <summary>Whether rows may have been buffered for longer than the flush interval.</summary>
    internal bool IsFlushDue() => _context.Time.GetElapsedTime(_lastFlush) >= _context.Options.FlushInterval;

    internal void Receive(int channel, Batch batch)
    {
        Counters.RowsIn += batch.Count;
        var input = _inputs[channel];
        EnterSplit(input.Split);
        var from = 0;
        foreach (ref readonly var step in batch.Steps)
        {
            if (step.Index > from)
            {
                BeginRows(batch.Times[from]);
                ProcessRows(batch, from, step.Index);
                from = step.Index;
            }

            input.Split = step.Split;
            input.Overall = step.Overall;
            Advance(step.Split);
        }

        if (from < batch.Count)
        {
            BeginRows(batch.Times[from]);
            ProcessRows(batch, from, batch.Count);
        }
    }

    internal void Send(Channel channel, in Message message) => _outbox.Send(channel, in message);

    internal void FlushOutputs()
    {
        _lastFlush = _context.Time.GetTimestamp();
        foreach (var output in _outputs)
        {
            output.Flush();
        }

        foreach (var target in _directTargets)
        {
            target.FlushOutputs();
        }
    }

    /// <summary>Takes the checkpoint: every input is at its barrier.</summary>
    internal void TakeCheckpoint(long checkpoint)
    {
        foreach (var output in _outputs)
        {
            output.Flush();
        }

        foreach (var clock in _clocks)
        {
            clock.Pass(Watermark);
        }

        var snapshot = new SubtaskSnapshot(_context.TaskId, _context.Subtask, Counters.Copy());
        foreach (var part in _stateParts)
        {
            snapshot.Parts.Add(new FrozenState(part.Id, part.Schema, part.Freeze(_context.IsWholeCheckpoint)));
        }

        foreach (var sink in _sinks)
        {
            snapshot.Prepared.Add(new PreparedSink(sink.Id, sink.PrepareAsync(checkpoint).AsTask()));
        }

        NextCheckpoint = checkpoint + 1;
        foreach (var channel in _outChannels)
        {
            Send(channel, new Message(MessageKind.Barrier, Checkpoint: checkpoint));
        }

        foreach (var target in _directTargets)
        {
            target.TakeCheckpoint(checkpoint);
        }

        _context.Acknowledge(checkpoint, snapshot);
    }

    /// <summary>Begins after a restore: the next checkpoint's id is known, inputs have their channels.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    /// <param name="inputs">The channels of the inputs; none where the sender calls directly.</param>
    /// <param name="reached">The furthest watermark that the sources of the subtask had reached in the restored checkpoint.</param>
    internal void Open(long nextCheckpoint, Channel[] inputs, long reached)
    {
        NextCheckpoint = nextCheckpoint;
        _clocks.ForEach(clock => clock.Open(reached));
        foreach (var part in _stateParts)
        {
            part.Restored();
        }

        if (inputs.Length > 0)
        {
            _inputs = [.. inputs.Select(channel => new InputChannel { Channel = channel })];
        }
    }

    internal void Register(IOutput output) => _outputs.Add(output);

    internal void Register(Channel channel) => _outChannels.Add(channel);

    internal void Register(Subtask target) => _directTargets.Add(target);

    internal void Register(ISinkPart sink) => _sinks.Add(sink);

    internal void Register(IStatePart part) => _stateParts.Add(part);

    internal void Register(StateClock clock)
    {
        _stateParts.Add(clock);
        _clocks.Add(clock);
    }

    internal void Register(ISourceDriver source) => _source = source;

    /// <summary>Sees to it that an object is disposed when the subtask is, if it can be.</summary>
    /// <param name="name">What it is, for messages.</param>
    /// <param name="instance">The object.</param>
    internal void Own(string name, object instance)
    {
        if (instance is IDisposable or IAsyncDisposable && !_owned.Exists(owned => ReferenceEquals(owned.Instance, instance)))
        {
            _owned.Add((name, instance));
        }
    }

    /// <summary>Makes sinks give up that wait for something outside; on any thread.</summary>
    internal void InterruptSinks() => _sinks.ForEach(sink => _context.Close($"sink '{sink.Id}'", "interrupted", sink.Interrupt));

    /// <summary>Closes readers and writers, and disposes the source, the sinks and the operators.</summary>
    public void Dispose()
    {
        if (_source is { } source)
        {
            _context.Close($"source '{source.Id}'", "closed", source.Dispose);
        }

        foreach (var sink in _sinks)
        {
            _context.Close($"sink '{sink.Id}'", "closed", sink.Dispose);
        }

        // What was made later may use what was made before.
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
            // On a thread without a context: what is awaited in it must not wait for this one.
            Task.Run(() => asynchronous.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        }
    }

    private void Step(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Pump:
                _source!.Pump();
                break;
            case MessageKind.Trigger:
                var mode = (CheckpointMode)message.Channel;
                if (mode == CheckpointMode.Drain)
                {
                    _source!.Drain();
                }
                else if (mode.IsLast())
                {
                    _source!.Stop();
                }

                TakeCheckpoint(message.Checkpoint);
                break;
            case MessageKind.Batch or MessageKind.Barrier:
                StepInput(in message);
                break;
            case MessageKind.Resume:
            default:
                throw new InvalidOperationException($"A subtask does not step at such a message: {message.Kind}.");
        }
    }

    private void StepInput(in Message message)
    {
        var input = _inputs[message.Channel];
        if (input.Parked != null)
        {
            // The channel is past its barrier: it gets no credits back, so it cannot go on for long.
            input.Park(in message);
        }
        else if (message.Kind == MessageKind.Barrier)
        {
            input.Channel!.ReturnCredit();
            input.BeginToPark();
            if (++_aligned == _inputs.Length)
            {
                TakeCheckpoint(message.Checkpoint);
                Unpark();
            }
        }
        else
        {
            Receive(message.Channel, message.Batch!);
            message.Batch!.Release();
            input.Channel!.ReturnCredit();
        }
    }

    private void Unpark()
    {
        _aligned = 0;

        // What was parked came before what waits.
        var later = _waiting.ToArray();
        _waiting.Clear();
        foreach (var input in _inputs)
        {
            foreach (var message in input.Unpark())
            {
                _waiting.Enqueue(message);
            }
        }

        foreach (var message in later)
        {
            _waiting.Enqueue(message);
        }

        HandleWaiting();
    }

    private void HandleWaiting()
    {
        while (!_outbox.IsBlocked && _waiting.TryDequeue(out var message))
        {
            Step(in message);
        }
    }

    private void BeginRows(long first)
    {
        foreach (var clock in _clocks)
        {
            clock.Begin(SplitWatermark, Watermark, first);
        }
    }

    private void EnterSplit(long split)
    {
        if (split != SplitWatermark)
        {
            SplitWatermark = split;
            if (!MakesTime)
            {
                StepOutputs(split, _passedOn);
            }
        }
    }

    private void Advance(long split)
    {
        var overall = Watermarks.End;
        var furthest = Watermarks.None;
        foreach (var input in _inputs)
        {
            overall = Math.Min(overall, input.Overall);
            furthest = Math.Max(furthest, input.Furthest);
        }

        var isIdle = overall == Watermarks.Idle;
        var reached = Watermarks.Reached(overall, furthest);

        // The watermark never goes back.
        var moved = reached > Watermark;
        if (moved)
        {
            Watermark = reached;
            OnWatermark(reached);
            if (isIdle)
            {
                StepOutputs(MakesTime ? Watermark : split, Watermark);
            }
        }

        var splitMoved = split != SplitWatermark;
        SplitWatermark = split;
        var passedOn = isIdle ? Watermarks.Idle : Watermark;
        if (passedOn != _passedOn || (splitMoved && !MakesTime))
        {
            _passedOn = passedOn;
            StepOutputs(MakesTime ? Watermark : split, passedOn);
        }
    }

    private void StepOutputs(long split, long overall)
    {
        foreach (var output in _outputs)
        {
            output.Step(split, overall);
        }
    }
}
