using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>The map state of an operator: that of the key which its scope has entered.</summary>
internal sealed class MapTable<TKey, TPart, TMapKey, TValue, TCodec>(KeyScope<TKey> scope, MapStore<TKey, TPart, TValue> store) : MapState<TMapKey, TValue>, IScopedCollection
    where TKey : struct, IKey<TKey>
    where TPart : struct, IMapKey<TPart, TMapKey>
    where TCodec : struct, IStateCodec<Held<TValue>>
{
    private MapStore<TKey, TPart, TValue> _store = store;

    public override int Count => _store.HeadOf(scope.Key, scope.Hash).Count;

    public override ref TValue GetOrAdd(TMapKey key)
    {
        var part = TPart.Of(key);
        ref var element = ref Find(part);
        if (Unsafe.IsNullRef(in element))
        {
            element = ref _store.Add(scope.Key, scope.Hash, part);
        }

        return ref element.Held.Value;
    }

    public override ref TValue GetRef(TMapKey key)
    {
        ref var element = ref Find(TPart.Of(key));
        if (Unsafe.IsNullRef(in element))
        {
            throw Missing(key);
        }

        return ref element.Held.Value;
    }

    public override bool TryGetValue(TMapKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ref readonly var element = ref FindToRead(TPart.Of(key));
        var isFound = !Unsafe.IsNullRef(in element);
        value = isFound ? element.Held.Value : default;
        return isFound;
    }

    public override bool ContainsKey(TMapKey key) => !Unsafe.IsNullRef(in FindToRead(TPart.Of(key)));

    public override bool Remove(TMapKey key) => _store.Remove(scope.Key, scope.Hash, TPart.Of(key));

    public override void Clear()
    {
        for (var head = _store.HeadOf(scope.Key, scope.Hash); head.Count > 0; head = _store.HeadOf(scope.Key, scope.Hash))
        {
            _store.Remove(scope.Key, scope.Hash, head.First);
        }
    }

    public void Use(ElementStore store) => _store = (MapStore<TKey, TPart, TValue>)store;

    private protected override int Begin(out TMapKey first)
    {
        var head = _store.HeadOf(scope.Key, scope.Hash);
        first = TPart.ValueOf(head.First);
        return head.Count;
    }

    private protected override bool Read(TMapKey key, out TValue value, out TMapKey next)
    {
        ref readonly var element = ref FindToRead(TPart.Of(key));
        if (Unsafe.IsNullRef(in element))
        {
            value = default!;
            next = default!;
            return false;
        }

        value = element.Held.Value;
        next = TPart.ValueOf(element.Next);
        return true;
    }

    // What can be changed in place may be changed by whoever reads it.
    private ref readonly MapElement<TPart, TValue> FindToRead(TPart part)
    {
        if (TCodec.HasSharedParts)
        {
            return ref Find(part);
        }

        return ref _store.Elements.Find(new(scope.Key, part), OwnedKey<TKey, TPart>.Hash(scope.Hash, part));
    }

    private ref MapElement<TPart, TValue> Find(TPart part) =>
        ref _store.Elements.FindToChange(new(scope.Key, part), OwnedKey<TKey, TPart>.Hash(scope.Hash, part));
}
