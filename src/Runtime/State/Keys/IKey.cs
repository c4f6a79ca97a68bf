using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>
/// A key: a generated struct that wraps the key member or members. Since it is a struct, every table that contains it is an exact
/// instantiation in which the JIT resolves all calls, also for strings.
/// </summary>
/// <typeparam name="TKey">The implementing struct.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IKey<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <summary>The types of the key members as named in checkpoints, such as <c>string</c> or <c>string,int32</c>.</summary>
    static abstract string Schema { get; }

    /// <summary>The size of a key in bytes if its memory layout without gaps is also its serialized form; otherwise 0.</summary>
    static virtual int BlittableSize => 0;

    /// <summary>Returns the <see cref="StableHash"/> of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="secret">The secret of the table; <see cref="StableHash.FixedSecret"/> for the key group.</param>
    /// <returns>The hash, equal for equal keys.</returns>
    static abstract ulong Hash(TKey key, ulong secret);

    /// <summary>Returns the hash that determines the key group of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The hash, the same in every process and release.</returns>
    static virtual ulong GroupHash(TKey key) => TKey.Hash(key, StableHash.FixedSecret);

    /// <summary>Compares keys by any total order, for tables in which the hashes of keys are equal.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another key.</param>
    /// <returns>
    /// 0 exactly if <see cref="Equals(TKey, TKey)"/> is true; otherwise negative if the left key comes first, and positive if the right one
    /// does.
    /// </returns>
    static abstract int Compare(TKey left, TKey right);

    /// <summary>Determines whether two keys are equal. Strings are compared ordinally.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns><c>true</c> if the keys are equal.</returns>
    static abstract bool Equals(TKey left, TKey right);

    /// <summary>Serializes a key.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="key">The key.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, TKey key)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Deserializes a key.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The key.</returns>
    static abstract TKey Read(ref MemoryPackReader reader);
}

/// <summary>Serializes the state of an operator. Implemented by generated structs.</summary>
/// <typeparam name="TState">The generated struct that holds the operator's state members.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateCodec<TState>
    where TState : struct
{
    /// <summary>The names and types of the state members as named in checkpoints, such as <c>Count:int32;Total:decimal</c>.</summary>
    static abstract string Schema { get; }

    /// <summary>The schema, extended by former field names and upgrades, or null if there are none.</summary>
    static virtual string? AcceptedSchema => null;

    /// <summary>The size of a state in bytes if its memory layout without gaps is also its serialized form; otherwise 0.</summary>
    static virtual int BlittableSize => 0;

    /// <summary>
    /// Indicates whether a copy of a state shares memory with the original that an operator may change in place, such as a list.
    /// </summary>
    static virtual bool HasSharedParts => false;

    /// <summary>Copies a state without sharing mutable memory. Called only if <see cref="HasSharedParts"/> is <c>true</c>.</summary>
    /// <param name="state">The state.</param>
    /// <returns>An equal state.</returns>
    static virtual TState Detach(in TState state) => state;

    /// <summary>Indicates whether a member has a TTL.</summary>
    static virtual bool HasTtl => false;

    /// <summary>Indicates whether every member has a TTL, so that the whole entry can expire.</summary>
    static virtual bool CanExpire => false;

    /// <summary>
    /// The names in checkpoints of the deadlines that count in the time of the rows: event time if they have it, otherwise processing time.
    /// Former names of a deadline follow after bars, such as <c>TotalExpires|SumExpires</c>.
    /// </summary>
    static virtual IReadOnlyList<string> RowTimeDeadlines => [];

    /// <summary>The names of the deadlines that always count in processing time, likewise.</summary>
    static virtual IReadOnlyList<string> ProcessingTimeDeadlines => [];

    /// <summary>Determines whether every member has expired. Called only if <see cref="CanExpire"/> is <c>true</c>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time for state that expires by the time of its rows.</param>
    /// <param name="processingNow">The processing time.</param>
    /// <returns><c>true</c> if every member has expired.</returns>
    static virtual bool IsExpired(in TState state, long now, long processingNow) => false;

    /// <summary>Sets the deadline of members that were saved without one. Called only if <see cref="HasTtl"/> is <c>true</c>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">
    /// The time for state that expires by the time of its rows; <see cref="Time.Watermarks.None"/> until it is known.
    /// </param>
    /// <param name="processingNow">The processing time.</param>
    static virtual void StartTtl(ref TState state, long now, long processingNow)
    {
    }

    /// <summary>Serializes a state.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="state">The state.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in TState state)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Deserializes a state.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="state">Receives the state.</param>
    static abstract void Read(ref MemoryPackReader reader, out TState state);

    /// <summary>Calls a <see cref="StateUpgradeAttribute"/> method.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="upgrade">The index of the method in <see cref="AcceptedSchema"/>.</param>
    /// <param name="reader">Provides the arguments.</param>
    /// <param name="writer">Receives the result.</param>
    static virtual void Upgrade<TBuffer>(int upgrade, ref MemoryPackReader reader, ref MemoryPackWriter<TBuffer> writer)
        where TBuffer : class, IBufferWriter<byte> => throw new ArgumentOutOfRangeException(nameof(upgrade));
}
