namespace Penstock;

/// <summary>What a number that stands for an instant counts, from the Unix epoch on (1970-01-01T00:00:00Z).</summary>
public enum TimeUnit
{
    /// <summary>Seconds, as most Unix tools write them.</summary>
    Seconds,

    /// <summary>Milliseconds, as JavaScript, Java and Kafka write them.</summary>
    Milliseconds,

    /// <summary>Microseconds, as Debezium and most databases write them.</summary>
    Microseconds,

    /// <summary>Nanoseconds, as Go and OpenTelemetry write them. An instant of .NET keeps whole hundreds of them.</summary>
    Nanoseconds,
}
