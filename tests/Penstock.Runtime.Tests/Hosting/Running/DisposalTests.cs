using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Hosting.Running;

/// <summary>Disposable operators, sources and sinks are disposed once, even after exceptions.</summary>
public sealed class DisposalTests
{
    private static readonly string[] Kinds = ["source", "map", "process", "fire", "sink"];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task All_are_disposed_when_the_job_has_finished(int parallelism)
    {
        var ledger = new Ledger();
        var (status, _) = await RunAsync(ledger, parallelism);
        Assert.Equal(PipelineState.Finished, status.State);
        AssertEachOnce(ledger, attempts: 1, parallelism);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Objects_of_an_attempt_are_disposed_before_those_of_the_next_are_created(int parallelism)
    {
        var failures = 0;
        var ledger = new Ledger
        {
            OnRow = () =>
            {
                if (Interlocked.Increment(ref failures) == 1)
                {
                    throw new InvalidOperationException("The service is down.");
                }
            },
        };
        var (status, _) = await RunAsync(ledger, parallelism);
        Assert.Equal((PipelineState.Finished, 1), (status.State, status.Restarts));
        AssertEachOnce(ledger, attempts: 2, parallelism);
        Assert.Equal(Kinds.Length * parallelism, ledger.MaxConcurrent);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("map")]
    [InlineData("process")]
    [InlineData("fire")]
    [InlineData("sink")]
    public async Task What_one_throws_is_logged_and_keeps_no_other_from_being_disposed(string kind)
    {
        var ledger = new Ledger { OnDispose = Throw(kind) };
        var (status, logs) = await RunAsync(ledger, parallelism: 2);
        Assert.Equal(PipelineState.Finished, status.State);
        AssertEachOnce(ledger, attempts: 1, parallelism: 2);
        Assert.Equal(2, logs.Entries.Count(entry => entry.Level == LogLevel.Warning && entry.Error?.Message == $"{kind} throws."));
    }

    [Theory]
    [InlineData("source")]
    [InlineData("map")]
    [InlineData("process")]
    [InlineData("fire")]
    [InlineData("sink")]
    public async Task What_was_made_is_disposed_when_another_cannot_be_made(string kind)
    {
        var ledger = new Ledger { OnCreate = Throw(kind) };
        var (status, _) = await RunAsync(ledger, parallelism: 2);
        Assert.Equal(PipelineState.Failed, status.State);
        Assert.Equal(ledger.Created, ledger.Disposed);
        Assert.All(ledger.Counts, static count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task What_was_made_is_disposed_when_an_option_is_unknown()
    {
        var ledger = new Ledger();
        var (status, _) = await RunAsync(
            ledger,
            parallelism: 2,
            static options => options.Sources["Steps"] = new SourceOptions { Settings = { ["Speed"] = "9" } });
        Assert.Contains("Speed is not an option of this source", status.Error!.Message, StringComparison.Ordinal);
        Assert.True(ledger.Created > 0);
        Assert.Equal(ledger.Created, ledger.Disposed);
    }

    [Fact]
    public void A_test_disposes_operators_too()
    {
        var ledger = new Ledger();
        using (var test = PipelineTest.For<DisposedPipeline>(services: Services(ledger)))
        {
            test.Send(nameof(DisposedPipeline.Steps), new Step("a", 1));
            test.CrashAndRestore(parallelism: 2);
            Assert.Equal((9, 3), (ledger.Created, ledger.Disposed));
        }

        Assert.Equal(9, ledger.Disposed);
        Assert.All(ledger.Counts, static count => Assert.Equal(1, count));
    }

    [Fact]
    public void A_test_that_cannot_begin_disposes_what_it_has_made()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-disposal-").FullName;
        try
        {
            using (var other = PipelineTest.For<WidePipeline>(checkpoints: folder))
            {
                other.Checkpoint();
            }

            var ledger = new Ledger();
            Assert.ThrowsAny<PipelineException>(() => PipelineTest.For<DisposedPipeline>(services: Services(ledger), checkpoints: folder));
            Assert.Equal((3, 3), (ledger.Created, ledger.Disposed));
            Assert.All(ledger.Counts, static count => Assert.Equal(1, count));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(true, "OpenWriter has returned a writer of columns")]
    [InlineData(false, "Open has returned a reader of columns")]
    public async Task Columns_that_are_refused_are_disposed(bool isSink, string message)
    {
        var connectors = new RefusedColumns(isSink);
        var environment = TestEnvironment.Create("Test", new PipelineOptions(), new Gate()) with { Connectors = connectors };
        var error = await Record.ExceptionAsync(() => environment.RunnerOf<GatedPipeline>()
            .RunAsync(CancellationToken.None)
            .WaitAsync(HookedJob.Timeout));
        Assert.Contains(message, error?.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (connectors.Opened, connectors.Disposed));
    }

    private static Action<string> Throw(string kind) => name =>
    {
        if (name == kind)
        {
            throw new InvalidOperationException($"{kind} throws.");
        }
    };

    private static void AssertEachOnce(Ledger ledger, int attempts, int parallelism)
    {
        Assert.All(Kinds, kind => Assert.Equal(attempts * parallelism, ledger.CreatedOf(kind)));
        Assert.Equal(ledger.Created, ledger.Disposed);
        Assert.All(ledger.Counts, static count => Assert.Equal(1, count));
    }

    private static ServiceProvider Services(Ledger ledger) => new ServiceCollection().AddSingleton(ledger).BuildServiceProvider();

    private static async Task<(PipelineStatus Status, CollectedLogs Logs)> RunAsync(
        Ledger ledger,
        int parallelism,
        Action<PipelineOptions>? configure = null)
    {
        var logs = new CollectedLogs();
        var options = new PipelineOptions
        {
            Parallelism = parallelism,
            Restart = { Delay = TimeSpan.FromMilliseconds(1), MaxAttempts = 2 }
        };
        configure?.Invoke(options);
        var environment = TestEnvironment.Create("Test", options, ledger) with { Log = logs };
        var runner = environment.RunnerOf<DisposedPipeline>();
        await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None).WaitAsync(HookedJob.Timeout));
        return (runner.Status(), logs);
    }
}

/// <summary>A source and a sink of rows, one of which uses columns.</summary>
internal sealed class RefusedColumns(bool isSink) : IConnectorOverrides
{
    private readonly TestConnectors _connectors = new(1);

