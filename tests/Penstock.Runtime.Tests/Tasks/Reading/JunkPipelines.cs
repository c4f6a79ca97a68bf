
namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>Creates many rows from each bad row, before a channel.</summary>
[Pipeline]
public sealed partial class JunkPipeline
{
    [FileSource("/in/clicks.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<Tally>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<Running> Counts { get; }

    [SideOutput(nameof(Clicks), SideOutputs.BadRows)]
    public partial Stream<BadRow> Bad { get; }

    [Apply<Blame>(nameof(Bad))]
    public partial Stream<Click> Blamed { get; }

    [Apply<Tally>(nameof(Blamed))]
    [FileSink("blamed.csv")]
    public partial Stream<Running> BlamedCounts { get; }
}

/// <summary>The same for JSON.</summary>
[Pipeline]
public sealed partial class JsonJunkPipeline
{
    [FileSource("/in/clicks.jsonl", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<Tally>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<Running> Counts { get; }

    [SideOutput(nameof(Clicks), SideOutputs.BadRows)]
    public partial Stream<BadRow> Bad { get; }

    [Apply<Blame>(nameof(Bad))]
    public partial Stream<Click> Blamed { get; }

    [Apply<Tally>(nameof(Blamed))]
    [FileSink("blamed.csv")]
    public partial Stream<Running> BlamedCounts { get; }
}

[Operator]
public sealed partial class Blame
{
    public const int Times = 12;

    [FlatMap]
    private static void Emit(in BadRow row, ref Output<Click> output)
    {
        for (var number = 0; number < Times; number++)
        {
            output.Emit(new Click($"user {number}", default, 1));
        }
    }
}

/// <summary>Creates many rows from each click, and throws at some of them.</summary>
[Pipeline]
public sealed partial class FragilePipeline
{
    [FileSource("/in/clicks.csv")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<Multiply>(nameof(Clicks))]
    public partial Stream<Click> Many { get; }

    [Apply<Tally>(nameof(Many))]
    [FileSink("counts.csv")]
    public partial Stream<Running> Counts { get; }
}

[Operator]
public sealed partial class Multiply
{
    [FlatMap]
    private static void Emit(in Click click, ref Output<Click> output)
    {
        if (click.Value == 13)
        {
            throw new InvalidOperationException("Thirteen.");
        }

        for (var number = 0; number < 100; number++)
        {
            output.Emit(click with { User = $"user {number}" });
        }
    }
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class Tally
{
    [State] private partial ref int Count { get; }

    [Process]
    private void Add(in Click click, ref Output<Running> output) => output.Emit(new Running(click.User, ++Count));
}
