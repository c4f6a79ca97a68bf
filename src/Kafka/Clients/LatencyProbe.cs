using System.Diagnostics;

namespace Penstock.Kafka;

/// <summary>
/// Records the times at which messages leave a consumer and enter a producer, to measure the latency of the pipeline itself. It is off, at
/// no cost, unless the switch <c>Penstock.Kafka.LatencyProbe</c> is set before the first message. It requires one source and one sink, and
/// one output message for each input message, in the same order.
/// </summary>
internal static class LatencyProbe
{
    private const int Capacity = 1 << 20;

    /// <summary><c>true</c> if the probe is on.</summary>
    public static readonly bool IsOn = AppContext.TryGetSwitch("Penstock.Kafka.LatencyProbe", out var isOn) && isOn;

    private static readonly long[] Consumed = new long[IsOn ? Capacity : 0];
    private static readonly long[] Produced = new long[IsOn ? Capacity : 0];
    private static int _consumed;
    private static int _produced;

    /// <summary>Records that a message has left the consumer.</summary>
    public static void RecordConsumed()
    {
        if (_consumed < Capacity)
        {
            Consumed[_consumed++] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Records that a message is passed to the producer.</summary>
    public static void RecordProduced()
    {
        if (_produced < Capacity)
        {
            Produced[_produced++] = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Returns the latency of each message that has passed both points.</summary>
    public static TimeSpan[] Latencies() =>
        [.. Enumerable
            .Range(0, Math.Min(_consumed, _produced))
            .Select(static index => Stopwatch.GetElapsedTime(Consumed[index], Produced[index]))];
}
