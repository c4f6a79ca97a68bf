using System.Diagnostics;

namespace Penstock.Kafka;

/// <summary>
/// Notes when messages came out of a consumer and when they were handed to a producer, to measure what a pipeline itself adds. Off, and
/// then no more than nothing, unless the switch <c>Penstock.Kafka.LatencyProbe</c> is set before the first message. For one source and one
/// sink, and as many messages out as in, in their order.
/// </summary>
internal static class LatencyProbe
{
    private const int Capacity = 1 << 20;

    /// <summary>Whether it is on.</summary>
    public static readonly bool IsOn = AppContext.TryGetSwitch("Penstock.Kafka.LatencyProbe", out var isOn) && isOn;

    private static readonly long[] Consumed = new long[IsOn ? Capacity : 0];
    private static readonly long[] Produced = new long[IsOn ? Capacity : 0];
    private static int _consumed;
    private static int _produced;

    /// <summary>A message is in the consumer's hand.</summary>
    public static void NoteConsumed()
    {
        if (_consumed < Capacity)
        {
            Consumed[_consumed++] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A message is handed to the producer.</summary>
    public static void NoteProduced()
    {
        if (_produced < Capacity)
        {
            Produced[_produced++] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The times between, of all messages that have passed.</summary>
    public static TimeSpan[] Latencies() =>
        [.. Enumerable
            .Range(0, Math.Min(_consumed, _produced))
            .Select(static index => Stopwatch.GetElapsedTime(Consumed[index], Produced[index]))];
}
