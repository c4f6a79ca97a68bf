namespace Penstock.Kafka.Tests;

/// <summary>A click as a message; the user is the key.</summary>
public readonly record struct Click(
    [property: Metadata("key")] string User,
    int Number,
    DateTimeOffset At,
    [property: Metadata("partition")] int Partition,
    [property: Metadata("offset")] long Offset,
    [property: Metadata("header:trace")] string? Trace);

public readonly record struct UserCount([property: Metadata("key")] string User, long Count, int Last);

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountPerUser
{
    [State] private partial ref long Count { get; }

    [Process]
    private void Add(in Click click, ref Output<UserCount> output) => output.Emit(new UserCount(click.User, ++Count, click.Number));
}

/// <summary>Kafka in, keyed state, Kafka out.</summary>
[Pipeline]
public sealed partial class ClickCounts
{
    [KafkaSource("clicks")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountPerUser>(nameof(Clicks))]
    [KafkaSink("counts")]
    public partial Stream<UserCount> Counts { get; }
}

/// <summary>Kafka in, files out.</summary>
[Pipeline]
public sealed partial class ClickCopy
{
    [KafkaSource("clicks")]
    [FileSink("out/clicks.jsonl")]
    public partial Stream<Click> Clicks { get; }
}
