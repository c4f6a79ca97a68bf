using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using MemoryPack;
using Penstock.Connectors;
using Penstock.Threads;

namespace Penstock.State;

/// <summary>
/// The file to which frozen state is written, with checksums of each piece. If there is more than one block, a dedicated thread writes one
/// while the next one is filled. So the total time is that of the slower of serializing and writing, and only a few blocks are in memory.
/// </summary>
internal sealed class StateStream : IBufferWriter<byte>, IDisposable
{
    private const int BlockSize = BlockPool.BlockSize;
    private const int BlocksInFlight = 4;

    private readonly XxHash3 _hash = new();
    private readonly IWritableFile _file;
    private readonly BlockingCollection<(byte[] Block, int Filled)> _toWrite = new(BlocksInFlight);
    private readonly BlockPool _blocks;
    private Task? _writing;
    private byte[] _block = [];
    private List<string> _checksums = [];
    private int _hashed;
    private int _hashedTo;
    private int _filled;
    private long _flushed;

    public StateStream(IWritableFile file, BlockPool blocks)
    {
        _file = file;
        _blocks = blocks;
    }

    /// <summary>The number of bytes written so far.</summary>
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

    /// <summary>Writes data with a MemoryPack writer.</summary>
    public void Write<TArgument>(TArgument argument, WriteAction<TArgument> write)
        where TArgument : allows ref struct
    {
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var stream = this;
        var writer = new MemoryPackWriter<StateStream>(ref stream, state);
        write(ref writer, argument);
        writer.Flush();
    }

    /// <summary>Ends a piece: the next piece has its own checksums.</summary>
    /// <returns>The checksum of each block of <see cref="BlockPool.BlockSize"/> bytes, counted from the start of the piece: XXH3 with 64
    /// bits, as 16 hexadecimal digits.</returns>
    public List<string> EndPiece()
    {
        HashRest();
        if (_hashed > 0)
        {
            EndBlock();
        }

        var checksums = _checksums;
        _checksums = [];
        return checksums;
    }

    /// <summary>Waits until everything is written, and makes it durable.</summary>
    public void Complete()
    {
        if (_writing == null)
        {
            HashRest();
            _file.Append(_block.AsSpan(0, _filled));
        }
        else
        {
            Flush();
            _toWrite.CompleteAdding();
            _writing.GetAwaiter().GetResult();
        }

        _file.Sync();
    }

    /// <summary>Ends writing; without <see cref="Complete"/> the file is incomplete.</summary>
    public void Dispose()
    {
        _toWrite.CompleteAdding();
        _writing?.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        _toWrite.Dispose();
        _blocks.Return(_block);
    }

    private void Reserve(int size)
    {
        if (_block.Length - _filled >= Math.Max(size, 1))
        {
            return;
        }

        Flush();
        if (_block.Length < Math.Max(size, 1))
        {
            _blocks.Return(_block);
            _block = _blocks.Rent(size);
        }
    }

    private void Flush()
    {
        if (_filled == 0)
        {
            return;
        }

        HashRest();
        _writing ??= BackgroundThread.Run(WriteBlocks);
        try
        {
            _toWrite.Add((_block, _filled));
        }
        catch (InvalidOperationException)
        {
            // The writer has failed and accepts no more blocks; its exception has the reason.
            _writing.GetAwaiter().GetResult();
        }

        _block = [];
        _flushed += _filled;
        _filled = 0;
        _hashedTo = 0;
    }

    private void HashRest()
    {
        Hash(_block.AsSpan(_hashedTo, _filled - _hashedTo));
        _hashedTo = _filled;
    }

    // The unit of writing is not the unit of a checksum: a value stays contiguous in memory, regardless of its length.
    private void Hash(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, BlockSize - _hashed);
            _hash.Append(bytes[..count]);
            _hashed += count;
            bytes = bytes[count..];
            if (_hashed == BlockSize)
            {
                EndBlock();
            }
        }
    }

    private void EndBlock()
    {
        _checksums.Add(_hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture));
        _hash.Reset();
        _hashed = 0;
    }

    private void WriteBlocks()
    {
        try
        {
            foreach (var (block, filled) in _toWrite.GetConsumingEnumerable())
            {
                _file.Append(block.AsSpan(0, filled));
                _blocks.Return(block);
            }
        }
        catch
        {
            _toWrite.CompleteAdding();
            throw;
        }
    }
}

/// <summary>Writes data to a state file.</summary>
internal delegate void WriteAction<in TArgument>(ref MemoryPackWriter<StateStream> writer, TArgument argument)
    where TArgument : allows ref struct;
