using System.Threading.Channels;

namespace Penstock.Sources.Memory;

/// <summary>Takes rows from a channel.</summary>
internal sealed class ChannelInput<T>(ChannelReader<T> channel) : IMemoryInput<T>
{
    public bool HasEnded
    {
        get
        {
            if (!channel.Completion.IsCompleted)
            {
                return false;
            }

            channel.Completion.GetAwaiter().GetResult();
            return true;
        }
    }

    public int Take(Span<T> rows)
    {
        var count = 0;
        while (count < rows.Length && channel.TryRead(out var row))
        {
            rows[count++] = row;
        }

        return count;
    }

    public Task WaitAsync() => channel.WaitToReadAsync().AsTask();
}
