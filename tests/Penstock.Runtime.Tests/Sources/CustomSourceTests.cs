using System.Buffers;
using System.Collections.Concurrent;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Runtime.Tests.Hosting;
using Penstock.Sources;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Sources;

/// <summary>
/// Sources that users write: their splits are theirs, they may end at any time, and they cost nothing while nothing comes.
/// </summary>
public sealed class CustomSourceTests
{
    [Fact]
    public void Splits_whose_ids_end_like_ranges_of_files_are_not_read_as_such()
    {
        var splits = SplitAssignment.Assign<int>(
            "In",
            [new SourceSplit("orders#10-19")],
            [new SavedSplit("orders#0-9", "", HasBegun: true, HasEnded: true, 0, 0, [])],
            false,
            static (_, _) => true);
        Assert.False(Assert.Single(splits).HasBegun);
    }

    [Fact]
    public void Files_whose_names_end_like_ranges_are_not_parsed_as_such()
    {
        var split = new Penstock.Sources.Files.FileSplit("in/a#0-9", 0, long.MaxValue);
        Assert.Equal(("in/a#0-9", 0, long.MaxValue), (Parse(split.Id).Path, Parse(split.Id).Start, Parse(split.Id).End));
        Assert.Equal("in/a#9", new Penstock.Sources.Files.FileSplit("in/a#9", 0, long.MaxValue).Id);

        static Penstock.Sources.Files.FileSplit Parse(string id) => Penstock.Sources.Files.FileSplit.Parse(id);
    }

    [Fact]
    public async Task A_reader_that_has_ended_since_it_was_queued_is_passed_over()
    {
        var source = new QueueingSource(splits: 3);
        var status = await RunAsync(source);
        Assert.Equal((PipelineState.Finished, 0, 3L), (status.State, status.Restarts, status.Rows));
    }

    [Fact]
    public async Task A_reader_that_nobody_opened_is_named_as_a_mistake()
    {
        var status = await RunAsync(new QueueingSource(splits: 1) { Stranger = true });
        Assert.Equal((PipelineState.Failed, 0), (status.State, status.Restarts));
        Assert.Contains(
            "source 'Steps' names a reader as the next one that it has not opened",
            status.Error!.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_source_that_has_caught_up_is_asked_twenty_times_a_second_at_most(int splits)
    {
        var source = new EmptySource(splits);
        using var harness = new EngineHarness<GatedPipeline>(Environment(source));
        harness.Start();
        harness.Run();
        for (var passed = 0; passed < 1_000; passed++)
        {
            harness.AdvanceClock(TimeSpan.FromMilliseconds(1));
        }

        var before = source.Reads;
        for (var passed = 0; passed < 1_000; passed++)
        {
            harness.AdvanceClock(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(source.Reads - before, splits * 5, splits * 10);

        // What comes is found soon, and looked for often again.
        source.Rows = 1;
        harness.AdvanceClock(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, harness.RowsIn);
    }

    [Fact]
    public async Task A_source_that_fails_before_it_is_known_is_disposed()
    {
        var source = new UndecidedSource();
        var status = await RunAsync(source);
        Assert.Equal(PipelineState.Failed, status.State);
        Assert.Contains("No answer.", status.Error!.ToString(), StringComparison.Ordinal);
        Assert.Equal(source.Created, source.Disposed);
    }

    [Fact]
    public void When_subtasks_fail_together_one_error_is_reported()
    {
        var handlers = new List<Action<Message>>();
        using var together = new Barrier(2);
        var source = new ThrowingSource(together);
        var environment = Environment(source) with
        {
            CreateMailbox = (task, index, handle) =>
            {
                handlers.Add(message => handle(message));
                return new ManualScheduler().CreateMailbox(task, index, static _ => { });
            },
        };
        environment.Options.Parallelism = 2;
        var failures = 0;
        using var graph = environment.GraphOf<GatedPipeline>();
        graph.Failed = _ => Interlocked.Increment(ref failures);
        graph.OpenSources(isFinished: false);
        graph.Open(1);
        var threads = handlers.ConvertAll(static handle => new Thread(() => handle(new Message(MessageKind.Pump))));
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        Assert.Equal((2, 1), (source.Thrown, failures));
    }

    private static ExecutionEnvironment Environment(ISource<Step> source) =>
        TestEnvironment.Create("Test", new PipelineOptions(), new Gate()) with { Connectors = new SourceOverrides(_ => source) };

    private static async Task<PipelineStatus> RunAsync(ISource<Step> source)
    {
        var environment = Environment(source);
        environment.Options.Restart.MaxAttempts = 2;
        environment.Options.Restart.Delay = TimeSpan.FromMilliseconds(1);
        var runner = environment.RunnerOf<GatedPipeline>();
        await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None).WaitAsync(HookedJob.Timeout));
        return runner.Status();
    }

    // Has no rows until the test sets their number.
    private sealed class EmptySource(int splits) : ISource<Step>
    {
        public int Reads { get; private set; }

        public int Rows { get; set; }

        public IReadOnlyList<SourceSplit> Discover() => [.. Enumerable.Range(0, splits).Select(index => new SourceSplit($"split {index}"))];

        public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) => new Reader(this);

        private sealed class Reader(EmptySource source) : ISplitReader<Step>
        {
            public ReadStatus Read(RowAppender<Step> rows)
            {
                source.Reads++;
                if (source.Rows > 0)
                {
                    source.Rows--;
                    rows.Append(new Step("a", 1));
                }

                return ReadStatus.CaughtUp;
            }

            public void SavePosition(IBufferWriter<byte> position)
            {
                // There is one place only.
            }

            public string Describe(int index) => "";

            public void Dispose()
            {
                // Nothing is open.
            }
        }
    }

    // Throws when the other subtask does.
    private sealed class ThrowingSource(Barrier together) : ISource<Step>
    {
        private int _thrown;

        public int Thrown => _thrown;

        public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("a"), new SourceSplit("b")];

        public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
        {
            Interlocked.Increment(ref _thrown);
            together.SignalAndWait(HookedJob.Timeout);
            throw new InvalidOperationException("Both fail.");
        }
    }

