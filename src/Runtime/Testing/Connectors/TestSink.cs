using System.Globalization;
using System.Text;
using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A sink that keeps rows for a test, and distinguishes committed rows from rows that are only written.</summary>
/// <param name="stream">The stream that it writes.</param>
/// <param name="happens">Called before an operation that outlives a crash.</param>
internal sealed class TestSink<T>(string stream, Action<string> happens) : ISink<T>, ITestSink
{
    private readonly Dictionary<(long Checkpoint, int Subtask), List<Change<T>>> _prepared = [];
    private readonly SortedDictionary<long, List<Change<T>>> _committed = [];
    private readonly List<Change<T>> _new = [];

    public IReadOnlyList<Change<T>> Committed => [.. _committed.Values.SelectMany(rows => rows)];

    public IEnumerable<(RowKind Kind, object? Row)> CommittedRows =>
        _committed.Values.SelectMany(static rows => rows).Select(static change => (change.Kind, (object?)change.Row));

    public ISinkWriter<T> OpenWriter(int subtask) => new Writer(this, subtask);

    public ISinkCommitter CreateCommitter() => new Committer(this);

    public IReadOnlyList<Change<T>> Take()
    {
        var rows = _new.ToArray();
        _new.Clear();
        return rows;
    }

    private void Happens(string action, long checkpoint) =>
        happens(string.Create(CultureInfo.InvariantCulture, $"{action} checkpoint {checkpoint} of {stream}"));

    private sealed class Writer(TestSink<T> sink, int subtask) : ISinkWriter<T>
    {
        private List<Change<T>> _rows = [];

        public void Write(Batch<T> batch, long checkpoint)
        {
            for (var index = 0; index < batch.Count; index++)
            {
                var change = new Change<T>(batch.KindOf(index), batch.Rows[index]);
                _rows.Add(change);
                sink._new.Add(change);
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint)
        {
            if (_rows.Count == 0)
            {
                return new([]);
            }

            sink.Happens("prepare", checkpoint);
            sink._prepared[(checkpoint, subtask)] = _rows;
            _rows = [];
            return new(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{checkpoint} {subtask}")));
        }

        public void Dispose()
        {
            // Rows that were not prepared are discarded with the attempt.
        }
    }

    private sealed class Committer(TestSink<T> sink) : ISinkCommitter
    {
        public bool CanRevoke => true;

        public ValueTask<long?> LastCommittedAsync() => new(sink._committed.Keys.LastOrDefault());

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
        {
            sink.Happens("commit", checkpoint);

            // Rows that another test prepared before this one resumed are not available here.
            sink._committed[checkpoint] = [.. prepared.Select(KeyOf).SelectMany(key => sink._prepared.GetValueOrDefault(key) ?? [])];
            sink.Happens("leave the commit of", checkpoint);
            return default;
        }

        private static (long Checkpoint, int Subtask) KeyOf(byte[] prepared)
        {
            var parts = Encoding.ASCII.GetString(prepared).Split(' ');
            return (long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        public ValueTask RevokeAfterAsync(long checkpoint)
        {
            sink.Happens("revoke what is behind", checkpoint);
            foreach (var later in sink._committed.Keys.Where(id => id > checkpoint).ToList())
            {
                sink._committed.Remove(later);
            }

            return default;
        }

        public void Dispose()
        {
            // There is nothing to release.
        }
    }
}

/// <summary>The part of a test sink that does not depend on the row type.</summary>
internal interface ITestSink
{
    /// <summary>The rows that are visible outside, in order, with their row kinds.</summary>
    IEnumerable<(RowKind Kind, object? Row)> CommittedRows { get; }
}
