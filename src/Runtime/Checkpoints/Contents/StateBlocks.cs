using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using Penstock.Connectors;
using Penstock.State;
using Penstock.Threads;

namespace Penstock.Checkpoints;

/// <summary>
/// A piece of a state file as one sequence of bytes, of which only a few blocks are in memory. If more than one block is needed, a
/// dedicated thread reads ahead. The checksum of each block is verified before it is used.
/// </summary>
internal sealed class StateBlocks : IDisposable
{
    // A value may begin in one block and end in the next.
    private const int KeptBehind = 1;
    private const int ReadAhead = 3;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _asked = new(false);
    private readonly AutoResetEvent _loaded = new(false);
    private readonly Dictionary<int, byte[]> _blocks = [];
    private readonly IReadableFile _file;
    private readonly SubtaskState _owner;
    private readonly StatePiece _piece;
    private readonly string _path;
    private readonly BlockPool _pool;
    private readonly bool[] _verified;
    private Thread? _reader;
    private Exception? _failure;
    private int _current;
    private int _first = -1;
    private bool _ended;

    public StateBlocks(IReadableFile file, SubtaskState owner, StatePiece piece, string path, BlockPool pool, bool[] verified)
    {
        _owner = owner;
        _file = file;
        _piece = piece;
        _path = path;
        _pool = pool;
        _verified = verified;
        Sequence = CreateSequence();
    }

    /// <summary>The bytes. Reading damaged bytes throws <see cref="DamagedCheckpointException"/>.</summary>
    public ReadOnlySequence<byte> Sequence { get; }

    /// <summary>The number of bytes read from the file.</summary>
    public long BytesRead { get; private set; }

    private int Count => _piece.Checksums.Count;

    /// <summary>Returns the checksum of a block: XXH3 with 64 bits, as 16 hexadecimal digits.</summary>
    public static string Checksum(ReadOnlySpan<byte> block) => XxHash3.HashToUInt64(block).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Verifies the blocks that were not read, too.</summary>
    /// <exception cref="DamagedCheckpointException">A block is damaged.</exception>
    public void ReadRest()
    {
        for (var index = 0; index < Count; index++)
        {
            if (!_verified[index])
            {
                Get(index);
            }
        }
    }

    public void Dispose()
    {
        _ended = true;
        _asked.Set();
        _reader?.Join();
        _file.Dispose();
        foreach (var block in _blocks.Values)
        {
            _pool.Return(block);
        }

        _asked.Dispose();
        _loaded.Dispose();
    }

    private byte[] Get(int index)
    {
        while (true)
        {
            lock (_gate)
            {
                _current = index;
                _first = _first < 0 ? index : _first;
                if (_blocks.TryGetValue(index, out var block))
                {
                    _verified[index] = true;
                    _asked.Set();
                    return block;
                }

                if (_failure != null)
                {
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
                }
            }

            if (_reader == null && index == _first)
            {
                _blocks.Add(index, Read(index));
                continue;
            }

            _reader ??= OwnThread.Start("Penstock restore", ReadBlocks);
            _asked.Set();
            _loaded.WaitOne();
        }
    }

    private void ReadBlocks()
    {
        while (!_ended)
        {
            if (Wanted() is not { } index)
            {
                _asked.WaitOne();
                continue;
            }

            try
            {
                var block = Read(index);
                lock (_gate)
                {
                    _blocks.Add(index, block);
                }
            }
            catch (Exception error)
            {
                lock (_gate)
                {
                    _failure = error;
                }
            }

            _loaded.Set();
            if (_failure != null)
            {
                return;
            }
        }
    }

    private int? Wanted()
    {
        lock (_gate)
        {
            foreach (var index in _blocks.Keys.Where(index => index < _current - KeptBehind || index > _current + ReadAhead).ToList())
            {
                _blocks.Remove(index, out var block);
                _pool.Return(block!);
            }

            for (var index = _current; index < Count && index <= _current + ReadAhead; index++)
            {
                if (!_blocks.ContainsKey(index))
                {
                    return index;
                }
            }

            return null;
        }
    }

    private byte[] Read(int index)
    {
        var length = LengthOf(index);
        var block = _pool.Rent(BlockPool.BlockSize);
        var offset = _piece.Offset + (long)index * BlockPool.BlockSize;
        for (var filled = 0; filled < length;)
        {
            var count = _file.Read(offset + filled, block.AsSpan(filled, length - filled));
            if (count == 0)
            {
                throw new DamagedCheckpointException($"'{_path}' has {offset + filled} bytes and should have more.");
            }

            filled += count;
        }

        BytesRead += length;

        return Checksum(block.AsSpan(0, length)) == _piece.Checksums[index]
            ? block
            : throw new DamagedCheckpointException(
                $"The state of subtask {_owner.Subtask} of task '{_owner.Task}' in '{_path}' does not have its checksum in the bytes from "
                    + $"{offset} to {offset + length}.");
    }

    private int LengthOf(int index) => (int)Math.Min(BlockPool.BlockSize, _piece.Length - (long)index * BlockPool.BlockSize);

    private ReadOnlySequence<byte> CreateSequence()
    {
        if (Count == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Segment(new Block(this, 0, LengthOf(0)).Memory, 0);
        var last = first;
        for (var index = 1; index < Count; index++)
        {
            last = last.Append(new Block(this, index, LengthOf(index)).Memory);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    // Memory that is filled when it is accessed.
    private sealed class Block(StateBlocks blocks, int index, int length) : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(length);

        public override Span<byte> GetSpan() => blocks.Get(index).AsSpan(0, length);

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            // The outer class owns the memory.
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
