using System.Threading.Channels;
using Penstock.Sources.Memory;

namespace Penstock;

/// <summary>
/// Reads a channel. Its reader is a service of the host: <c>services.AddSingleton(channel.Reader)</c>. The source ends when the writer
/// completes the channel. If the pipeline is slower than the writer, rows wait in the channel, so a bounded channel holds the writer back.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="rows">The channel. No one else may read it.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Totals
/// {
///     [Source<ChannelSource<Order>>]
///     [Sink<ChannelSink<Order>>]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
public class ChannelSource<T>(ChannelReader<T> rows) : MemorySource<T>(LogOf(rows, static channel => new ChannelInput<T>(channel)));
