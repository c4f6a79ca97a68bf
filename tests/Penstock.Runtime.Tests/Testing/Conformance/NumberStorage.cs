using System.Collections.Concurrent;
using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>The mistakes of a storage.</summary>
internal enum StorageMistake
{
    None,
    LosesTheLastByte,
    Appends,
    PublishesOver,
    ListsWhatIsDeleted,
    MakesUpWhatIsMissing,
    LocksWhatWasNotSynced,
    ForgetsOnClose,
    LetsEveryoneIn,
    PublishesOncePerProcess,
    WritesOneAtATime,
    ChangesItsName,
    CannotBeClosedTwice,
}

/// <summary>The objects of in-memory storages.</summary>
internal sealed class StoredObjects
{
    public ConcurrentDictionary<string, byte[]> All { get; } = new();

    public ConcurrentDictionary<string, bool> Deleted { get; } = new();

    public ConcurrentDictionary<string, bool> Locked { get; } = new();

    public int Open;
    public int Writing;
}

/// <summary>Keeps checkpoints in memory, with a given mistake.</summary>
internal sealed class NumberStorage(StoredObjects objects, StorageMistake mistake, bool isExclusive) : ICheckpointStorage
{
    private readonly ConcurrentDictionary<string, bool> _published = new();
    private bool _isOpen;
    private bool _isClosed;

    public static StorageSetup SetUp(StorageMistake mistake, bool isExclusive)
    {
        var objects = new StoredObjects();
        return new StorageSetup { Create = () => new NumberStorage(objects, mistake, isExclusive) };
    }

    public string Location => mistake == StorageMistake.ChangesItsName ? Guid.NewGuid().ToString() : "memory";

    public bool IsExclusive => isExclusive;

    public void Open()
    {
        if (isExclusive && objects.Open > 0 && mistake != StorageMistake.LetsEveryoneIn)
        {
            throw new PipelineException(PipelineErrorCode.Custom, "Another process has the place.");
        }

        _isOpen = true;
        objects.Open++;
    }

    public IReadOnlyList<string> List() =>
        [.. objects.All.Keys, .. mistake == StorageMistake.ListsWhatIsDeleted ? objects.Deleted.Keys : []];

    public IReadableFile OpenRead(string name) => objects.All.TryGetValue(name, out var content) ? new Readable(content)
        : mistake == StorageMistake.MakesUpWhatIsMissing ? new Readable([])
        : throw new FileNotFoundException($"There is no '{name}'.");

    public IWritableFile Create(string name) => objects.Locked.ContainsKey(name)
        ? throw new IOException($"'{name}' is being written.")
        : new Writable(objects, name, mistake);

    public bool TryPublish(string name, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        if (mistake is StorageMistake.PublishesOver or StorageMistake.PublishesOncePerProcess)
        {
            var isFirst = mistake == StorageMistake.PublishesOver || _published.TryAdd(name, true);
            if (isFirst)
            {
                objects.All[name] = bytes;
            }

            return isFirst;
        }

        return objects.All.TryAdd(name, bytes);
    }

    public void Delete(string name)
    {
        _published.TryRemove(name, out _);
        if (objects.All.TryRemove(name, out _))
        {
            objects.Deleted[name] = true;
        }
    }

    public void Dispose()
    {
        if (_isClosed && mistake == StorageMistake.CannotBeClosedTwice)
        {
            throw new InvalidOperationException("The storage is closed.");
        }

        objects.Open -= _isOpen && !_isClosed ? 1 : 0;
        _isClosed = true;
        if (mistake == StorageMistake.ForgetsOnClose)
        {
            objects.All.Clear();
        }
    }

    private sealed class Readable(byte[] content) : IReadableFile
    {
        public long Length => content.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var rest = content.AsSpan((int)offset);
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            return count;
        }

        public void Dispose()
        {
            // There are no resources.
        }
    }

    private sealed class Writable : IWritableFile
    {
        private readonly MemoryStream _content = new();
        private readonly StoredObjects _objects;
        private readonly string _name;
        private readonly StorageMistake _mistake;

        public Writable(StoredObjects objects, string name, StorageMistake mistake)
        {
            (_objects, _name, _mistake) = (objects, name, mistake);
            if (mistake == StorageMistake.LocksWhatWasNotSynced)
            {
                objects.Locked[name] = true;
            }

            if (mistake == StorageMistake.Appends && objects.All.TryGetValue(name, out var content))
            {
                _content.Write(content);
            }

            Interlocked.Increment(ref objects.Writing);
        }

        public void Append(ReadOnlySpan<byte> bytes) => _content.Write(bytes);

        public void Sync()
        {
            // The threads of a check start one after the other.
            if (_mistake == StorageMistake.WritesOneAtATime && SpinWait.SpinUntil(() => Volatile.Read(ref _objects.Writing) > 1, 5_000))
            {
                throw new IOException("Another object is being written.");
            }

            var bytes = _content.ToArray();
            _objects.All[_name] = _mistake == StorageMistake.LosesTheLastByte && bytes.Length > 1 ? bytes[..^1] : bytes;
            _objects.Locked.TryRemove(_name, out _);
        }

        public void Dispose() => Interlocked.Decrement(ref _objects.Writing);
    }
}
