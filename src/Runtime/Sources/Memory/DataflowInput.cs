using System.Threading.Tasks.Dataflow;

namespace Penstock.Sources.Memory;

/// <summary>
/// Takes rows from a dataflow block, through a buffer that holds few, so that the block notices when the pipeline is slower.
/// </summary>
internal sealed class DataflowInput<T> : IMemoryInput<T>
{
    private const int Capacity = 1024;

    private readonly BufferBlock<T> _buffer = new(new DataflowBlockOptions { BoundedCapacity = Capacity });
    private readonly ISourceBlock<T> _block;

    // An error is not propagated to the buffer: a block that fails discards its rows.
    public DataflowInput(ISourceBlock<T> block)
    {
        _block = block;
        block.LinkTo(_buffer);
        _ = CompleteAsync();
    }

    public bool HasEnded
    {
        get
        {
            if (!_buffer.Completion.IsCompleted)
            {
                return false;
            }

            _block.Completion.GetAwaiter().GetResult();
            return true;
        }
    }

    public int Take(Span<T> rows)
    {
        var count = 0;
        while (count < rows.Length && _buffer.TryReceive(out var row))
        {
            rows[count++] = row;
        }

        return count;
    }

    public Task WaitAsync() => _buffer.OutputAvailableAsync();

    private async Task CompleteAsync()
    {
        await _block.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _buffer.Complete();
    }
}
