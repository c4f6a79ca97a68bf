using System.Threading.Tasks.Dataflow;

namespace Penstock.Sources.Memory;

/// <summary>
/// Takes rows from a dataflow block, through a buffer that holds few, so that the block notices when the pipeline is slower.
/// </summary>
internal sealed class DataflowInput<T> : IMemoryInput<T>
{
    private const int Capacity = 1024;

    private readonly BufferBlock<T> _buffer = new(new DataflowBlockOptions { BoundedCapacity = Capacity });

    public DataflowInput(ISourceBlock<T> block) => block.LinkTo(_buffer, new DataflowLinkOptions { PropagateCompletion = true });

    public bool HasEnded
    {
        get
        {
            if (!_buffer.Completion.IsCompleted)
            {
                return false;
            }

            _buffer.Completion.GetAwaiter().GetResult();
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
}
