using System.Buffers;
using MemoryPack;

namespace Penstock.State;

/// <summary>A session of a key, as stored in a table.</summary>
internal struct Session<TState>
    where TState : struct
{
    /// <summary>The time of its first row.</summary>
    public long Start;

    /// <summary>The time of its last row plus the gap. A session that is open ends after its start.</summary>
    public long End;

    /// <summary>For the newest session of a key, the time at which a session of the key is due next. Not saved.</summary>
    public long Armed;

    public SessionFlags Flags;

    public TState State;

    public readonly bool IsOpen => End > Start;

    public readonly bool Has(SessionFlags flag) => (Flags & flag) != 0;

    public void Set(SessionFlags flag, bool value) => Flags = value ? Flags | flag : Flags & ~flag;
}

[Flags]
internal enum SessionFlags : byte
{
    None = 0,

    /// <summary>It has fired since its end last moved, and is kept only for its allowed lateness.</summary>
    HasFired = 1,

    /// <summary>A result with its start was emitted, which the next one replaces.</summary>
    HasResult = 2,

    /// <summary>The key has older sessions, too. Not saved.</summary>
    HasOlder = 4,

    /// <summary>The flags that are saved.</summary>
    Saved = HasFired | HasResult,
}

/// <summary>The start of a session, which identifies it among those of its key.</summary>
internal readonly struct SessionStart(long value) : IKey<SessionStart>
{
    public readonly long Value = value;

    public static string Schema => "int64";

    public static ulong Hash(SessionStart key, ulong secret) => StableHash.Of(key.Value, secret);

    public static int Compare(SessionStart left, SessionStart right) => left.Value.CompareTo(right.Value);

    public static bool Equals(SessionStart left, SessionStart right) => left.Value == right.Value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, SessionStart key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key.Value);

    public static SessionStart Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<long>());
}

/// <summary>Serializes a session: its bounds, its flags, and its state.</summary>
internal readonly struct SessionCodec<TState, TStateCodec> : IStateCodec<Session<TState>>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public static string Schema => TStateCodec.Schema;

    public static bool HasSharedParts => TStateCodec.HasSharedParts;

    public static Session<TState> Detach(in Session<TState> state)
    {
        var copy = state;
        copy.State = TStateCodec.Detach(in state.State);
        return copy;
    }

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Session<TState> state)
        where TBuffer : class, IBufferWriter<byte>
    {
        writer.WriteUnmanaged(state.Start, state.End, (byte)(state.Flags & SessionFlags.Saved));
        TStateCodec.Write(ref writer, in state.State);
    }

    public static void Read(ref MemoryPackReader reader, out Session<TState> state)
    {
        state = ReadBounds(ref reader);
        TStateCodec.Read(ref reader, out state.State);
    }

    /// <summary>Reads what precedes the state, which may have another schema.</summary>
    public static Session<TState> ReadBounds(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long start, out long end, out byte flags);
        return new Session<TState> { Start = start, End = end, Flags = (SessionFlags)flags };
    }
}
