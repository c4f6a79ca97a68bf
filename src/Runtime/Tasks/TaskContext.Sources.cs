using Penstock.Connectors;
using Penstock.Sources;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Tasks;

/// <content>The creation and use of the source.</content>
public sealed partial class TaskContext
{
    /// <summary>Reads a source with this task.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TTime">Reads the event time of a row.</typeparam>
    /// <param name="id">The id of the source.</param>
    /// <param name="create">Creates the source.</param>
    /// <param name="time">The event-time settings from the compiler; configuration overrides the delays.</param>
    /// <param name="badRowPolicy">The policy for rows that cannot be read; configuration overrides it.</param>
    /// <param name="onBadRow">Receives the bad rows of the side output, or null if there is none.</param>
    /// <param name="columns">The columns for a source that requires them; otherwise null.</param>
    /// <param name="onUntimed">Receives batches of rows whose event time is null, or null if there is no side output for them.</param>
    public void Source<T, TTime>(
        string id,
        Func<SourceContext, ISource<T>> create,
        EventTimeSettings time,
        BadRowPolicy badRowPolicy = BadRowPolicy.Fail,
        Action<BadRow>? onBadRow = null,
        SourceColumns<T>? columns = null,
        Action<Batch<T>>? onUntimed = null)
        where TTime : struct, IEventTime<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(time);
        var options = Options.SourceOptions(id);
        var source = _graph.Environment.Connectors?.Source(
            id,
            sent => CreateSourceOver(sent, id, options, options.OnBadRow ?? badRowPolicy, create),
            Declared);
        if (source == null)
        {
            source = Declared();
        }
        else
        {
            OwnSource(id, source);
            SetProjection(id, source, columns);
        }

        var positionName = SourceErrors.Explained(PipelineName, id, "say what its positions are called", () => source.PositionName);
        var badRows = new BadRowHandler(
            PipelineName,
            id,
            options.OnBadRow ?? badRowPolicy,
            Options.IncludeRowText,
            positionName,
            onBadRow,
            _owner.Counters,
            SharedBySubtasks(id, static () => new FirstSkipped()),
            _graph.Environment.Log);
        var overridden = time with
        {
            MaxDelayMicros = options.MaxDelay is { } delay ? delay.Ticks / TimeSpan.TicksPerMicrosecond : time.MaxDelayMicros,
            IdleMicros = options.Idle is { } idle ? idle.Ticks / TimeSpan.TicksPerMicrosecond : time.IdleMicros,
        };
        RefuseDelays<TTime, T>(id, options);
        var rate = options.Rate is { } rowsPerSecond
            ? SharedBySubtasks(id, () => new RateLimiter(Time, rowsPerSecond * SubtasksHere / Parallelism))
            : null;
        var untimed = UntimedOf<T, TTime>(id, time, onUntimed);
        var outOfOrder = new OutOfOrderRows(PipelineName, id, _owner.Counters, _graph.Environment.Log);
        var driver = new SourceDriver<T, TTime>(
            (Subtask<T>)_owner,
            this,
            id,
            source,
            overridden,
            badRows,
            untimed,
            outOfOrder,
            rate,
            columns);
        _owner.Register((ISourceDriver)driver);
        _owner.Register((IStatePart)driver);

        ISource<T> Declared()
        {
            var declared = CreateSource(id, options, options.OnBadRow ?? badRowPolicy, create);
            SetProjection(id, declared, columns);
            return declared;
        }
    }

    private void RefuseDelays<TTime, T>(string id, SourceOptions options)
        where TTime : struct, IEventTime<T>
    {
        if (TTime.IsStamped && (options.MaxDelay != null || options.Idle != null))
        {
            throw new PipelineException(
                ErrorCodes.UnknownOption,
                $"The configuration of pipeline '{PipelineName}' is wrong: Sources:{id}:MaxDelay and Sources:{id}:Idle are options of sources "
                    + $"with [EventTime], and '{id}' has [IngestionTime]. Remove them.");
        }

        if (TTime.HasWatermarks && options.MaxDelay != null)
        {
            throw new PipelineException(
                ErrorCodes.UnknownOption,
                $"The configuration of pipeline '{PipelineName}' is wrong: Sources:{id}:MaxDelay has no effect, because a method with "
                    + $"[Watermark] decides the watermarks of '{id}'. Remove it.");
        }
    }

    private UntimedRows<T>? UntimedOf<T, TTime>(string id, EventTimeSettings time, Action<Batch<T>>? onUntimed)
        where TTime : struct, IEventTime<T> => TTime.IsNullable
            ? new UntimedRows<T>(
                PipelineName,
                id,
                time.OnNull,
                onUntimed,
                Options,
                _owner.Counters,
                SharedBySubtasks(id, static () => new FirstUntimed()).Rows,
                _graph.Environment.Log)
            : null;

    private void SetProjection<T>(string id, ISource<T> source, SourceColumns<T>? columns)
    {
        // The compiler sees the return type of the method that creates the source, not the object.
        if (source is IProjectionSource && columns == null)
        {
            throw SourceErrors.Wrong(
                PipelineName,
                id,
                $"'{source.GetType().Name}' is an {nameof(IProjectionSource)}, but the method that creates it does not say so, so that it "
                    + $"would not get its columns. Let the method return a type that is an {nameof(IProjectionSource)}.");
        }

        if (columns != null && source is IProjectionSource projected)
        {
            SourceErrors.Explained(PipelineName, id, "learn its columns", () =>
            {
                projected.SetProjection(columns.Schema);
                return true;
            });
        }
    }

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
        if (options.Path != null && _graph.Plan.Nodes.First(node => node.Id == id).HasOwnOptions)
        {
            options.Settings[nameof(options.Path)] = options.Path;
        }

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

        // Disposed even if the rest of the start fails.
        OwnSource(id, source);
        if (!context.ReadsFiles && options.FirstOfFiles is { } ofFiles)
        {
            throw new PipelineException(
                ErrorCodes.UnknownOption,
                $"The configuration of pipeline '{PipelineName}' is wrong: Sources:{id}:{ofFiles} is an option of sources of files, and "
                    + $"'{id}' reads none. Remove it.");
        }

        options.Settings.CheckAllRead(PipelineName, "Sources", id);
        return source;
    }

    // A source that is its own reader or writer is closed as such.
    private void OwnSource<T>(string id, ISource<T> source)
    {
        if (source is not ISplitReader<T>)
        {
            _owner.Own($"source '{id}'", source);
        }
    }

    private ISource<T> CreateSourceOver<T>(
        ISentInput sent,
        string id,
        SourceOptions options,
        BadRowPolicy onBadRow,
        Func<SourceContext, ISource<T>> create)
    {
        var context = new SourceContext(
            id,
            PipelineName,
            ServicesFor($"source '{id}'"),
            new SourceOptions { Path = sent.Path, MultiLine = options.MultiLine },
            sent.Files)
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
        return context.ReadsFiles || source is ISentMessages
            ? source
            : throw new ArgumentException(
                $"Source '{id}' of pipeline '{PipelineName}' makes its rows itself, so that it reads no text: send rows.");
    }
}
