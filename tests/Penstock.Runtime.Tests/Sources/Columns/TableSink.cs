using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Sources.Columns;

/// <summary>The output that a sink has made visible, as lines.</summary>
public sealed class Output<T>
{
    // Writers prepare concurrently.
    public ConcurrentDictionary<string, List<string>> Prepared { get; } = [];

    public SortedDictionary<long, List<string>> Committed { get; } = [];

    public List<string> Schemas { get; } = [];

    public IEnumerable<string> Lines => Committed.Values.SelectMany(static lines => lines);
}

/// <summary>
/// Receives columns, and creates a line from each row. Any column connector can be written like this, with only the schema.
/// </summary>
public sealed class TableSink<T>(Output<T> output) : IColumnSink<T>
{
    public void SetSchema(RowSchema schema) => output.Schemas.Add($"{schema}");

    public ISinkWriter<T> OpenWriter(int subtask) => new Writer(output, subtask);

    public ISinkCommitter CreateCommitter() => new Committer(output);

    private sealed class Writer(Output<T> output, int subtask) : IColumnWriter<T>
    {
        private List<string> _lines = [];

        public void Write(ColumnBatch columns, long checkpoint)
        {
            for (var row = 0; row < columns.Count; row++)
            {
                _lines.Add(string.Join('|', columns.Schema.Columns.Select((_, column) => Text(columns, column, row))));
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint)
        {
            if (_lines.Count == 0)
            {
                return new([]);
            }

            var key = string.Create(CultureInfo.InvariantCulture, $"{checkpoint} {subtask}");
            output.Prepared[key] = _lines;
            _lines = [];
            return new(Encoding.ASCII.GetBytes(key));
        }

        public void Dispose()
        {
            // Unprepared output is lost with the attempt.
        }

        private static string Text(ColumnBatch columns, int column, int row)
        {
            if (columns.Schema.Columns[column].IsNullable && !columns.Valid(column)[row])
            {
                return "null";
            }

            var type = columns.Schema.Columns[column].Type;
            object? value = type == typeof(long) ? columns.Values<long>(column)[row]
                : type == typeof(int) ? columns.Values<int>(column)[row]
                : type == typeof(short) ? columns.Values<short>(column)[row]
                : type == typeof(double) ? columns.Values<double>(column)[row]
                : type == typeof(decimal) ? columns.Values<decimal>(column)[row]
                : type == typeof(string) ? columns.Values<string>(column)[row]
                : type == typeof(DateTime) ? columns.Values<DateTime>(column)[row].ToString("O", CultureInfo.InvariantCulture)
                : type == typeof(byte[]) ? columns.Values<byte[]>(column)[row][0]
                : throw new NotSupportedException($"The table takes no {type}.");
            return string.Create(CultureInfo.InvariantCulture, $"{value}");
        }
    }

    private sealed class Committer(Output<T> output) : ISinkCommitter
    {
        public bool CanRevoke => true;

        public ValueTask<long?> LastCommittedAsync() => new(output.Committed.Keys.LastOrDefault());

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
        {
            output.Committed[checkpoint] = [.. prepared.SelectMany(key => output.Prepared[Encoding.ASCII.GetString(key)])];
            return default;
        }

        public ValueTask RevokeAfterAsync(long checkpoint)
        {
            foreach (var later in output.Committed.Keys.Where(id => id > checkpoint).ToList())
            {
                output.Committed.Remove(later);
            }

            return default;
        }

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
