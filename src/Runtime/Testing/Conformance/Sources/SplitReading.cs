using System.Buffers;
using Penstock.Connectors;
using Penstock.Streams;

namespace Penstock.Testing;

/// <summary>Reads a split like the engine, and keeps the result.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SplitReading<T> : IBadRowHandler, IDisposable
{
    // Batches have space for more rows than the reader may return, so that a reader that ignores the limit is detected.
    private const int Spare = 16;

    // After this many empty reads the split counts as done, because no rows are added during the check.
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

    /// <summary>The reader's descriptions of the place of each row.</summary>
    public List<string> Places { get; } = [];

    public int BadRows { get; private set; }

    /// <summary>The number of rows so far, including bad ones.</summary>
    public int Count => Rows.Count + BadRows;

    /// <summary>The exception that the bad-row handler throws; null for none.</summary>
    public Exception? Refusal { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary><c>true</c> if no more rows are expected.</summary>
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
    /// <param name="room">The maximum number of rows; 0 only checks for the end of the split.</param>
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

    /// <summary>Reads until no more rows arrive.</summary>
    /// <param name="batchSize">The maximum number of rows of each read.</param>
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
