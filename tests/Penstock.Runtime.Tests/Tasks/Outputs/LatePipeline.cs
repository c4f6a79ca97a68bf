namespace Penstock.Runtime.Tests.Tasks.Outputs;

public readonly record struct Passage(int Id, int Gate, DateTimeOffset At);

public readonly record struct Passages(int Gate, DateTimeOffset Start, int Count);

[Operator, KeyBy(nameof(Passage.Gate)), TumblingWindow("5m")]
public sealed partial class FiveMinutes
{
    [State] private partial ref int Count { get; }

    [Accumulate] private void Add(in Passage passage) => Count++;

    [Fire] private Passages Close(in Window<int> window) => new(window.Key, window.Start, Count);
}

[Operator, KeyBy(nameof(Passage.Gate)), TumblingWindow("20m", AllowedLateness = "10m")]
public sealed partial class TwentyMinutes
{
    [State] private partial ref int Count { get; }

    [Accumulate] private void Add(in Passage passage) => Count++;

    [Fire] private Passages Close(in Window<int> window) => new(window.Key, window.Start, Count);
}

/// <summary>Windows over the late rows of other windows, alone and in a union with the rows of another source.</summary>
[Pipeline]
public sealed partial class LatePipeline
{
    [FileSource("passages-*.csv")]
    [EventTime(nameof(Passage.At), MaxDelay = "2m")]
    public partial Stream<Passage> Passages { get; }

    [FileSource("others-*.csv")]
    [EventTime(nameof(Passage.At), MaxDelay = "3m")]
    public partial Stream<Passage> Others { get; }

    [Apply<FiveMinutes>(nameof(Passages))]
    [FileSink("counts.csv")]
    public partial Stream<Passages> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    public partial Stream<Passage> Late { get; }

    [Apply<TwentyMinutes>(nameof(Late))]
    [FileSink("latecounts.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Passages> LateCounts { get; }

    [SideOutput(nameof(LateCounts), SideOutputs.Late)]
    [FileSink("toolate.csv")]
    public partial Stream<Passage> TooLate { get; }

    [Union(nameof(Late), nameof(Others))]
    public partial Stream<Passage> Both { get; }

    [Apply<TwentyMinutes>(nameof(Both))]
    [FileSink("bothcounts.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Passages> BothCounts { get; }

    [SideOutput(nameof(BothCounts), SideOutputs.Late)]
    [FileSink("bothtoolate.csv")]
    public partial Stream<Passage> BothTooLate { get; }
}
