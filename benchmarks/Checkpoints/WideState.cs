using Penstock.Connectors;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>An update of an account.</summary>
public readonly record struct Update(long Account, long Amount);

/// <summary>A state of 88 bytes per key.</summary>
[Pipeline]
public sealed partial class WideStatePipeline
{
    /// <summary>The updates.</summary>
    [Source<UpdateSource>]
    public partial Stream<Update> Updates { get; }

    /// <summary>Accounts with an overflow: none.</summary>
    [Apply<Accounts>(nameof(Updates))]
    [Sink<NoSink>]
    public partial Stream<Update> Overflows { get; }
}

/// <summary>Sums up accounts in eleven figures, and notes how long no row came.</summary>
/// <param name="meter">Where that is noted.</param>
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

/// <summary>Which accounts are updated: every one once, in turn, and then random ones of the first so many.</summary>
public sealed class UpdateLoad
{
    /// <summary>How many accounts there are.</summary>
    public long Accounts { get; init; }

    /// <summary>How many of them are updated now.</summary>
    public long Active { get; set; }

    /// <summary>Whether updates stand still.</summary>
    public bool IsPaused { get; set; }
}

/// <summary>Updates without end.</summary>
/// <param name="load">Which.</param>
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
            // Nothing is read again.
        }

        public string Describe(int index) => "an update";

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}

/// <summary>Takes nothing.</summary>
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
            // Nothing is open.
        }
    }
}
