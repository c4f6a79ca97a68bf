using System.Threading.Channels;
using Penstock.Sinks.Memory;

namespace Penstock;

/// <summary>
/// Writes to a channel. Its writer is a service of the host: <c>services.AddSingleton(channel.Writer)</c>. The sink waits while a bounded
/// channel is full, which holds the pipeline back. It completes the channel when the pipeline has finished.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="rows">The channel.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Totals
/// {
///     [FileSource("orders.csv")]
///     [Sink<ChannelSink<Order>>]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
public class ChannelSink<T>(ChannelWriter<T> rows) : MemorySink<T>
{
    private protected override void Write(ReadOnlySpan<T> batch, CancellationToken stop)
    {
        foreach (ref readonly var row in batch)
        {
            while (!rows.TryWrite(row))
            {
                Wait(stop);
            }
        }
    }

    private protected override void Complete() => rows.TryComplete();

    private void Wait(CancellationToken stop)
    {
        Exception? cause = null;
        try
        {
            if (rows.WaitToWriteAsync(stop).AsTask().GetAwaiter().GetResult())
            {
                return;
            }
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            cause = error;
        }

        throw new MemoryOutputException(
            "the program has completed the channel, or it has failed, so it accepts no more rows. Only the sink should complete it, "
                + "which it does when the pipeline has finished.",
            cause);
    }
}
