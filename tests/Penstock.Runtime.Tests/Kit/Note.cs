using System.Buffers;
using MemoryPack;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>A row with text, as an operator keeps it.</summary>
internal readonly record struct Note(int Id, long Key, string? Text)
{
    /// <summary>The bytes of its members, with the text as UTF-8.</summary>
    public int Bytes => sizeof(int) + sizeof(long) + System.Text.Encoding.UTF8.GetByteCount(Text ?? "");
}

/// <summary>The codec of <see cref="Note"/> in memory, like those of the compiler.</summary>
internal readonly struct NoteRowCodec : IRowCodec<Note>
{
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Note row)
        where TBuffer : class, IBufferWriter<byte>
    {
        writer.WriteUnmanaged(row.Id, row.Key);
        CompactText.Write(ref writer, row.Text);
    }

    public static Note Read(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out int id, out long key);
        return new Note(id, key, CompactText.Read(ref reader));
    }
}

/// <summary>The codec of <see cref="Note"/> in checkpoints, like those of the compiler.</summary>
internal readonly struct NoteStateCodec : IStateCodec<KeptRow<Note>>
{
    public static string Schema => "Row:record{Id:int32;Key:int64;Text:string}";

    public static bool HasSharedParts => false;

    public static KeptRow<Note> Detach(in KeptRow<Note> state) => state;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in KeptRow<Note> state)
        where TBuffer : class, IBufferWriter<byte>
    {
        writer.WriteUnmanaged(state.Row.Id, state.Row.Key);
        StateText.Write(ref writer, state.Row.Text);
    }

    public static void Read(ref MemoryPackReader reader, out KeptRow<Note> state)
    {
        reader.ReadUnmanaged(out int id, out long key);
        state = new KeptRow<Note> { Row = new Note(id, key, reader.ReadString()) };
    }
}

/// <summary>The key of a <see cref="Note"/>.</summary>
internal readonly struct NoteKey(long value) : IRowKey<NoteKey, Note>
{
    private readonly LongKey _key = new(value);

    public static string Schema => LongKey.Schema;

    public static NoteKey Of(in Note row) => new(row.Key);

    public static ulong Hash(NoteKey key, ulong secret) => LongKey.Hash(key._key, secret);

    public static int Compare(NoteKey left, NoteKey right) => LongKey.Compare(left._key, right._key);

    public static bool Equals(NoteKey left, NoteKey right) => LongKey.Equals(left._key, right._key);

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, NoteKey key)
        where TBuffer : class, IBufferWriter<byte> => LongKey.Write(ref writer, key._key);

    public static NoteKey Read(ref MemoryPackReader reader) => new(LongKey.Read(ref reader).Value);
}
