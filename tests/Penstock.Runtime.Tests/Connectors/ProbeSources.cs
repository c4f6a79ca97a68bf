using System.Buffers;
using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>Has one row, asks which columns are read, and divides its input.</summary>
public sealed class AskingSource<T>(ProbeLog log) : ISource<T>, IProjectionSource, IDividingSource
{
    public Form Form { get; init; }

    public string PositionName => "row";

    public void SetProjection(RowSchema columns)
    {
        if (columns.Columns is [{ Name: "number" }])
        {
            log.Serve(Form, nameof(IProjectionSource));
        }
    }

    public string InputOf(string splitId) => splitId.Split('/')[0];

    public string Remedy(string sourceId)
    {
        log.Serve(Form, nameof(IDividingSource));
        return "Take as many parts as before";
    }

    public IReadOnlyList<SourceSplit> Discover() =>
    [
        .. Enumerable.Range(0, log.Parts)
            .Select(part => new SourceSplit(string.Create(CultureInfo.InvariantCulture, $"probes/{part} of {log.Parts}"))),
    ];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new OneRow<T>(isRead: !position.IsEmpty);
}

/// <summary>Hands over columns.</summary>
public sealed class ProbeColumnSource<T>(ProbeLog log) : IColumnSource<T>
{
    private RowSchema _columns = null!;

    public Form Form { get; init; }

    public string PositionName => "row";

    public void SetProjection(RowSchema columns) => _columns = columns;

    public IReadOnlyList<SourceSplit> Discover() => [new("columns")];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(this, log, isRead: !position.IsEmpty);

    private sealed class Reader(ProbeColumnSource<T> source, ProbeLog log, bool isRead) : IColumnReader<T>
    {
        private bool _isRead = isRead;

        public ReadStatus Read(ColumnAppender columns)
        {
            if (!_isRead && columns.Free > 0 && source._columns.Columns is [{ Name: "number" }])
            {
                columns.Set<int>(0, new[] { Probe.Sample.Number });
                columns.Append(1);
                _isRead = true;
                log.Serve(source.Form, "IColumnSource`1");
            }

            return _isRead ? ReadStatus.Ended : ReadStatus.More;
        }

        public void SavePosition(IBufferWriter<byte> position) => OneRow.Save(position, _isRead);

        public string Describe(int index) => "the row";

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}

/// <summary>Wakes the pipeline.</summary>
public sealed class ProbeStreamingSource<T>(ProbeLog log) : IStreamingSource<T>
{
    private OneRow<T>? _reader;

    public Form Form { get; init; }

    public string PositionName => "row";

    public bool IsUnbounded => false;

    public int SlotOf(SourceSplit split) => 0;

    public IReadOnlyList<SourceSplit> Discover() => [new("stream")];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        _reader = new OneRow<T>(isRead: !position.IsEmpty);

    public ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => throw new NotSupportedException();

    public void Start(Action available)
    {
        log.Serve(Form, "IStreamingSource`1");
        available();
    }

    public ISplitReader<T>? Next() => _reader is { IsRead: false } ? _reader : null;

    public IReadOnlyList<SourceSplit> TakeNewSplits() => [];

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        // Nothing is kept.
    }

    public void Dispose()
    {
        // Nothing is open.
    }
}

internal sealed class OneRow<T>(bool isRead) : ISplitReader<T>
{
    public bool IsRead { get; private set; } = isRead;

    public ReadStatus Read(RowAppender<T> rows)
    {
        if (!IsRead && rows.Free > 0)
        {
            rows.Append((T)(object)Probe.Sample);
            IsRead = true;
        }

        return IsRead ? ReadStatus.Ended : ReadStatus.More;
    }

    public void SavePosition(IBufferWriter<byte> position) => OneRow.Save(position, IsRead);

    public string Describe(int index) => "the row";

    public void Dispose()
    {
        // Nothing is open.
    }
}

internal static class OneRow
{
    public static void Save(IBufferWriter<byte> position, bool isRead)
    {
        if (isRead)
        {
            position.Write("x"u8);
        }
    }
}
