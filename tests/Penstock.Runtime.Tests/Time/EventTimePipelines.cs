using Penstock.Runtime.Tests.Formats.Messages;

namespace Penstock.Runtime.Tests.Time;

/// <summary>A row whose time is a number.</summary>
public readonly record struct Tick(string User, long At);

/// <summary>A row whose time is a 32-bit number.</summary>
public readonly record struct SecondTick(string User, int At);

/// <summary>A row whose time is an instant that is a number in the text.</summary>
public readonly record struct Stamp(string User, [property: Column(Unit = TimeUnit.Milliseconds)] DateTimeOffset At);

/// <summary>The count of a window.</summary>
public readonly record struct Ticks(string User, long Start, int Count);

[Operator, KeyBy(nameof(Tick.User)), TumblingWindow("10s")]
public sealed partial class CountTicks
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Tick tick) => Count++;

    [Fire]
    private Ticks Close(in Window<string> window) => new(window.Key, window.StartMicros, Count);
}

/// <summary>Converts rows of any kind to ticks in microseconds.</summary>
[Operator]
public sealed partial class ToTick
{
    [Map]
    private Tick FromStamp(in Stamp stamp) => new(stamp.User, EventTimes.From(stamp.At));
}

[Operator]
public sealed partial class SecondsToTick
{
    [Map]
    private Tick FromSeconds(in SecondTick tick) => new(tick.User, tick.At * 1_000_000L);
}

[Operator]
public sealed partial class ClickToTick
{
    [Map]
    private Tick FromClick(in Click click) => new(click.User, EventTimes.From(click.At));
}

[Pipeline]
public sealed partial class MicrosecondTicks
{
    [FileSource("ticks.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Tick.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Tick> Rows { get; }

    [Apply<CountTicks>(nameof(Rows))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Rows), SideOutputs.BadRows)]
    [FileSink("out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }
}

[Pipeline]
public sealed partial class MillisecondJsonTicks
{
    [FileSource("ticks.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Tick.At), Unit = TimeUnit.Milliseconds)]
    public partial Stream<Tick> Rows { get; }

    [Apply<CountTicks>(nameof(Rows))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Rows), SideOutputs.BadRows)]
    [FileSink("out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }
}

[Pipeline]
public sealed partial class SecondTicks
{
    [FileSource("ticks.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(SecondTick.At), Unit = TimeUnit.Seconds)]
    public partial Stream<SecondTick> Rows { get; }

    [Apply<SecondsToTick>(nameof(Rows))]
    public partial Stream<Tick> InMicros { get; }

    [Apply<CountTicks>(nameof(InMicros))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Rows), SideOutputs.BadRows)]
    [FileSink("out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }
}

[Pipeline]
public sealed partial class StampTicks
{
    [FileSource("stamps.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Stamp.At))]
    public partial Stream<Stamp> Rows { get; }

    [Apply<ToTick>(nameof(Rows))]
    public partial Stream<Tick> InMicros { get; }

    [Apply<CountTicks>(nameof(InMicros))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Rows), SideOutputs.BadRows)]
    [FileSink("out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }
}

[Pipeline]
public sealed partial class ClickTicks
{
    [FileSource("clicks.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Rows { get; }

    [Apply<ClickToTick>(nameof(Rows))]
    public partial Stream<Tick> InMicros { get; }

    [Apply<CountTicks>(nameof(InMicros))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Rows), SideOutputs.BadRows)]
    [FileSink("out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }
}

/// <summary>Instants as numbers in the value, the key and a header of a message.</summary>
public readonly record struct Stamped(
    [property: Metadata("key"), Column(Unit = TimeUnit.Seconds)] DateTimeOffset Key,
    [property: Column(Unit = TimeUnit.Microseconds)] DateTime At,
    [property: Column(Unit = TimeUnit.Nanoseconds)] DateTimeOffset? Maybe,
    [property: Metadata("header:seen"), Column(Unit = TimeUnit.Milliseconds)] DateTime? Seen);

[Pipeline]
public sealed partial class StampedLetters
{
    [LetterSource(OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Stamped.At))]
    [LetterSink]
    public partial Stream<Stamped> All { get; }

    [SideOutput(nameof(All), SideOutputs.BadRows)]
    [LetterSink(Format = MessageFormat.Raw)]
    public partial Stream<BadRow> Bad { get; }
}

[Pipeline]
public sealed partial class StampedCsvLetters
{
    [LetterSource(Format = MessageFormat.Csv, OnBadRow = BadRowPolicy.Skip)]
    [LetterSink(Format = MessageFormat.Csv, Key = nameof(Stamped.At))]
    public partial Stream<Stamped> All { get; }
}

/// <summary>Every unit, as text and back.</summary>
public readonly record struct Units(
    [property: Column(Unit = TimeUnit.Seconds)] DateTime Seconds,
    [property: Column(Unit = TimeUnit.Milliseconds)] DateTimeOffset Milliseconds,
    [property: Column("us", Unit = TimeUnit.Microseconds)] DateTimeOffset? Microseconds,
    [property: Column(Unit = TimeUnit.Nanoseconds)] DateTime? Nanoseconds);

[Pipeline]
public sealed partial class CopyUnits
{
    [FileSource("units.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/units.jsonl")]
    public partial Stream<Units> All { get; }

    [FileSource("units.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("out/units.csv")]
    public partial Stream<Units> Json { get; }

    [SideOutput(nameof(All), SideOutputs.BadRows)]
    [FileSink("bad/csv.csv")]
    public partial Stream<BadRow> Bad { get; }

    [SideOutput(nameof(Json), SideOutputs.BadRows)]
    [FileSink("bad/json.csv")]
    public partial Stream<BadRow> BadJson { get; }
}
