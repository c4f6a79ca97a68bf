using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Sources.Columns;

/// <summary>A table in memory, column by column.</summary>
public sealed class Table<T>(int rows, int splits)
{
    private readonly Dictionary<string, Action<ColumnAppender, int, int, int>> _columns = [];

    public int Rows => rows;

    public int Splits => splits;

    /// <summary>The numbers of the rows that cannot be read.</summary>
    public HashSet<int> Unreadable { get; } = [];

    /// <summary>The requested columns, by subtask.</summary>
    public List<string> Projections { get; } = [];

    /// <summary>Called with each block before it is appended.</summary>
    public Action<ColumnAppender, int, int>? Appending { get; set; }

    /// <summary>The number of rows that each read has returned.</summary>
    public List<int> Reads { get; } = [];

    /// <summary>The maximum number of rows in a block.</summary>
    public int BlockSize { get; set; } = 5;

    /// <summary>Adds a column of non-null values or of references.</summary>
    public Table<T> With<TValue>(string name, TValue[] values)
    {
        _columns[name] = (appender, column, start, count) => appender.Set<TValue>(column, values.AsMemory(start, count));
        return this;
    }

    /// <summary>Adds a column with a mask.</summary>
    public Table<T> WithNulls<TValue>(string name, TValue?[] values)
        where TValue : struct
    {
        TValue[] known = [.. values.Select(static value => value ?? default)];
        bool[] valid = [.. values.Select(static value => value != null)];
        _columns[name] = (
            appender,
            column,
            start,
            count) => appender.Set<TValue>(column, known.AsMemory(start, count), valid.AsMemory(start, count));
        return this;
    }

    public void Set(ColumnAppender appender, int start, int count)
    {
        for (var index = 0; index < appender.Schema.Columns.Count; index++)
        {
            if (_columns.TryGetValue(appender.Schema.Columns[index].Name, out var set))
            {
                set(appender, index, start, count);
            }
        }
    }
}

/// <summary>Reads a table. A split is a range of its rows, which is encoded in its id.</summary>
public sealed class TableSource<T>(Table<T> table) : IColumnSource<T>
{
    public string PositionName => "row";

    public void SetProjection(RowSchema columns)
    {
        lock (table.Projections)
        {
            table.Projections.Add($"{columns}");
        }
    }

    public IReadOnlyList<SourceSplit> Discover() =>
        [.. Enumerable
            .Range(0, table.Splits)
            .Select(split => new SourceSplit(
                $"{split}-{table.Rows * split / table.Splits}-{table.Rows * (split + 1) / table.Splits}",
                $"{table.Rows}"))];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var ends = split.Id.Split('-').Select(static end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return new TableReader<T>(table, position.IsEmpty ? ends[1] : BinaryPrimitives.ReadInt32LittleEndian(position), ends[2], badRows);
    }
}

internal sealed class TableReader<T>(Table<T> table, int next, int end, IBadRowHandler badRows) : IColumnReader<T>
{
    // Some rows in between cannot be read.
    private readonly List<int> _handed = [];
    private int _next = next;

    public ReadStatus Read(ColumnAppender columns)
    {
        _handed.Clear();
        while (_next < end && columns.Free > 0)
        {
            if (table.Unreadable.Contains(_next))
            {
                badRows.Handle(new BadRow("table", _next, "", "cannot be read", $"row {_next}"));
                _next++;
                continue;
            }

            var count = 0;
            while (count < columns.Free && count < table.BlockSize && _next + count < end && !table.Unreadable.Contains(_next + count))
            {
                _handed.Add(_next + count++);
            }

            table.Set(columns, _next, count);
            table.Appending?.Invoke(columns, _next, count);
            _next += count;
            columns.Append(count);
        }

        lock (table.Reads)
        {
            table.Reads.Add(_handed.Count);
        }

        return _next < end ? ReadStatus.More : ReadStatus.Ended;
    }

    public void SavePosition(IBufferWriter<byte> position)
    {
        BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), _next);
        position.Advance(sizeof(int));
    }

    public string Describe(int index) => $"row {_handed[index]} of the table";

    public void Dispose()
    {
        // There are no resources.
    }
}
