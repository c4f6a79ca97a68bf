using System.Buffers;

namespace Penstock.State;

/// <summary>
/// The memory into which a subtask writes its state at a barrier: chunks that are kept from one checkpoint to the next, so
/// that a checkpoint of a settled pipeline allocates nothing.
/// </summary>
internal sealed class StateBuffer : IBufferWriter<byte>
{
    private const int ChunkSize = 256 * 1024;

    private readonly List<byte[]> _chunks = [];
    private readonly List<int> _lengths = [];
    private int _current = -1;

    /// <summary>The bytes written since the last <see cref="Reset"/>.</summary>
    public long Length { get; private set; }

    public void Advance(int count)
    {
        _lengths[_current] += count;
        Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _chunks[_current].AsSpan(_lengths[_current]);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _chunks[_current].AsMemory(_lengths[_current]);
    }

    public void Reset()
    {
        for (var index = 0; index < _lengths.Count; index++)
        {
            _lengths[index] = 0;
        }

        Length = 0;
        _current = -1;
    }

    /// <summary>Calls an action with each run of bytes, in order.</summary>
    public void ForEach<TArgument>(TArgument argument, Action<TArgument, ReadOnlyMemory<byte>> action)
    {
        for (var index = 0; index <= _current; index++)
        {
            action(argument, _chunks[index].AsMemory(0, _lengths[index]));
        }
    }

    private void Reserve(int size)
    {
        if (_current >= 0 && _chunks[_current].Length - _lengths[_current] >= size)
        {
            return;
        }

        _current++;
        if (_current == _chunks.Count)
        {
            _chunks.Add(new byte[Math.Max(ChunkSize, size)]);
            _lengths.Add(0);
        }
        else if (_chunks[_current].Length < size)
        {
            _chunks[_current] = new byte[size];
        }
    }
}
