using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Network;
using Penstock.Sinks;
using Penstock.Sources;
using Penstock.State;
using Penstock.Testing;
using Penstock.Time;
using Penstock.Windows;

namespace Penstock.Tasks;

/// <summary>What a generated task is wired to when one of its subtasks is created.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TaskContext
{
    private readonly PipelineGraph _graph;
    private readonly PlanTask _task;
    private Subtask _owner = null!;

    internal TaskContext(PipelineGraph graph, TaskNetwork network, PlanTask task, int subtask)
    {
        _graph = graph;
        _task = task;
        Subtask = subtask;
        Services = ServicesFor(graph.DescribeOperators(task.Id));
        IsTemplate = network.IsTemplate(task.Id, subtask);
        Group = network.GroupOf(task.Id, subtask);
        Inputs = network.InputsOf(task.Id, subtask);
    }

    /// <summary>The services from which operators are created.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The index of the subtask, from 0.</summary>
    public int Subtask { get; }

    /// <summary>How many subtasks the task has.</summary>
    public int Parallelism => _graph.Parallelism.Of(TaskId);

    internal string TaskId => _task.Id;

    /// <summary>Whether the subtask does no work, and only says of what kind the others are, which lie on other nodes.</summary>
    internal bool IsTemplate { get; }

    /// <summary>How many subtasks of the task lie on this node.</summary>
    internal int SubtasksHere => _graph.CountHere(TaskId);

    /// <summary>The group in which the subtask runs.</summary>
    internal ExecutionGroup Group { get; }

    /// <summary>The channels of its inputs.</summary>
    internal InputChannel[] Inputs { get; }

    internal string PipelineName => _graph.Environment.Name;

    internal PipelineOptions Options => _graph.Environment.Options;

    internal TimeProvider Time => _graph.Environment.Time;

    internal ILogger Log => _graph.Environment.Log;

    internal TimeAlignment? Alignment => _graph.Alignment;

    internal KeyRange KeyRange => new(Subtask, Parallelism, Options.KeyGroups);

    /// <summary>Reads a source with this task.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TTime">Reads the event time of a row.</typeparam>
    /// <param name="id">The id of the source.</param>
    /// <param name="create">Creates the source.</param>
    /// <param name="time">What the compiler knows of its event time; configuration overrides the delays.</param>
    /// <param name="badRowPolicy">What to do with rows that cannot be read; configuration overrides it.</param>
    /// <param name="onBadRow">Takes the bad rows of the side output; null when there is none.</param>
    /// <param name="columns">What the compiler knows of the columns of a source that asks for them; null where it does not ask.</param>
    public void Source<T, TTime>(
        string id, Func<SourceContext, ISource<T>> create, EventTimeSettings time, BadRowPolicy badRowPolicy = BadRowPolicy.Fail, Action<BadRow>? onBadRow = null, SourceColumns<T>? columns = null)
        where TTime : struct, IEventTime<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(time);
        var options = Options.SourceOptions(id);
        var source = _graph.Environment.Connectors?.Source(id, sent => CreateSourceOver(sent, id, options, options.OnBadRow ?? badRowPolicy, create))
            ?? CreateSource(id, options, options.OnBadRow ?? badRowPolicy, create);
        OwnSource(id, source);
        if (columns != null && source is IProjectionSource projected)
        {
            SourceErrors.Explained(PipelineName, id, "learn its columns", () =>
            {
                projected.SetProjection(columns.Schema);
                return true;
            });
        }

        var positionName = SourceErrors.Explained(PipelineName, id, "say what its positions are called", () => source.PositionName);
        var badRows = new BadRowHandler(PipelineName, id, options.OnBadRow ?? badRowPolicy, Options.IncludeRowText, positionName, onBadRow, _owner.Counters, SharedBySubtasks(id, static () => new FirstSkipped()), _graph.Environment.Log);
        var overridden = time with
        {
            MaxDelayMicros = options.MaxDelay is { } delay ? delay.Ticks / TimeSpan.TicksPerMicrosecond : time.MaxDelayMicros,
            IdleMicros = options.Idle is { } idle ? idle.Ticks / TimeSpan.TicksPerMicrosecond : time.IdleMicros,
        };
        var rate = options.Rate is { } rowsPerSecond ? SharedBySubtasks(id, () => new RateLimiter(Time, rowsPerSecond * SubtasksHere / Parallelism)) : null;
        var driver = new SourceDriver<T, TTime>((Subtask<T>)_owner, this, id, source, overridden, badRows, rate, columns);
        _owner.Register((ISourceDriver)driver);
        _owner.Register((IStatePart)driver);
    }

    /// <summary>Sees to it that an operator is disposed, once, when the subtask ends.</summary>
    /// <typeparam name="T">The type of the operator.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="instance">The operator.</param>
    /// <returns>The operator.</returns>
    public T Own<T>(string id, T instance)
        where T : class
    {
        _owner.Own($"operator '{id}'", instance);
        return instance;
    }

    /// <summary>Connects this task with a keyed task that reads from it.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="toTask">The id of that task.</param>
    /// <param name="key">Reads the key of a row as text, for messages.</param>
    /// <param name="input">The input of that task.</param>
    /// <param name="carriesSplits">Whether the rows are those that came in, with the watermarks of their splits, also where the task makes results in its own time.</param>
    /// <returns>The output.</returns>
    public ExchangeOutput<T> Exchange<T>(string toTask, Func<T, string?> key, int input = 0, bool carriesSplits = false)
    {
        var output = new ExchangeOutput<T>(_owner, toTask, key, Connect(toTask, input), Options.BatchSize, Options.KeyGroups);
        _owner.Register(output, carriesSplits);
        return output;
    }

    /// <summary>Connects this task with a task that takes rows without a look at their keys.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="toTask">The id of that task.</param>
    /// <param name="input">The input of that task.</param>
    /// <param name="carriesSplits">Whether the rows are those that came in, with the watermarks of their splits, also where the task makes results in its own time.</param>
    /// <returns>The output.</returns>
    public ForwardOutput<T> Forward<T>(string toTask, int input, bool carriesSplits = false)
    {
        var output = new ForwardOutput<T>(_owner, Connect(toTask, input), Options.BatchSize);
        _owner.Register(output, carriesSplits);
        return output;
    }

    /// <summary>Delivers rows of this task to a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="stream">The id of the stream that is delivered.</param>
    /// <param name="id">The id of the sink, unique in the pipeline.</param>
    /// <param name="create">Creates the sink.</param>
    /// <param name="columns">What the compiler knows of the columns of a sink that asks for them; null where it does not ask.</param>
    /// <returns>The output.</returns>
    public SinkOutput<T> Sink<T>(string stream, string id, Func<SinkContext, ISink<T>> create, SinkColumns<T>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        var sink = _graph.Environment.Connectors?.Sink<T>(stream, id)
            ?? CreateSink(id, Options.SinkOptions(id, stream), create);
        if (columns != null && sink is ISchemaSink described)
        {
            SinkErrors.Explained(PipelineName, id, "learn its columns", () =>
            {
                described.SetSchema(columns.Schema);
                return true;
            });
        }

        if (_graph.Placement.IsFirst)
        {
            _graph.Sinks.Add(id, () => new ExplainingCommitter(SinkErrors.Explained(PipelineName, id, "create its committer", sink.CreateCommitter), PipelineName, id));
        }

        var writer = IsTemplate ? new NoWriter<T>() : OfRows(id, sink, SinkErrors.Explained(PipelineName, id, "open a writer", () => sink.OpenWriter(Subtask)), columns);
        var output = new SinkOutput<T>(_owner, id, writer, Options.BatchSize);
        _owner.Register((IOutput)output);
        _owner.Register((ISinkPart)output);
        return output;
    }

    /// <summary>Shows a test the rows of a stream without a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="stream">The id of the stream.</param>
    /// <returns>The output.</returns>
    public TapOutput<T> Tap<T>(string stream) => new(_graph.Environment.Connectors!.Tap<T>(stream));

    /// <summary>Creates the state of a keyed operator.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">Writes and reads the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="clock">The time by which state expires; null where none does.</param>
    /// <returns>The table.</returns>
    public KeyedTable<TKey, TState, TStateCodec> Table<TKey, TState, TStateCodec>(string id, StateClock? clock = null)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var table = new KeyedTable<TKey, TState, TStateCodec>(id, KeyRange, Memory(id, ""), Secret(id), clock);
        _owner.Register(table);
        return table;
    }

    /// <summary>Creates the windows of a tumbling-window operator.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">Writes and reads the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="sizeMicros">The length of a window in microseconds.</param>
    /// <param name="offsetMicros">The shift of the window boundaries in microseconds.</param>
    /// <param name="latenessMicros">The allowed lateness in microseconds.</param>
    /// <returns>The windows.</returns>
    public WindowTable<TKey, TState, TStateCodec> Windows<TKey, TState, TStateCodec>(string id, long sizeMicros, long offsetMicros, long latenessMicros)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var windows = new WindowTable<TKey, TState, TStateCodec>(id, KeyRange, _owner.Counters, Memory(id, ""), Secret(id), sizeMicros, offsetMicros, latenessMicros);
        _owner.Register((IStatePart)windows);
        _owner.Register((IWindows)windows);
        return windows;
    }

    /// <summary>Creates the state of a windowed operator that is per key, over all windows.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">Writes and reads the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="clock">The time by which state expires; null where none does.</param>
    /// <returns>The table.</returns>
    public KeyedTable<TKey, TState, TStateCodec> KeyTable<TKey, TState, TStateCodec>(string id, StateClock? clock = null)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var table = new KeyedTable<TKey, TState, TStateCodec>(id + "/key", KeyRange, Memory(id, "/key"), Secret(id), clock);
        _owner.Register(table);
        return table;
    }

    /// <summary>Creates the scope of a keyed operator with collection states.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="clock">The time by which state expires; null where none does.</param>
    /// <returns>The scope.</returns>
    public KeyScope<TKey> Scope<TKey>(string id, StateClock? clock = null)
        where TKey : struct, IKey<TKey> => new(this, id, null, clock);

    /// <summary>Creates the scope of a windowed operator with collection states.</summary>
    /// <typeparam name="TKey">The key type.</typeparam>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <typeparam name="TStateCodec">Writes and reads the state.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="windows">Its windows.</param>
    /// <param name="clock">The time by which state expires; null where none does.</param>
    /// <returns>The scope.</returns>
    public KeyScope<TKey> Scope<TKey, TState, TStateCodec>(string id, WindowTable<TKey, TState, TStateCodec> windows, StateClock? clock = null)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState> => new(this, id, windows, clock);

    /// <summary>Creates the time by which the state of an operator expires.</summary>
    /// <param name="id">The id of the operator.</param>
    /// <param name="gridMicros">The steps in which the watermark counts, in microseconds; 0 where the rows have no event time.</param>
    /// <returns>The clock.</returns>
    public StateClock Clock(string id, long gridMicros)
    {
        var clock = new StateClock(id, Time, gridMicros);
        _owner.Register(clock);
        return clock;
    }

    internal void Register(IStatePart part) => _owner.Register(part);

    /// <summary>Says where a row of a batch came from, for messages.</summary>
    internal string DescribeInputs() => $"a row that task {string.Join(" or ", _task.Inputs.Select(static edge => $"'{edge.From}'").Distinct())} sent{(_task.Inputs.Any(static edge => edge.Partitioning == Partitioning.Hash) ? " by key" : "")}";

    /// <summary>Makes the exception for what was thrown in the subtask outside of a call of an operator, as where a codec copies a state before its window fires.</summary>
    internal OperatorException Failed(Exception error)
    {
        var who = $"{_graph.DescribeOperators(TaskId)}, subtask {Subtask} of task '{TaskId}'";
        return new OperatorException($"Pipeline '{PipelineName}': {who} failed: {error.GetType().Name}: {error.Message}", error)
        {
            Place = new FailurePlace(who, IsExact: false),
        };
    }

    internal TableSecret Secret(string id) => _graph.Secret.Of(id);

    internal StateMemory Memory(string id, string part, bool countsKeys = true) => _graph.State.For(id, part, countsKeys);

    private TShared SharedBySubtasks<TShared>(string sourceId, Func<TShared> create)
        where TShared : class
    {
        var shared = _graph.SharedOf(sourceId);
        if (!shared.TryGetValue(typeof(TShared), out var value))
        {
            shared[typeof(TShared)] = value = create();
        }

        return (TShared)value;
    }

    private ISource<T> CreateSource<T>(string id, SourceOptions options, BadRowPolicy onBadRow, Func<SourceContext, ISource<T>> create)
    {
        var context = new SourceContext(id, PipelineName, ServicesFor($"source '{id}'"), options, _graph.Environment.Files)
        {
            PipelineOptions = Options,
            Subtask = Subtask,
            Parallelism = Parallelism,
            IsOnOneNode = SubtasksHere is 0 || SubtasksHere == Parallelism,
            IsRestart = _graph.Environment.IsRestart,
            Shared = _graph.SharedOf(id),
            Log = _graph.Environment.Log,
            Time = Time,
            Background = _graph.Environment.Background,
            OnBadRow = onBadRow,
            Health = _graph.HealthOf($"source '{id}'"),
        };
        var source = SourceErrors.Explained(PipelineName, id, "be created", () => create(context));

        // Also when the rest of the start fails.
        OwnSource(id, source);
        if (!context.ReadsFiles && (options.Poll != null || options.MultiLine != null || options.SetAside != null))
        {
            throw new PipelineException($"The configuration of pipeline '{PipelineName}' is wrong: Sources:{id}:Poll, Sources:{id}:MultiLine and Sources:{id}:SetAside are options of sources of files, and '{id}' reads none. Remove them.");
        }

        options.Settings.CheckAllAsked(PipelineName, "Sources", id);
        return source;
    }

    // One that is its own reader or writer is closed as such.
    private void OwnSource<T>(string id, ISource<T> source)
    {
        if (source is not ISplitReader<T>)
        {
            _owner.Own($"source '{id}'", source);
        }
    }

    private OutputEdge Connect(string toTask, int input)
    {
        var edge = _graph.Connect(this, toTask, input);
        _owner.Register(edge);
        return edge;
    }

    private void OwnSink<T>(string id, ISink<T> sink)
    {
        if (sink is not (ISinkWriter<T> or ISinkCommitter))
        {
            _owner.Own($"sink '{id}'", sink);
        }
    }

    private ISource<T> CreateSourceOver<T>(SentInput sent, string id, SourceOptions options, BadRowPolicy onBadRow, Func<SourceContext, ISource<T>> create)
    {
        var context = new SourceContext(id, PipelineName, ServicesFor($"source '{id}'"), new SourceOptions { Path = sent.Path, MultiLine = options.MultiLine }, sent.Files)
        {
            PipelineOptions = Options,
            Subtask = Subtask,
            Parallelism = 1,
            Log = _graph.Environment.Log,
            Time = Time,
            OnBadRow = onBadRow,
            Health = _graph.HealthOf($"source '{id}'"),
            Sent = sent,
        };
        var source = create(context);
        OwnSource(id, source);
        return context.ReadsFiles || source is ISentMessages ? source : throw new ArgumentException($"Source '{id}' of pipeline '{PipelineName}' makes its rows itself, so that it reads no text: send rows.");
    }

    private ISink<T> CreateSink<T>(string id, SinkOptions options, Func<SinkContext, ISink<T>> create)
    {
        var sink = SinkErrors.Explained(PipelineName, id, "be created", () => create(new SinkContext(id, PipelineName, ServicesFor($"sink '{id}'"), options, _graph.Environment.Files)
        {
            PipelineOptions = Options,
            Subtask = Subtask,
            Log = _graph.Environment.Log,
            Time = Time,
            Spool = new SinkSpool(_graph.Environment.Spool, id, _graph.Environment.Writer),
            Writer = _graph.Environment.Writer,
            Background = _graph.Environment.Background,
            Health = _graph.HealthOf($"sink '{id}'"),
        }));
        OwnSink(id, sink);
        if (sink is IChangelogSink changelog)
        {
            SinkErrors.Explained(PipelineName, id, "learn its changelog", () =>
            {
                changelog.SetChangelog(_graph.Plan.Nodes.First(node => node.Id == id).Changelog);
                return true;
            });
        }

        options.Settings.CheckAllAsked(PipelineName, "Sinks", id);
        return sink;
    }

    private ISinkWriter<T> OfRows<T>(string id, ISink<T> sink, ISinkWriter<T> opened, SinkColumns<T>? columns) => opened is not IColumnWriter<T> writer ? opened
        : columns?.OfRows(writer) ?? throw new PipelineException(
            $"Pipeline '{PipelineName}': sink '{id}' is wrong: OpenWriter has returned a writer of columns, but '{sink.GetType().Name}' is no IColumnSink<{typeof(T).Name}>: the compiler has written nothing that makes columns of rows.");

    private ExplainingServices ServicesFor(string user) => new(_graph.Environment.Services, PipelineName, user);

    internal void Attach(Subtask owner)
    {
        _owner = owner;
        Group.Add(owner);
        _graph.Attach(owner);
    }

    internal void Close(string owner, string action, Action call) => _graph.Close(owner, action, call);

    internal IReadOnlyList<SourceSplit> Discover(string sourceId, Func<IReadOnlyList<SourceSplit>> discover) => _graph.Discover(sourceId, discover);

    internal void Ended() => _graph.OnEnded();

    internal void Acknowledge(long checkpoint, Checkpoints.SubtaskSnapshot snapshot) => _graph.OnAcknowledged(checkpoint, snapshot);
}
