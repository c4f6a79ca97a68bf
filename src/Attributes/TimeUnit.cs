namespace Penstock;

/// <summary>The unit of a number that represents a point in time since the Unix epoch (1970-01-01T00:00:00Z).</summary>
public enum TimeUnit
{
    /// <summary>Seconds, as most Unix tools write them.</summary>
    Seconds,

    /// <summary>Milliseconds, as JavaScript, Java and Kafka write them.</summary>
    Milliseconds,

    /// <summary>Microseconds, as Debezium and most databases write them.</summary>
    Microseconds,

    /// <summary>Nanoseconds, as Go and OpenTelemetry write them. .NET times have a resolution of 100 nanoseconds.</summary>
    Nanoseconds,
}
