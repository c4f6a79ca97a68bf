using System.Buffers;
using Penstock.Connectors;
using Penstock.Streams;

namespace Penstock.Testing;

/// <summary>Reads a split as the engine does, and keeps what comes.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SplitReading<T> : IBadRowHandler, IDisposable
{
    // Batches have room for more rows than the reader is told, so that one that takes no notice of it is found.
    private const int Spare = 16;

    // A reader that is at its end for now has nothing more in a check, where nobody adds rows.
    private const int EnoughDryReads = 3;

    private readonly CheckRun _run;
    private readonly RowAppender<T> _appender = new();
    private readonly ISplitReader<T> _reader;
    private int _emptyReads;

    /// <summary>Opens a split.</summary>
    /// <param name="run">The run of the check.</param>
    /// <param name="split">The split.</param>
    /// <param name="open">Opens a reader.</param>
    public SplitReading(CheckRun run, SourceSplit split, Func<IBadRowHandler, ISplitReader<T>?> open)
    {
        (_run, Split) = (run, split);
        run.Begin($"opens split '{split.Id}'");
        _reader = open(this) ?? throw run.Broken("it has returned null.", "Return a reader.");
        if (_reader is IColumnReader<T>)
        {
            throw run.Broken(
                "it has opened a reader of columns.",
                "The compiler writes what makes rows of columns: check a source of columns by a pipeline.");
        }
    }

    public SourceSplit Split { get; }

    public ISplitReader<T> Reader => _reader;

    public List<T> Rows { get; } = [];

    /// <summary>What the reader says of where each row stands.</summary>
    public List<string> Places { get; } = [];

    public int BadRows { get; private set; }

    /// <summary>How many rows have come, good or bad.</summary>
    public int Count => Rows.Count + BadRows;

    /// <summary>What the handler of bad rows throws; null for nothing.</summary>
    public Exception? Refusal { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary>Whether nothing more is to come.</summary>
    public bool IsDone => HasEnded || _emptyReads >= EnoughDryReads;

    public void Handle(in BadRow row)
    {
        BadRows++;
        _appender.PassOver();
        if (Refusal != null)
        {
            throw Refusal;
        }
    }

    /// <summary>Reads once.</summary>
    /// <param name="room">How many rows there is room for; with 0 it is only asked whether the split has ended.</param>
    public void Read(int room)
    {
        var bad = BadRows;
        var batch = new BatchPool<T>(room + Spare).Rent();
        _appender.Attach(batch, room, room);
        _run.Begin($"reads split '{Split.Id}' behind {Count} rows, with room for {room}");
        var status = _reader.Read(_appender);
        if (status is < ReadStatus.More or > ReadStatus.Ended)
        {
            throw _run.Broken($"Read has returned {(int)status}.", $"Return a value of {nameof(ReadStatus)}.");
        }

        var read = batch.Count + BadRows - bad;
        if (read > room)
        {
            throw _run.Broken(
                $"it has read {read} rows.",
                $"Ask {nameof(RowAppender<T>.Free)} before each row, and again behind each bad one; return when it is 0.");
        }

        _emptyReads = status == ReadStatus.CaughtUp && read == 0 ? _emptyReads + 1 : 0;
        HasEnded = status == ReadStatus.Ended;
        Keep(batch);
    }

    /// <summary>Reads until nothing more comes.</summary>
    /// <param name="batchSize">How many rows there is room for in each read.</param>
    public void ReadToEnd(int batchSize)
    {
        while (!IsDone)
        {
            Read(batchSize);
        }
    }

    public byte[] SavePosition()
    {
        _run.Begin($"saves its position in split '{Split.Id}' behind {Count} rows");
        var position = new ArrayBufferWriter<byte>(64);
        _reader.SavePosition(position);
        return position.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        _run.Begin($"closes the reader of split '{Split.Id}' behind {Count} rows");
        _reader.Dispose();
    }

    private void Keep(Batch<T> batch)
    {
        for (var index = 0; index < batch.Count; index++)
        {
            _run.Begin($"describes row {index} of those that it has read last in split '{Split.Id}'");
            var place = _reader.Describe(index);
            if (string.IsNullOrEmpty(place))
            {
                throw _run.Broken("Describe has returned no text.", "Say where the row stands: errors name it.");
            }

            Rows.Add(batch.Rows[index]);
            Places.Add(place);
        }
    }
}
