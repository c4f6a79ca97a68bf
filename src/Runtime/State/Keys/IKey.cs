using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>
/// A key: a generated struct around the key member or members. Being a struct, it makes every table that holds it an exact
/// instantiation whose calls the JIT resolves, also for text.
/// </summary>
/// <typeparam name="TKey">The implementing struct.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IKey<TKey>
    where TKey : struct, IKey<TKey>
{
    /// <summary>The types of the key's members as a checkpoint names them, such as <c>string</c> or <c>string,int32</c>.</summary>
    static abstract string Schema { get; }

    /// <summary>The bytes of a key where it lies in memory as it is written, without gaps; 0 where it does not.</summary>
    static virtual int PlainSize => 0;

    /// <summary>The <see cref="StableHash"/> of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="secret">The secret of the table; <see cref="StableHash.NoSecret"/> for the key group.</param>
    /// <returns>The hash; equal keys have equal ones.</returns>
    static abstract ulong Hash(TKey key, ulong secret);

    /// <summary>The hash that decides to which key group a key belongs.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The hash, the same in every process and release.</returns>
    static virtual ulong GroupHash(TKey key) => TKey.Hash(key, StableHash.NoSecret);

    /// <summary>Orders keys, for tables whose hashes do not tell keys apart. Any total order will do.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>0 exactly where <see cref="Equals(TKey, TKey)"/> is true; else negative where the left one comes first, and positive where
    /// the right one does.</returns>
    static abstract int Compare(TKey left, TKey right);

    /// <summary>Whether two keys are the same; text compares by its characters alone.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>True if they are.</returns>
    static abstract bool Equals(TKey left, TKey right);

    /// <summary>Writes a key into a checkpoint.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="key">The key.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, TKey key)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Reads a key back.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The key.</returns>
    static abstract TKey Read(ref MemoryPackReader reader);
}

/// <summary>Writes and reads the state of an operator. Implemented by generated structs.</summary>
/// <typeparam name="TState">The generated struct that holds the operator's state members.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateCodec<TState>
    where TState : struct
{
    /// <summary>The names and types of the state members as a checkpoint names them, such as <c>Count:int32;Total:decimal</c>.</summary>
    static abstract string Schema { get; }

    /// <summary>The schema with former names of fields and upgrades; null where there are none.</summary>
    static virtual string? Accepts => null;

    /// <summary>The bytes of a state where it lies in memory as it is written, without gaps; 0 where it does not.</summary>
    static virtual int PlainSize => 0;

    /// <summary>Whether a copy of a state shares memory with it that an operator may change in place, such as a list.</summary>
    static abstract bool HasSharedParts { get; }

    /// <summary>Makes a copy that shares no memory that may be changed; called only where <see cref="HasSharedParts"/>.</summary>
    /// <param name="state">The state.</param>
    /// <returns>An equal state.</returns>
    static abstract TState Detach(in TState state);

    /// <summary>Whether a member has a TTL.</summary>
    static virtual bool HasTtl => false;

    /// <summary>Whether every member has a TTL, so that the entry itself can go.</summary>
    static virtual bool CanExpire => false;

    /// <summary>Whether every member has expired; called only where <see cref="CanExpire"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time of state that expires by the time of its rows.</param>
    /// <param name="processingNow">The processing time.</param>
    /// <returns>True if it has.</returns>
    static virtual bool IsExpired(in TState state, long now, long processingNow) => false;

    /// <summary>Gives members that were saved without a deadline one; called only where <see cref="HasTtl"/>.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The time of state that expires by the time of its rows; <see cref="Time.Watermarks.None"/> as long as it is not
    /// known.</param>
    /// <param name="processingNow">The processing time.</param>
    static virtual void StartTtl(ref TState state, long now, long processingNow)
    {
    }

    /// <summary>Writes a state into a checkpoint.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="state">The state.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in TState state)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Reads a state back.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="state">Where it goes.</param>
    static abstract void Read(ref MemoryPackReader reader, out TState state);

    /// <summary>Calls a <see cref="StateUpgradeAttribute"/> method.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="upgrade">Its place in <see cref="Accepts"/>.</param>
    /// <param name="reader">Has its arguments.</param>
    /// <param name="writer">Takes what it returns.</param>
    static virtual void Upgrade<TBuffer>(int upgrade, ref MemoryPackReader reader, ref MemoryPackWriter<TBuffer> writer)
        where TBuffer : class, IBufferWriter<byte> => throw new ArgumentOutOfRangeException(nameof(upgrade));
}
