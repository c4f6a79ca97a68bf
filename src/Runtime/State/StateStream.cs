using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using MemoryPack;
using Penstock.Files;

namespace Penstock.State;

/// <summary>The file into which frozen state is written, with a checksum of each piece. One block of memory, whatever the size of the state.</summary>
internal sealed class StateStream : IBufferWriter<byte>
{
    private const int BlockSize = 1024 * 1024;

    private readonly XxHash3 _hash = new();
    private readonly IWritableFile _file;
    private byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);
    private int _filled;
    private long _flushed;

    public StateStream(IWritableFile file) => _file = file;

    /// <summary>The bytes written so far.</summary>
    public long Length => _flushed + _filled;

    public void Advance(int count) => _filled += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsSpan(_filled);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsMemory(_filled);
    }

    /// <summary>Writes something with MemoryPack's writer.</summary>
    public void Write<TArgument>(TArgument argument, WriteAction<TArgument> write)
        where TArgument : allows ref struct
    {
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var stream = this;
        var writer = new MemoryPackWriter<StateStream>(ref stream, state);
        write(ref writer, argument);
        writer.Flush();
    }

    /// <summary>Ends a piece: the next one has a checksum of its own.</summary>
    /// <returns>The checksum, XXH3 with 64 bits, as 16 hexadecimal digits.</returns>
    public string EndPiece()
    {
        Flush();
        var checksum = _hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
        _hash.Reset();
        return checksum;
    }

    /// <summary>Gives the block of memory back; what is not in a piece that was ended is lost.</summary>
    public void Close()
    {
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
    }

    private void Reserve(int size)
    {
        if (_block.Length - _filled >= Math.Max(size, 1))
        {
            return;
        }

        Flush();
        if (_block.Length < size)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = ArrayPool<byte>.Shared.Rent(size);
        }
    }

    private void Flush()
    {
        var filled = _block.AsSpan(0, _filled);
        _hash.Append(filled);
        _file.Append(filled);
        _flushed += _filled;
        _filled = 0;
    }
}

/// <summary>Writes something to a state file.</summary>
internal delegate void WriteAction<in TArgument>(ref MemoryPackWriter<StateStream> writer, TArgument argument)
    where TArgument : allows ref struct;
