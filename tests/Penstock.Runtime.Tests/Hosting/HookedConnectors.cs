using System.Buffers;
using System.Buffers.Binary;
using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Hosting;

/// <summary>
/// Sources and sinks that report each call to the test before they execute it, so that the test can make any call throw or wait.
/// </summary>
internal sealed class HookedConnectors(object rows, bool isEndless = false) : IConnectorOverrides
{
    /// <summary>The calls of sources that are made while a pipeline runs or starts.</summary>
    public static readonly string[] SourceCalls = ["Discover", "Open", "Read", "SavePosition"];

    /// <summary>The calls of sinks that are made while a pipeline runs or starts.</summary>
    public static readonly string[] SinkCalls = [
        "OpenWriter",
        "CreateCommitter",
        "Place",
        "Claim",
        "LastCommitted",
        "Revoke",
        "Write",
        "Prepare",
        "Commit",
        "Release"
    ];

    /// <summary>The calls that end or close something.</summary>
    public static readonly string[] ClosingCalls = [
        "InterruptWriter",
        "DisposeWriter",
        "InterruptCommitter",
        "DisposeCommitter",
        "DisposeReader"
    ];

    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];
    private readonly List<List<string>> _prepared = [];

    /// <summary>Called with the name of each call.</summary>
    public Action<string> Hook { get; set; } = static _ => { };

    /// <summary>Makes a commit wait before it takes effect.</summary>
    public Func<Task> Committing { get; set; } = static () => Task.CompletedTask;

    /// <summary>Makes the preparation of a checkpoint wait.</summary>
    public Func<Task> Preparing { get; set; } = static () => Task.CompletedTask;

    /// <summary>The committed rows, as strings.</summary>
    public List<string> Committed { get; } = [];

    /// <summary>Returns the number of times that a call was made.</summary>
    public int Count(string call)
    {
        lock (_gate)
        {
            return _calls.Count(made => made == call);
        }
    }

    public ISource<T> Source<T>(string id) => new HookedSource<T>(this);

    public ISink<T> Sink<T>(string stream, string id) => new HookedSink<T>(this);

    // Prepared output survives an attempt, as in a real sink, and becomes visible once.
    private int Prepare(List<string> rows)
    {
        lock (_gate)
        {
            _prepared.Add(rows);
            return _prepared.Count - 1;
        }
    }

    private void Show(int key)
    {
        lock (_gate)
        {
            Committed.AddRange(_prepared[key]);
            _prepared[key] = [];
        }
    }

    private void Note(string call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }

        Hook(call);
    }

    private sealed class HookedSource<T>(HookedConnectors connectors) : ISource<T>
    {
        public IReadOnlyList<SourceSplit> Discover()
        {
            connectors.Note("Discover");
            return [new SourceSplit("split")];
        }

        public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
        {
            connectors.Note("Open");
            return new Reader<T>(connectors, position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position));
        }
    }

    private sealed class Reader<T>(HookedConnectors connectors, int next) : ISplitReader<T>
    {
        private readonly T[] _rows = (T[])connectors.Rows;
        private int _first = next;
        private int _next = next;

        public ReadStatus Read(RowAppender<T> rows)
        {
            connectors.Note("Read");
            _first = _next;
            while (rows.Free > 0 && _next < _rows.Length)
            {
                rows.Append(_rows[_next++]);
            }

            return _next < _rows.Length ? ReadStatus.More : connectors.IsEndless ? ReadStatus.CaughtUp : ReadStatus.Ended;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            connectors.Note("SavePosition");
            BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), _next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => $"row {_first + index}";

        public void Dispose() => connectors.Note("DisposeReader");
    }

    private object Rows => rows;

    private bool IsEndless => isEndless;

    private sealed class HookedSink<T>(HookedConnectors connectors) : ISink<T>
    {
        public ISinkWriter<T> OpenWriter(int subtask)
        {
            connectors.Note("OpenWriter");
            return new Writer(connectors);
        }

        public ISinkCommitter CreateCommitter()
        {
            connectors.Note("CreateCommitter");
            return new Committer(connectors);
        }

        private sealed class Writer(HookedConnectors connectors) : ISinkWriter<T>
        {
            private readonly List<T> _rows = [];

            public void Write(Batch<T> batch, long checkpoint)
            {
                connectors.Note("Write");
                _rows.AddRange(batch.Rows.AsSpan(0, batch.Count));
            }

            public async ValueTask<byte[]> PrepareAsync(long checkpoint)
            {
                connectors.Note("Prepare");
                var key =
                    connectors.Prepare([.. _rows.Select(static row => row is Step step ? $"{step.Name}{step.Number}" : row!.ToString()!)]);
                _rows.Clear();
                await connectors.Preparing();
                return BitConverter.GetBytes(key);
            }

            public void Interrupt() => connectors.Note("InterruptWriter");

            public void Dispose() => connectors.Note("DisposeWriter");
        }

        private sealed class Committer(HookedConnectors connectors) : ISinkCommitter
        {
            public string? Place
            {
                get
                {
                    connectors.Note("Place");
                    return null;
                }
            }

            public bool CanRevoke => true;

            public ValueTask ClaimAsync(SinkOwner owner, bool isKnown)
            {
                connectors.Note("Claim");
                return default;
            }

            public ValueTask ReleaseAsync()
            {
                connectors.Note("Release");
                return default;
            }

            public ValueTask<long?> LastCommittedAsync()
            {
                connectors.Note("LastCommitted");
                return new((long?)0);
            }

            public async ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
            {
                connectors.Note("Commit");
                await connectors.Committing();
                foreach (var key in prepared)
                {
                    connectors.Show(BitConverter.ToInt32(key));
                }
            }

            public ValueTask RevokeAfterAsync(long checkpoint)
            {
                connectors.Note("Revoke");
                return default;
            }

            public void Interrupt() => connectors.Note("InterruptCommitter");

            public void Dispose() => connectors.Note("DisposeCommitter");
        }
    }
}
