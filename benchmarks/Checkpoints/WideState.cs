using Penstock.Connectors;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>An update of an account.</summary>
public readonly record struct Update(long Account, long Amount);

/// <summary>A state of 88 bytes for each key.</summary>
[Pipeline]
public sealed partial class WideStatePipeline
{
    /// <summary>The updates.</summary>
    [Source<UpdateSource>]
    public partial Stream<Update> Updates { get; }

    /// <summary>Accounts with an overflow; there are none.</summary>
    [Apply<Accounts>(nameof(Updates))]
    [Sink<NoSink>]
    public partial Stream<Update> Overflows { get; }
}

/// <summary>Sums up accounts in eleven values, and records the longest time without a row.</summary>
/// <param name="meter">Records that time.</param>
[Operator, KeyBy(nameof(Update.Account))]
public sealed partial class Accounts(PauseMeter meter)
{
    [State] private partial ref long Count { get; }

    [State] private partial ref long Sum { get; }

    [State] private partial ref long Least { get; }

    [State] private partial ref long Most { get; }

    [State] private partial ref long First { get; }

    [State] private partial ref long Last { get; }

    [State] private partial ref long Squares { get; }

    [State] private partial ref double Mean { get; }

    [State] private partial ref double Deviation { get; }

    [State] private partial ref long Even { get; }

    [State] private partial ref long Odd { get; }

    [Process]
    private void OnUpdate(in Update update, ref Output<Update> output)
    {
        meter.Row();
        if (Count++ == 0)
        {
            First = Least = Most = update.Amount;
        }

        Sum += update.Amount;
        Least = Math.Min(Least, update.Amount);
        Most = Math.Max(Most, update.Amount);
        Last = update.Amount;
        Squares += update.Amount * update.Amount;
        Mean += (update.Amount - Mean) / Count;
        Deviation += Math.Abs(update.Amount - Mean);
        Even += update.Amount & 1;
        Odd += ~update.Amount & 1;
        if (Sum == long.MaxValue)
        {
            output.Emit(in update);
        }
    }
}

/// <summary>Determines which accounts are updated: first each one once, in order, and then random ones of the first accounts.</summary>
public sealed class UpdateLoad
{
    /// <summary>The number of accounts.</summary>
    public long Accounts { get; init; }

    /// <summary>The number of accounts that are currently updated.</summary>
    public long Active { get; set; }

    /// <summary>Whether updates are paused.</summary>
    public bool IsPaused { get; set; }
}

/// <summary>Endless updates.</summary>
/// <param name="load">Determines the accounts.</param>
public sealed class UpdateSource(UpdateLoad load) : ISource<Update>
{
    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [new("all")];

    /// <inheritdoc/>
    public ISplitReader<Update> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) => new Reader(load);

    private sealed class Reader(UpdateLoad load) : ISplitReader<Update>
    {
        private long _next;
        private ulong _random = 88172645463325252;

        public ReadStatus Read(RowAppender<Update> rows)
        {
            if (load.IsPaused)
            {
                return ReadStatus.CaughtUp;
            }

            var free = rows.FreeRows();
            var active = (ulong)load.Active;
            for (var index = 0; index < free.Length; index++)
            {
                // Marsaglia: "Xorshift RNGs", 2003.
                _random ^= _random << 13;
                _random ^= _random >> 7;
                _random ^= _random << 17;
                var account = _next < load.Accounts ? _next++ : (long)Math.BigMul(_random, active, out _);
                free[index] = new Update(account, (long)(_random & 1023));
            }

            rows.Advance(free.Length);
            return ReadStatus.More;
        }

        public void SavePosition(System.Buffers.IBufferWriter<byte> position)
        {
            // Nothing is ever read again.
        }

        public string Describe(int index) => "an update";

        public void Dispose()
        {
            // There are no resources.
        }
    }
}

/// <summary>Drops all rows.</summary>
public sealed class NoSink : ISink<Update>
{
    /// <inheritdoc/>
    public ISinkWriter<Update> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<Update>
    {
        public void Write(Batch<Update> batch, long checkpoint) => throw new InvalidOperationException("No account overflows.");

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
