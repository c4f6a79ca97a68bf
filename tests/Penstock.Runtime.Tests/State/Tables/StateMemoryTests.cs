using System.Globalization;
using Penstock.Hosting;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Tables;

/// <summary>The memory of state is measured as it grows, and a limit ends the pipeline before memory is exhausted.</summary>
public class StateMemoryTests
{
    [Theory]
    [InlineData(5_000)]
    [InlineData(400_000)]
    public void Tables_account_for_what_they_allocate(int keys)
    {
        var budget = new StateBudget("Shop", null);
        var memory = budget.For("Totals");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = new KeyedTable<LongKey, Counter>(null, memory);
        table.Expect(keys, keys);
        Assert.InRange(
            budget.Bytes,
            (GC.GetAllocatedBytesForCurrentThread() - before) * 0.99 - 2_000,
            GC.GetAllocatedBytesForCurrentThread() - before);

        // Segments are replaced step by step, and the garbage collector frees the old ones.
        var grown = new StateBudget("Shop", null);
        GC.KeepAlive(Fill(grown.For("Totals"), keys));
        Assert.InRange(grown.Bytes, budget.Bytes * 0.5, budget.Bytes * 1.5);
    }

    [Fact]
    public void A_freeze_counts_while_it_lasts()
    {
        var budget = new StateBudget("Shop", null);
        var table = Fill(budget.For("Totals"), 50_000);
        var before = budget.Bytes;
        var freeze = table.Freeze(all: true);
        Add(table, 0, 20_000);
        Add(table, 50_000, 120_000);

        // Images of touched entries, and segments that only the frozen version contains.
        var grown = new StateBudget("Shop", null);
        GC.KeepAlive(Fill(grown.For("Totals"), 120_000));
        Assert.InRange(budget.Bytes, grown.Bytes + 20_000 * 24, grown.Bytes + 2 * before);
        freeze.End();
        Add(table, 0, 120_000);
        Assert.InRange(budget.Bytes, grown.Bytes, grown.Bytes + before);
        table.Drop();
        Assert.Equal(0, budget.Bytes);
        Assert.Equal(0, budget.Operators.Single().Keys);
    }

    [Fact]
    public void At_the_limit_the_pipeline_fails_for_good_and_lists_the_memory_of_each_state()
    {
        using var test = PipelineTest.For<LedgerPipeline>(options => options.StateLimit = 1 << 20);
        var error = Assert.Throws<StateLimitException>(() =>
        {
            for (var user = 0; user < 100_000; user++)
            {
                test.Send(
                    nameof(LedgerPipeline.Clicks),
                    new Click("user" + user.ToString(CultureInfo.InvariantCulture), DateTime.UnixEpoch, 1));
            }
        });
        Assert.Contains(
            "Pipeline 'LedgerPipeline': its state needs more than the 1 MB of StateLimit: operator '",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("operator 'Ledger' ", error.Message, StringComparison.Ordinal);
        Assert.Contains("operator 'Counts' ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Raise Penstock:Pipelines:LedgerPipeline:StateLimit", error.Message, StringComparison.Ordinal);
        Assert.Null(new RestartPolicy(new RestartOptions(), new Random(1)).DelayAfter(error));
    }

    [Theory]
    [InlineData(1, "1 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(3 << 20, "3 MB")]
    public void The_limit_is_shown_as_it_was_configured(long limit, string shown) =>
        Assert.Contains(
            $"its state needs more than the {shown} of StateLimit",
            new StateLimitException("Shop", limit, []).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_restore_keeps_to_the_limit_too()
    {
        long? limit = null;
        PipelineOptions? set = null;
        using var test = PipelineTest.For<LedgerPipeline>(options => set = options);
        test.Send(
            nameof(LedgerPipeline.Clicks),
            [.. Enumerable
                .Range(0, 20_000)
                .Select(user => new Click("user" + user.ToString(CultureInfo.InvariantCulture), DateTime.UnixEpoch, 1))]);
        test.Checkpoint();
        set!.StateLimit = limit = 300_000;
        Assert.Throws<StateLimitException>(() => test.CrashAndRestore());
        set.StateLimit = limit * 100;
        test.CrashAndRestore();
    }

    [Fact]
    public void Windows_that_close_are_counted_no_more()
    {
        var budget = new StateBudget("Shop", null);
        var windows = new Penstock.Windows.WindowTable<LongKey, Counter, CounterCodec>(
            "Totals",
            new KeyRange(0, 1, 128),
            new Penstock.SubtaskCounters(),
            budget.For("Totals"),
            TableSecret.None,
            10,
            0,
            0);
        var highest = 0L;
        for (var time = 0L; time < 20_000; time++)
        {
            var pane = windows.At(time, time)!;
            var key = new LongKey(time);
            pane.GetOrAdd(key, LongKey.Hash(key));
            while (windows.TryTakeDue(time, out var due))
            {
                windows.Done(due, due.GetEnumerator());
            }

            if (time == 1_000)
            {
                highest = budget.Bytes;
            }
        }

        Assert.InRange(budget.Bytes, 1, highest);
        Assert.InRange(budget.Operators.Single().Keys, 0, 20);
    }

    [Fact]
    public void What_entries_refer_to_is_estimated_at_checkpoints()
    {
        var texts = new StateBudget("Shop", null).For("Texts");
        texts.Add(1_000, 100);
        Assert.Equal(1_000, texts.Bytes);
        texts.Sample(bytes: 3_000, entries: 100, all: 100);
        Assert.Equal(1_000 + 2 * 3_000, texts.Bytes);

        // The size of one entry does not determine that of the others.
        texts.Sample(bytes: 1, entries: 1, all: 1_000);
        Assert.Equal(7_000, texts.Bytes);
    }

    private static KeyedTable<LongKey, Counter> Fill(StateMemory memory, int keys)
    {
        var table = new KeyedTable<LongKey, Counter>(null, memory);
        Add(table, 0, keys);
        return table;
    }

    private static void Add(KeyedTable<LongKey, Counter> table, int from, int to)
    {
        for (var key = from; key < to; key++)
        {
            table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key))).First++;
        }
    }

    private struct Counter
    {
        public long First;
        public long Second;
    }

    private readonly struct CounterCodec : IStateCodec<Counter>
    {
        public static string Schema => "First:int64";

        public static bool HasSharedParts => false;

        public static Counter Detach(in Counter state) => state;

        public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Counter state)
            where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteUnmanaged(state.First, state.Second);

        public static void Read(ref MemoryPack.MemoryPackReader reader, out Counter state)
        {
            state = default;
            reader.ReadUnmanaged(out state.First, out state.Second);
        }
    }
}