    // Cannot say of itself what the engine asks first.
    private sealed class UndecidedSource : IStreamingSource<Step>
    {
        private int _disposed;

        public int Created { get; private set; }

        public int Disposed => _disposed;

        public bool IsUnbounded
        {
            get
            {
                Created++;
                throw new InvalidOperationException("No answer.");
            }
        }

        public IReadOnlyList<SourceSplit> Discover() => [];

        public int SlotOf(SourceSplit split) => 0;

        public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
            throw new NotSupportedException();

        public ISplitReader<Step> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => throw new NotSupportedException();

        public void Start(Action available)
        {
            // It does not get so far.
        }

        public ISplitReader<Step>? Next() => null;

        public IReadOnlyList<SourceSplit> TakeNewSplits() => [];

        public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
        {
            // It does not get so far.
        }

        public void Dispose() => _disposed++;
    }

    // Queues each reader twice: the second time it has ended.
    private sealed class QueueingSource(int splits) : IStreamingSource<Step>
    {
        private readonly ConcurrentQueue<ISplitReader<Step>> _queue = new();

        public bool Stranger { get; init; }

        public bool IsUnbounded => false;

        public IReadOnlyList<SourceSplit> Discover() => [.. Enumerable.Range(0, splits).Select(index => new SourceSplit($"split {index}"))];

        public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
        {
            var reader = new Reader();
            _queue.Enqueue(reader);
            _queue.Enqueue(reader);
            return reader;
        }

        public int SlotOf(SourceSplit split) => 0;

        public ISplitReader<Step> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => Open(split, [], badRows);

        public void Start(Action available)
        {
            // All is there from the beginning.
        }

        public ISplitReader<Step>? Next() => Stranger ? new Reader() : _queue.TryDequeue(out var reader) ? reader : null;

        public IReadOnlyList<SourceSplit> TakeNewSplits() => [];

        public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
        {
            // Nothing depends on it.
        }

        public void Dispose()
        {
            // Nothing is open.
        }

        private sealed class Reader : ISplitReader<Step>
        {
            private int _rows;

            public ReadStatus Read(RowAppender<Step> rows)
            {
                if (rows.Free > 0 && _rows == 0)
                {
                    rows.Append(new Step("a", ++_rows));
                }

                return _rows == 0 ? ReadStatus.More : ReadStatus.Ended;
            }

            public void SavePosition(IBufferWriter<byte> position) => position.Write([(byte)_rows]);

            public string Describe(int index) => "";

            public void Dispose()
            {
                // Nothing is open.
            }
        }
    }
}
