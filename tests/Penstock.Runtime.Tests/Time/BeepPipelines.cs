using Penstock.Runtime.Tests.Formats.Messages;

namespace Penstock.Runtime.Tests.Time;

/// <summary>A row that may have no event time.</summary>
public readonly record struct Beep(string User, long? At, int Value);

/// <summary>A row whose event time is an instant that may be null.</summary>
public readonly record struct Chime(string User, DateTime? At);

/// <summary>How many rows without event time a user has had.</summary>
public readonly record struct Missing(string User, int Count);

[Operator, KeyBy(nameof(Beep.User)), TumblingWindow("10s")]
public sealed partial class CountBeeps
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Beep beep) => Count++;

    [Fire]
    private Ticks Close(in Window<string> window) => new(window.Key, window.StartMicros, Count);
}

[Operator, KeyBy(nameof(Beep.User))]
public sealed partial class CountMissing
{
    [State] private partial ref int Count { get; }

    [Process]
    private void Add(in Beep beep, ref Output<Missing> output) => output.Emit(new Missing(beep.User, ++Count));
}

/// <summary>Fails at a certain row.</summary>
[Operator]
public sealed partial class Picky
{
    [Filter]
    private static bool Keep(in Beep beep) => beep.Value != 13 ? true : throw new InvalidOperationException("It is 13.");
}

/// <summary>Rows without event time are a stream of their own, which is counted by key.</summary>
[Pipeline]
public sealed partial class BeepsAside
{
    [FileSource("beeps.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Beep.At), Unit = TimeUnit.Microseconds, OnNull = NullTimePolicy.SideOutput)]
    public partial Stream<Beep> Beeps { get; }

    [Apply<CountBeeps>(nameof(Beeps))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("out/late.csv")]
    public partial Stream<Beep> Late { get; }

    [SideOutput(nameof(Beeps), SideOutputs.BadRows)]
    [FileSink("out/bad.csv")]
    public partial Stream<BadRow> Bad { get; }

    [SideOutput(nameof(Beeps), SideOutputs.Untimed)]
    [FileSink("out/untimed.csv")]
    public partial Stream<Beep> Untimed { get; }

    [Apply<Picky>(nameof(Untimed))]
    public partial Stream<Beep> Picked { get; }

    [Apply<CountMissing>(nameof(Picked))]
    [FileSink("out/missing.csv")]
    public partial Stream<Missing> MissingTimes { get; }
}

/// <summary>Rows without event time are skipped.</summary>
[Pipeline]
public sealed partial class BeepsSkipped
{
    [FileSource("beeps.jsonl")]
    [EventTime(nameof(Beep.At), Unit = TimeUnit.Microseconds, OnNull = NullTimePolicy.Skip)]
    public partial Stream<Beep> Beeps { get; }

    [Apply<CountBeeps>(nameof(Beeps))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }
}

/// <summary>A row without event time ends the pipeline.</summary>
[Pipeline]
public sealed partial class ChimesTimed
{
    [FileSource("chimes.csv")]
    [EventTime(nameof(Chime.At), MaxDelay = "5s", OnNull = NullTimePolicy.Fail)]
    [FileSink("out/copy.csv")]
    public partial Stream<Chime> Chimes { get; }
}

/// <summary>A message without event time ends the pipeline.</summary>
[Pipeline]
public sealed partial class LettersTimed
{
    [LetterSource]
    [EventTime(nameof(Chime.At), MaxDelay = "5s", OnNull = NullTimePolicy.Fail)]
    [LetterSink]
    public partial Stream<Chime> Chimes { get; }
}

/// <summary>Rows get the time at which they are read.</summary>
[Pipeline]
public sealed partial class BeepsNow
{
    [FileSource("beeps.csv")]
    [IngestionTime]
    public partial Stream<Beep> Beeps { get; }

    [Apply<CountBeeps>(nameof(Beeps))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("out/late.csv")]
    public partial Stream<Beep> Late { get; }
}

/// <summary>A row with a negative value says that all rows before its time have been read.</summary>
[Pipeline]
public sealed partial class BeepsMarked
{
    [FileSource("beeps.csv")]
    [EventTime(nameof(Beep.At), Unit = TimeUnit.Microseconds, OnNull = NullTimePolicy.Skip)]
    public partial Stream<Beep> Beeps { get; }

    [Apply<CountBeeps>(nameof(Beeps))]
    [FileSink("out/counts.csv")]
    public partial Stream<Ticks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("out/late.csv")]
    public partial Stream<Beep> Late { get; }

    [Watermark(nameof(Beeps))]
    private static DateTimeOffset? OnBeep(in Beep beep, DateTimeOffset time) => beep.Value switch
    {
        13 => throw new InvalidOperationException("It is 13."),
        14 => DateTimeOffset.MaxValue,
        < 0 => time,
        _ => null,
    };
}
