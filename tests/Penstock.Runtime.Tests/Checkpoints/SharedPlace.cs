using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>
/// A place for checkpoints that behaves like an object store: it has no locks, an answer may be lost, and a request may arrive late. Each
/// writer uses its own storage object.
/// </summary>
internal sealed class SharedPlace
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _objects = [];
    private readonly List<(string Name, byte[] Content)> _underWay = [];
    private readonly HashSet<string> _torn = [];

    /// <summary>Creates the storage of one writer.</summary>
    /// <param name="before">Called before each effect, on the thread of the writer.</param>
    /// <param name="trouble">Decides the outcome of the next conditional write.</param>
    public ICheckpointStorage For(Action before, Func<Trouble> trouble) => new Storage(this, before, trouble);

    /// <summary>Requests may arrive after their sender has given up.</summary>
    public void DeliverLate()
    {
        lock (_gate)
        {
            _underWay.ForEach(late => _objects.TryAdd(late.Name, late.Content));
            _underWay.Clear();
        }
    }

    private T Do<T>(Action before, Func<T> effect)
    {
        before();
        lock (_gate)
        {
            return effect();
        }
    }

    private sealed class Storage(SharedPlace place, Action before, Func<Trouble> trouble) : ICheckpointStorage
    {
        public string Location => "shared";

        public bool IsExclusive => false;

        public void Open()
        {
        }

        public IReadOnlyList<string> List() => place.Do(before, () => place._objects.Keys.ToList());

        public IReadableFile OpenRead(string name) =>
            place.Do(
                before,
                () => new Readable(place._objects.TryGetValue(name, out var content) ? content : throw new FileNotFoundException(name)));

        public IWritableFile Create(string name) => new Writable(content => place.Do(before, () => place._objects[name] = content));

        public bool TryPublish(string name, ReadOnlySpan<byte> content)
        {
            var bytes = content.ToArray();
            return place.Do(before, () => Publish(name, bytes));
        }

        public void Delete(string name) => place.Do(before, () => place._objects.Remove(name));

        public void Dispose()
        {
        }

        private bool Publish(string name, byte[] content)
        {
            if (place._torn.Contains(name))
            {
                return false;
            }

            switch (trouble())
            {
                case Trouble.Torn when !place._objects.ContainsKey(name):
                    place._torn.Add(name);
                    return false;
                case Trouble.LostRequest:
                    throw new IOException("no answer");
                case Trouble.LateRequest:
                    place._underWay.Add((name, content));
                    throw new IOException("no answer");
                case Trouble.LostAnswer:
                    place._objects.TryAdd(name, content);
                    throw new IOException("no answer");
                case Trouble.LostAnswerAndTriedAgain:
                    place._objects.TryAdd(name, content);
                    return false;
                default:
                    return place._objects.TryAdd(name, content);
            }
        }
    }

    private sealed class Readable(byte[] content) : IReadableFile
    {
        public long Length => content.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var rest = content.AsSpan((int)Math.Min(offset, content.Length));
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            return count;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Writable(Action<byte[]> sync) : IWritableFile
    {
        private readonly MemoryStream _content = new();

        public void Append(ReadOnlySpan<byte> bytes) => _content.Write(bytes);

        public void Sync() => sync(_content.ToArray());

        public void Dispose() => _content.Dispose();
    }
}

/// <summary>The possible outcomes of a conditional write.</summary>
internal enum Trouble
{
    None,
    LostRequest,
    LateRequest,
    LostAnswer,
    LostAnswerAndTriedAgain,

    /// <summary>From now on the name neither exists nor is free.</summary>
    Torn,
}
