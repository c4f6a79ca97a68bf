using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>The key of a map state, wrapped by a generated struct.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
/// <typeparam name="T">The type of the keys.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMapKey<TSelf, T> : IKey<TSelf>
    where TSelf : struct, IMapKey<TSelf, T>
{
    /// <summary>Wraps a key.</summary>
    /// <param name="value">The key.</param>
    /// <returns>The struct.</returns>
    static abstract TSelf Of(T value);

    /// <summary>Unwraps a key.</summary>
    /// <param name="key">The struct.</param>
    /// <returns>The key.</returns>
    static abstract T ValueOf(TSelf key);
}

/// <summary>
/// The key of an element: the key of its operator, and its own key in the collection. The former determines its key group.
/// </summary>
internal readonly struct OwnedKey<TKey, TPart>(TKey owner, TPart part) : IKey<OwnedKey<TKey, TPart>>
    where TKey : struct, IKey<TKey>
    where TPart : struct, IKey<TPart>
{
    public readonly TKey Owner = owner;
    public readonly TPart Part = part;

    public static string Schema => $"{TKey.Schema},{TPart.Schema}";

    public static ulong Hash(OwnedKey<TKey, TPart> key, ulong secret) => Hash(TKey.Hash(key.Owner, secret), key.Part);

    // The hash of the owner is secret, so it also serves as the secret here.
    public static ulong Hash(ulong owner, TPart part) => TPart.Hash(part, owner);

    public static ulong GroupHash(OwnedKey<TKey, TPart> key) => TKey.GroupHash(key.Owner);

    public static int Compare(OwnedKey<TKey, TPart> left, OwnedKey<TKey, TPart> right) =>
        TKey.Compare(left.Owner, right.Owner) is not 0 and var order ? order : TPart.Compare(left.Part, right.Part);

    public static bool Equals(OwnedKey<TKey, TPart> left, OwnedKey<TKey, TPart> right) =>
        TPart.Equals(left.Part, right.Part) && TKey.Equals(left.Owner, right.Owner);

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, OwnedKey<TKey, TPart> key)
        where TBuffer : class, IBufferWriter<byte>
    {
        TKey.Write(ref writer, key.Owner);
        TPart.Write(ref writer, key.Part);
    }

    public static OwnedKey<TKey, TPart> Read(ref MemoryPackReader reader)
    {
        var owner = TKey.Read(ref reader);
        return new(owner, TPart.Read(ref reader));
    }
}

/// <summary>The index of an element in a list.</summary>
internal readonly struct ListIndex(int value) : IKey<ListIndex>
{
    public readonly int Value = value;

    public static string Schema => "int32";

    public static ulong Hash(ListIndex key, ulong secret) => StableHash.Of((long)key.Value, secret);

    public static int Compare(ListIndex left, ListIndex right) => left.Value.CompareTo(right.Value);

    public static bool Equals(ListIndex left, ListIndex right) => left.Value == right.Value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, ListIndex key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key.Value);

    public static ListIndex Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<int>());
}
