using MemoryPack;

namespace Penstock.Kafka.Tests;

/// <summary>A row whose members are in the value, the key, headers and the time of a message.</summary>
[MemoryPackable]
public readonly partial record struct Sale(
    [property: Metadata("key")] string Shop,
    int Number,
    string? Remark,
    [property: Metadata("timestamp")] DateTimeOffset At,
    [property: Metadata("header:till")] int? Till,
    bool IsGone);

public readonly record struct Line(string Shop, string Text);

public readonly record struct RawLine([property: Metadata("key")] string Shop, string Text);

[Pipeline]
public sealed partial class JsonSales
{
    [FileSource("in.jsonl")]
    [KafkaSink("sales", Tombstone = nameof(Sale.IsGone))]
    public partial Stream<Sale> Sales { get; }
}

[Pipeline]
public sealed partial class CsvSales
{
    [FileSource("in.jsonl")]
    [KafkaSink("sales", Format = MessageFormat.Csv)]
    public partial Stream<Sale> Sales { get; }
}

[Pipeline]
public sealed partial class PackedSales
{
    [FileSource("in.jsonl")]
    [KafkaSink("sales", Format = MessageFormat.MemoryPack, Delivery = KafkaDelivery.AtLeastOnce)]
    public partial Stream<Sale> Sales { get; }
}

/// <summary>A row that is an object.</summary>
public sealed record Note([property: Metadata("key")] string Shop, string Text);

[Pipeline]
public sealed partial class Notes
{
    [FileSource("in.jsonl")]
    [KafkaSink("notes", Format = MessageFormat.Csv)]
    public partial Stream<Note> All { get; }
}

[Operator]
public sealed partial class ToRaw
{
    [Map] private static RawLine Map(in Line line) => new(line.Shop, line.Text);
}

[Pipeline]
public sealed partial class RawLines
{
    [FileSource("in.jsonl")]
    public partial Stream<Line> Lines { get; }

    [Apply<ToRaw>(nameof(Lines))]
    [KafkaSink("lines", Format = MessageFormat.Raw, Delivery = KafkaDelivery.None)]
    public partial Stream<RawLine> Raw { get; }
}
