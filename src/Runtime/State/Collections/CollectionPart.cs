using System.Buffers;
using MemoryPack;
using Penstock.Time;

namespace Penstock.State;

/// <summary>A collection state per key, as part of a checkpoint: a table of elements.</summary>
internal sealed class CollectionPart<TElementKey, TElement, TElementCodec>(
    string id,
    IReadOnlyList<string> formerIds,
    KeyRange range,
    StateMemory memory,
    ElementStore<TElementKey, TElement> store) : IStatePart
    where TElementKey : struct, IKey<TElementKey>
    where TElement : struct
    where TElementCodec : struct, IStateCodec<TElement>
{
    public string Id => id;

    public IReadOnlyList<string> FormerIds { get; } = formerIds;

    public string Schema => SchemaOf(TElementCodec.Schema);

    public KeyGroupRange? KeyGroups => range.Groups;

    public string AcceptedSchema => SchemaOf(TElementCodec.AcceptedSchema ?? TElementCodec.Schema);

    public IFrozenPart Freeze(bool all) => new FrozenTable<TElementKey, TElement, TElementCodec>(store.Elements.Freeze(all), memory);

    public void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        using var states = new SavedStates<TElement, TElementCodec>(schema, this);
        foreach (var bytes in saved)
        {
            using var state = MemoryPackReaderOptionalStatePool.Rent(null);
            var reader = new MemoryPackReader(bytes, state);
            StateTable.Restore(store.Elements, states, ref reader, range, writer);
            reader.Dispose();
        }
    }

    public void Restored() => store.Link();

    public void Forget() => store.Elements.Clear();

    private static string SchemaOf(string fields) => $"keyed({TElementKey.Schema}){{{fields}}}";
}

/// <summary>A collection state per key and window, as part of a checkpoint: a table of elements for each open window.</summary>
/// <param name="id">The id of the part.</param>
/// <param name="formerIds">The former ids of the part.</param>
/// <param name="range">The keys of the subtask.</param>
/// <param name="panes">The windows.</param>
/// <param name="memory">Accounts for the elements.</param>
/// <param name="place">The index of its store among those of a window.</param>
/// <param name="create">Creates a store.</param>
internal sealed class PaneCollectionPart<TElementKey, TElement, TElementCodec>(
    string id,
    IReadOnlyList<string> formerIds,
    KeyRange range,
    IWindowSet panes,
    StateMemory memory,
    int place,
    Func<ElementStore<TElementKey, TElement>> create) : IStatePart
    where TElementKey : struct, IKey<TElementKey>
    where TElement : struct
    where TElementCodec : struct, IStateCodec<TElement>
{
    // Kept until the whole checkpoint is read and the windows exist.
    private readonly Dictionary<long, ElementStore<TElementKey, TElement>> _restored = [];

    public string Id => id;

    public IReadOnlyList<string> FormerIds { get; } = formerIds;

    public string Schema => SchemaOf(TElementCodec.Schema);

    public KeyGroupRange? KeyGroups => range.Groups;

    public string AcceptedSchema => SchemaOf(TElementCodec.AcceptedSchema ?? TElementCodec.Schema);

    public IFrozenPart Freeze(bool all) => new FrozenWindows<TElementKey, TElement, TElementCodec>(
        watermark: Watermarks.None,
        closed: Watermarks.None,
        [.. panes.Open.Select(pane => new FrozenPane<TElementKey, TElement>(
            pane.Start,
            false,
            ((ElementStore<TElementKey, TElement>)pane.Stores.Items[place]).Elements.Freeze(all)))],
        memory);

    public void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        using var states = new SavedStates<TElement, TElementCodec>(schema, this);
        var (_, _, open) = FrozenWindows.ReadHeader(saved[^1]);
        foreach (var bytes in saved)
        {
            FrozenWindows.ReadEntries(bytes, states, start => open.ContainsKey(start) ? Find(start).Elements : null, range, writer);
        }
    }

    public void Restored()
    {
        foreach (var (start, stores) in panes.Open)
        {
            if (_restored.Remove(start, out var store))
            {
                store.Link();
                stores.Items[place].Drop();
                stores.Items[place] = store;
            }
        }
    }

    public void Forget()
    {
        foreach (var store in _restored.Values)
        {
            store.Drop();
        }

        _restored.Clear();
    }

    private string SchemaOf(string fields) => $"windows({TElementKey.Schema};{panes.Grid}){{{fields}}}";

    private ElementStore<TElementKey, TElement> Find(long start)
    {
        if (!_restored.TryGetValue(start, out var store))
        {
            _restored.Add(start, store = create());
        }

        return store;
    }
}
