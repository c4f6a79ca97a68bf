using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Sources.Columns;

/// <summary>Once warm, rows that come and go as columns cost no allocation.</summary>
public sealed class ColumnAllocationTests
{
    private const int BatchSize = 64;
    private const int Batches = 3000;
    private const int WarmUp = 1000;

    // Before the reader is closed.
    private const int End = 2900;

    [Fact]
    public void Columns_in_and_out_allocate_nothing_once_warm()
    {
        var table = MeterTable.Of(Batches * BatchSize);
        table.BlockSize = 100;
        table.Reads.EnsureCapacity(2 * Batches);
        var sink = new Measuring();
        var environment = TestEnvironment.Create(MeterPipeline.Plan.Name, new PipelineOptions { BatchSize = BatchSize }) with
        {
            Services = ColumnTests.Services(table, new Output<Meter>(), new Output<BadRow>()),
            Connectors = new Connectors(table, sink),
        };
        using var harness = new EngineHarness<MeterPipeline>(environment);
        harness.Start();
        harness.Run();
        Assert.Equal((Batches, 0L), (sink.Batches, sink.Allocated));
    }

    private sealed class Connectors(Table<Meter> table, Measuring sink) : IConnectorOverrides
    {
        public ISource<TRow> Source<TRow>(string id) => (ISource<TRow>)(object)new TableSource<Meter>(table);

        public ISink<TRow> Sink<TRow>(string stream, string id) => sink as ISink<TRow> ?? new TableSink<TRow>(new Output<TRow>());
    }

    // All happens on one thread: between two batches lies the whole way of one.
    private sealed class Measuring : IColumnSink<Meter>, IColumnWriter<Meter>
    {
        private long _sum;
        private long _before;

        public int Batches { get; private set; }

        public long Allocated { get; private set; }

        public void SetSchema(RowSchema schema)
        {
            // It takes any.
        }

        public ISinkWriter<Meter> OpenWriter(int subtask) => this;

        public ISinkCommitter CreateCommitter() => SinkCommitter.None;

        public void Write(ColumnBatch columns, long checkpoint)
        {
            foreach (var value in columns.Values<long>(0))
            {
                _sum += value;
            }

            Batches++;
            if (Batches == WarmUp)
            {
                _before = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (Batches == End)
            {
                Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