    public int Opened { get; private set; }

    public int Disposed { get; private set; }

    public ISource<T>? Source<T>(string id) => isSink ? _connectors.Source<T>(id) : new WrongSource<T>(this);

    public ISink<T> Sink<T>(string stream, string id) => isSink ? new WrongSink<T>(this) : _connectors.Sink<T>(stream, id);

    private sealed class WrongSource<T>(RefusedColumns connectors) : ISource<T>
    {
        public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("a")];

        public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
        {
            connectors.Opened++;
            return new Reader<T>(connectors);
        }
    }

    private sealed class Reader<T>(RefusedColumns connectors) : IColumnReader<T>
    {
        public ReadStatus Read(ColumnAppender columns) => ReadStatus.Ended;

        public void SavePosition(IBufferWriter<byte> position)
        {
            // It is not reached.
        }

        public string Describe(int index) => "";

        public void Dispose() => connectors.Disposed++;
    }

    private sealed class WrongSink<T>(RefusedColumns connectors) : ISink<T>
    {
        public ISinkWriter<T> OpenWriter(int subtask)
        {
            connectors.Opened++;
            return new Writer<T>(connectors);
        }

        public ISinkCommitter CreateCommitter() => new TestSink<T>("Out", static _ => { }).CreateCommitter();
    }

    private sealed class Writer<T>(RefusedColumns connectors) : IColumnWriter<T>
    {
        public void Write(ColumnBatch columns, long checkpoint)
        {
            // It is not reached.
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose() => connectors.Disposed++;
    }
}

/// <summary>Records what was created and disposed.</summary>
public sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, (string Kind, int Disposed)> _known = new(ReferenceEqualityComparer.Instance);

    public Action<string> OnCreate { get; init; } = static _ => { };

    public Action<string> OnDispose { get; init; } = static _ => { };

    public Action OnRow { get; init; } = static () => { };

    public int MaxConcurrent { get; private set; }

    public int Created => Counts.Count;

    public int Disposed => Counts.Count(static count => count > 0);

    /// <summary>The number of times that each object was disposed.</summary>
    public IReadOnlyList<int> Counts
    {
        get
        {
            lock (_gate)
            {
                return [.. _known.Values.Select(static entry => entry.Disposed)];
            }
        }
    }

