
namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>Clicks of two sources in a union without idleness, and a third source in a union with only one of them.</summary>
[Pipeline]
public sealed partial class MeetingPipeline
{
    [FileSource("left.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Left { get; }

    [FileSource("right.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Right { get; }

    [FileSource("far.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Far { get; }

    [Union(nameof(Left), nameof(Right))]
    public partial Stream<Click> Both { get; }

    [Apply<CountClicks>(nameof(Both))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }

    [Union(nameof(Right), nameof(Far))]
    public partial Stream<Click> Others { get; }

    [Apply<CountClicks>(nameof(Others))]
    [FileSink("others.csv")]
    public partial Stream<UserClicks> OtherCounts { get; }
}

/// <summary>
/// Clicks of two sources that are divided and united again; the attribute keeps the sources within a minute of each other.
/// </summary>
[Pipeline(MaxDrift = "1m")]
public sealed partial class DriftPipeline
{
    [FileSource("left.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s", Idle = "30s")]
    public partial Stream<Click> Left { get; }

    [FileSource("right.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s", Idle = "30s")]
    public partial Stream<Click> Right { get; }

    [Apply<Single>(nameof(Left))]
    public partial Stream<Click> Singles { get; }

    [Apply<Single>(nameof(Right))]
    public partial Stream<Click> RightSingles { get; }

    [Union(nameof(Left), nameof(Singles), nameof(Right), nameof(RightSingles))]
    public partial Stream<Click> All { get; }

    [Apply<CountClicks>(nameof(All))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Click> Late { get; }
}

[Operator]
public sealed partial class Single
{
    [Map]
    private static Click One(in Click click) => click with { Value = 1 };
}
