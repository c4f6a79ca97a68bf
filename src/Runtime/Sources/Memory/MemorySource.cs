using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using Penstock.Connectors;
using Penstock.Sources.Memory;

namespace Penstock;

/// <summary>
/// Reads rows that the program itself passes to the pipeline. They are in memory: rows that no complete checkpoint covers are read again
/// when the pipeline restarts within the process, and are lost with the process.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public abstract class MemorySource<T> : IStreamingSource<T>
{
    private const string SplitId = "memory";

    // By the channel, block or sequence, so that the next attempt finds the rows that must be read again.
    private static readonly ConditionalWeakTable<object, ReplayLog<T>> Logs = [];

    private readonly ReplayLog<T> _log;
    private Action _available = static () => { };
    private Reader? _reader;

    private protected MemorySource(ReplayLog<T> log) => _log = log;

    /// <inheritdoc/>
    public string PositionName => "row";

    /// <summary>Always <c>false</c>: the source ends when the program ends its rows.</summary>
    public bool IsUnbounded => false;

    /// <inheritdoc/>
    public int SlotOf(SourceSplit split) => 0;

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [new(SplitId)];

    /// <inheritdoc/>
    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        _log.Claim(this);
        var next = Reader.TryReadPosition(position, _log.Id, out var saved) ? saved : _log.First;
        return _reader = new Reader(_log, next);
    }

    /// <inheritdoc/>
    public ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => Open(split, [], badRows);

    /// <inheritdoc/>
    public void Start(Action available) => _available = available;

    /// <inheritdoc/>
    public ISplitReader<T>? Next()
    {
        if (_reader is not { } reader)
        {
            return null;
        }

        if (_log.Has(reader.Next))
        {
            return reader;
        }

        if (!reader.HasEnded)
        {
            _log.Notify(_available);
        }

        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> TakeNewSplits() => [];

    /// <inheritdoc/>
    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        foreach (var position in positions)
        {
            if (Reader.TryReadPosition(position.Position, _log.Id, out var next))
            {
                _log.Forget(next);
            }
        }
    }

    /// <summary>Ends the reading. The rows belong to the program, and another attempt may read them.</summary>
    public void Dispose()
    {
        _log.Leave(this);
        GC.SuppressFinalize(this);
    }

    private protected static ReplayLog<T> LogOf<TInput>(TInput input, Func<TInput, IMemoryInput<T>> open)
        where TInput : class
    {
        ArgumentNullException.ThrowIfNull(input);
        return Logs.GetValue(input, _ => new ReplayLog<T>(open(input)));
    }

    private sealed class Reader(ReplayLog<T> log, long next) : ISplitReader<T>
    {
        private const int PositionLength = 2 * sizeof(long);

        private long _first = next;

        public long Next { get; private set; } = next;

        public bool HasEnded { get; private set; }

        public static bool TryReadPosition(ReadOnlySpan<byte> position, long log, out long next)
        {
            next = 0;
            if (position.Length != PositionLength || BinaryPrimitives.ReadInt64LittleEndian(position) != log)
            {
                return false;
            }

            next = BinaryPrimitives.ReadInt64LittleEndian(position[sizeof(long)..]);
            return true;
        }

        public ReadStatus Read(RowAppender<T> rows)
        {
            var free = rows.FreeRows();
            var count = free.IsEmpty ? 0 : log.Read(Next, free);
            rows.Advance(count);
            _first = Next;
            Next += count;
            if (log.Has(Next))
            {
                return ReadStatus.More;
            }

            try
            {
                HasEnded = log.HasEndedAt(Next);
            }
            catch (Exception error) when (error is not MemoryInputException)
            {
                // First the rows of this call, then the error.
                return count > 0 ? ReadStatus.More : throw new MemoryInputException(
                    $"the program has ended the rows in memory with an error, after {Next} rows: {error.GetType().Name}: {error.Message} A "
                        + "restart would find the same error: start the process again.",
                    error);
            }

            return HasEnded ? ReadStatus.Ended : ReadStatus.CaughtUp;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            var span = position.GetSpan(PositionLength);
            BinaryPrimitives.WriteInt64LittleEndian(span, log.Id);
            BinaryPrimitives.WriteInt64LittleEndian(span[sizeof(long)..], Next);
            position.Advance(PositionLength);
        }

        public string Describe(int index) => string.Create(CultureInfo.InvariantCulture, $"row {_first + index} in memory");

        public void Dispose()
        {
            // The rows belong to the program.
        }
    }
}
