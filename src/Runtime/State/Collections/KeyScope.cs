using System.ComponentModel;

namespace Penstock.State;

/// <summary>A collection state whose current key is that of its scope.</summary>
internal interface IScopedCollection
{
    /// <summary>Switches to the tables of another window.</summary>
    void Use(ElementStore store);
}

/// <summary>The key, and window, of the row that an operator processes. All of its collection states use it.</summary>
/// <typeparam name="TKey">The key type of the operator.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class KeyScope<TKey>
    where TKey : struct, IKey<TKey>
{
    private readonly IStateOwner _owner;
    private readonly string _id;
    private readonly IWindowSet? _panes;
    private readonly StateClock? _clock;
    private readonly List<IScopedCollection> _perWindow = [];
    private readonly TableSecret _secret;
    private PaneStores? _entered;

    internal KeyScope(IStateOwner owner, string id, IWindowSet? panes, StateClock? clock)
    {
        _owner = owner;
        _id = id;
        _panes = panes;
        _clock = clock;
        _secret = owner.Secret(id);
    }

    /// <summary>The secret in the hashes of the operator's tables.</summary>
    public ulong Secret => _secret.Value;

    internal TKey Key { get; private set; }

    internal ulong Hash { get; private set; }

    /// <summary>Switches to a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">The hash of the key with the <see cref="Secret"/>.</param>
    public void Enter(TKey key, ulong hash)
    {
        Key = key;
        Hash = hash;
    }

    /// <summary>Switches to a key in a window.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">The hash of the key with the <see cref="Secret"/>.</param>
    /// <param name="stores">The stores of the window.</param>
    public void Enter(TKey key, ulong hash, PaneStores stores)
    {
        Enter(key, hash);
        if (stores != _entered)
        {
            ArgumentNullException.ThrowIfNull(stores);
            _entered = stores;
            for (var index = 0; index < _perWindow.Count; index++)
            {
                _perWindow[index].Use(stores.Items[index]);
            }
        }
    }

    /// <summary>Creates a map state.</summary>
    /// <typeparam name="TPart">The struct that wraps the keys of the map.</typeparam>
    /// <typeparam name="TMapKey">The keys of the map.</typeparam>
    /// <typeparam name="TValue">The values of the map.</typeparam>
    /// <typeparam name="TCodec">The codec of the values.</typeparam>
    /// <param name="name">The name of the state.</param>
    /// <param name="perWindow"><c>true</c> if each window has its own map.</param>
    /// <param name="formerNames">The former names of the state.</param>
    /// <returns>The map.</returns>
    public MapState<TMapKey, TValue> Map<TPart, TMapKey, TValue, TCodec>(string name, bool perWindow, params string[] formerNames)
        where TPart : struct, IMapKey<TPart, TMapKey>
        where TCodec : struct, IStateCodec<StateCell<TValue>> =>
            CreateMap<TPart, TMapKey, TValue, NoLife, TCodec>(name, perWindow, formerNames, null);

    /// <summary>Creates a map state whose entries expire.</summary>
    /// <typeparam name="TPart">The struct that wraps the keys of the map.</typeparam>
    /// <typeparam name="TMapKey">The keys of the map.</typeparam>
    /// <typeparam name="TValue">The values of the map.</typeparam>
    /// <typeparam name="TCodec">The codec of the values.</typeparam>
    /// <param name="name">The name of the state.</param>
    /// <param name="ttlMicros">The time to live of entries, in microseconds.</param>
    /// <param name="onRead"><c>true</c> if reading an entry renews its time to live, too.</param>
    /// <param name="processingTime"><c>true</c> to expire by processing time.</param>
    /// <param name="formerNames">The former names of the state.</param>
    /// <returns>The map.</returns>
    public MapState<TMapKey, TValue> ExpiringMap<TPart, TMapKey, TValue, TCodec>(
        string name,
        long ttlMicros,
        bool onRead,
        bool processingTime,
        params string[] formerNames)
        where TPart : struct, IMapKey<TPart, TMapKey>
        where TCodec : struct, IStateCodec<StateCell<TValue>> =>
        CreateMap<TPart, TMapKey, TValue, Life, TCodec>(
            name,
            perWindow: false,
            formerNames,
            new Lifetime(_clock!, ttlMicros, onRead, processingTime));

    /// <summary>Creates a list state.</summary>
    /// <typeparam name="TValue">The elements of the list.</typeparam>
    /// <typeparam name="TCodec">The codec of the elements.</typeparam>
    /// <param name="name">The name of the state.</param>
    /// <param name="perWindow"><c>true</c> if each window has its own list.</param>
    /// <param name="formerNames">The former names of the state.</param>
    /// <returns>The list.</returns>
    public ListState<TValue> List<TValue, TCodec>(string name, bool perWindow, params string[] formerNames)
        where TCodec : struct, IStateCodec<StateCell<TValue>> => CreateList<TValue, NoLife, TCodec>(name, perWindow, formerNames, null);

    /// <summary>Creates a list state that expires.</summary>
    /// <typeparam name="TValue">The elements of the list.</typeparam>
    /// <typeparam name="TCodec">The codec of the elements.</typeparam>
    /// <param name="name">The name of the state.</param>
    /// <param name="ttlMicros">The time to live of the list, in microseconds.</param>
    /// <param name="onRead"><c>true</c> if reading the list renews its time to live, too.</param>
    /// <param name="processingTime"><c>true</c> to expire by processing time.</param>
    /// <param name="formerNames">The former names of the state.</param>
    /// <returns>The list.</returns>
    public ListState<TValue> ExpiringList<TValue, TCodec>(
        string name,
        long ttlMicros,
        bool onRead,
        bool processingTime,
        params string[] formerNames)
        where TCodec : struct, IStateCodec<StateCell<TValue>> =>
        CreateList<TValue, Life, TCodec>(name, perWindow: false, formerNames, new Lifetime(_clock!, ttlMicros, onRead, processingTime));

    private MapTable<TKey, TPart, TMapKey, TValue, TLife, TCodec> CreateMap<TPart, TMapKey, TValue, TLife, TCodec>(
        string name,
        bool perWindow,
        string[] formerNames,
        Lifetime? lifetime)
        where TPart : struct, IMapKey<TPart, TMapKey>
        where TLife : struct, ILife
        where TCodec : struct, IStateCodec<StateCell<TValue>>
    {
        Detach<MapElement<TPart, TValue, TLife>>? detach = TCodec.HasSharedParts
            ? MapElementCodec<TPart, TValue, TLife, TCodec>.Detach
            : null;
        var memory = Memory(name);
        var store = Store<
            OwnedKey<TKey, TPart>,
            MapElement<TPart, TValue, TLife>,
            MapElementCodec<TPart, TValue, TLife, TCodec>,
            MapStore<TKey, TPart, TValue, TLife>>(
            name, perWindow, formerNames, memory, () => new(detach, memory, _secret, lifetime));
        lifetime?.Register(store, name, IdOf(name), FormerIds(formerNames));
        return Follow(new MapTable<TKey, TPart, TMapKey, TValue, TLife, TCodec>(this, store, lifetime), perWindow);
    }

    private ListTable<TKey, TValue, TLife, TCodec> CreateList<TValue, TLife, TCodec>(
        string name,
        bool perWindow,
        string[] formerNames,
        Lifetime? lifetime)
        where TLife : struct, ILife
        where TCodec : struct, IStateCodec<StateCell<TValue>>
    {
        Detach<ListElement<TValue, TLife>>? detach = TCodec.HasSharedParts ? ListElementCodec<TValue, TLife, TCodec>.Detach : null;
        var memory = Memory(name);
        var store = Store<
            OwnedKey<TKey, ListIndex>,
            ListElement<TValue, TLife>,
            ListElementCodec<TValue, TLife, TCodec>,
            ListStore<TKey, TValue, TLife>>(
            name, perWindow, formerNames, memory, () => new(detach, memory, _secret, lifetime));
        lifetime?.Register(store, name, IdOf(name), FormerIds(formerNames));
        return Follow(new ListTable<TKey, TValue, TLife, TCodec>(this, store, lifetime), perWindow);
    }

    private string IdOf(string name) => $"{_id}.{name}";

    private string[] FormerIds(string[] formerNames) => [.. formerNames.Select(IdOf)];

    private CollectionMemory Memory(string name) => new(_owner.Memory(_id, name), _owner.Memory(_id, name + " heads", countsKeys: false));

    private TStore Store<TElementKey, TElement, TElementCodec, TStore>(
        string name,
        bool perWindow,
        string[] formerNames,
        CollectionMemory memory,
        Func<TStore> create)
        where TElementKey : struct, IKey<TElementKey>
        where TElement : struct
        where TElementCodec : struct, IStateCodec<TElement>
        where TStore : ElementStore<TElementKey, TElement>
    {
        var store = create();
        var (id, formerIds) = (IdOf(name), FormerIds(formerNames));
        if (perWindow)
        {
            _owner.Register(new PaneCollectionPart<TElementKey, TElement, TElementCodec>(
                id,
                formerIds,
                _owner.KeyRange,
                _panes!,
                memory.Elements,
                _panes!.Add(create),
                create));
        }
        else
        {
            _owner.Register(new CollectionPart<TElementKey, TElement, TElementCodec>(
                id,
                formerIds,
                _owner.KeyRange,
                memory.Elements,
                store));
        }

        return store;
    }

    private TCollection Follow<TCollection>(TCollection collection, bool perWindow)
        where TCollection : IScopedCollection
    {
        if (perWindow)
        {
            _perWindow.Add(collection);
        }

        return collection;
    }
}