    public int CreatedOf(string kind)
    {
        lock (_gate)
        {
            return _known.Values.Count(entry => entry.Kind == kind);
        }
    }

    public void Create(object made, string kind)
    {
        OnCreate(kind);
        lock (_gate)
        {
            _known.Add(made, (kind, 0));
            MaxConcurrent = Math.Max(MaxConcurrent, _known.Values.Count(static entry => entry.Disposed == 0));
        }
    }

    public void Dispose(object made)
    {
        string kind;
        lock (_gate)
        {
            kind = _known[made].Kind;
            _known[made] = (kind, _known[made].Disposed + 1);
        }

        OnDispose(kind);
    }
}

/// <summary>All disposable objects.</summary>
[Pipeline]
public sealed partial class DisposedPipeline
{
    [Source<DisposedSource>]
    [EventTime(nameof(Step.At))]
    public partial Stream<Step> Steps { get; }

    [Apply<DisposedMap>(nameof(Steps))]
    public partial Stream<Step> Same { get; }

    [Apply<DisposedProcess>(nameof(Same))]
    [FileSink("counts.csv")]
    public partial Stream<StepCount> Counts { get; }

    [Apply<DisposedWindow>(nameof(Same))]
    [Sink<DisposedSink>]
    public partial Stream<StepCount> Windows { get; }
}

[Operator]
public sealed partial class DisposedMap : IDisposable
{
    private readonly Ledger _ledger;

    public DisposedMap(Ledger ledger) => (_ledger = ledger).Create(this, "map");

    public void Dispose() => _ledger.Dispose(this);

    [Map]
    private Step Same(in Step step)
    {
        _ledger.OnRow();
        return step;
    }
}

[Operator, KeyBy(nameof(Step.Name))]
public sealed partial class DisposedProcess : IAsyncDisposable
{
    private readonly Ledger _ledger;

    public DisposedProcess(Ledger ledger) => (_ledger = ledger).Create(this, "process");

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        _ledger.Dispose(this);
    }

    [Process]
    private void Count(in Step step, ref Output<StepCount> output) => output.Emit(new StepCount(step.Number));
}

[Operator, KeyBy(nameof(Step.Name)), TumblingWindow("10s")]
public sealed partial class DisposedWindow : IDisposable, IAsyncDisposable
{
    private readonly Ledger _ledger;

    public DisposedWindow(Ledger ledger) => (_ledger = ledger).Create(this, "fire");

    [State] private partial ref int Steps { get; }

    public void Dispose() => _ledger.Dispose(this);

    public ValueTask DisposeAsync()
    {
        _ledger.Dispose(this);
        return default;
    }

    [Accumulate]
    private void Add(in Step step) => Steps++;

    [Fire]
    private StepCount Close(in Window<string> window) => new(Steps);
}

public sealed class DisposedSource : ISource<Step>, IDisposable
{
    private readonly Ledger _ledger;

    public DisposedSource(Ledger ledger) => (_ledger = ledger).Create(this, "source");

    public IReadOnlyList<SourceSplit> Discover() => [.. Enumerable.Range(0, 4).Select(static number => new SourceSplit($"split {number}"))];

    public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position));

    public void Dispose() => _ledger.Dispose(this);

    private sealed class Reader(int next) : ISplitReader<Step>
    {
        private int _next = next;

        public ReadStatus Read(RowAppender<Step> rows)
        {
            while (rows.Free > 0 && _next < 5)
            {
                rows.Append(new Step("abc"[_next % 3].ToString(), ++_next));
            }

            return _next < 5 ? ReadStatus.More : ReadStatus.Ended;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), _next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => $"row {_next}";

        public void Dispose()
        {
            // There are no resources.
        }
    }
}

public sealed class DisposedSink : ISink<StepCount>, IDisposable
{
    private readonly Ledger _ledger;

    public DisposedSink(Ledger ledger) => (_ledger = ledger).Create(this, "sink");

    public ISinkWriter<StepCount> OpenWriter(int subtask) => new Writer();

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    public void Dispose() => _ledger.Dispose(this);

    private sealed class Writer : ISinkWriter<StepCount>
    {
        public void Write(Batch<StepCount> batch, long checkpoint)
        {
            // The rows are not used.
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
