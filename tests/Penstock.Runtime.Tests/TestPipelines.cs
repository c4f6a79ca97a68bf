using System.Globalization;

namespace Penstock.Runtime.Tests;

/// <summary>A row with a key, an event time and a number.</summary>
public readonly record struct Click(string User, DateTime At, int Value);

/// <summary>The clicks of a user in a window.</summary>
public readonly record struct UserClicks(string User, DateTimeOffset Start, int Count, long Sum);

/// <summary>A running count.</summary>
public readonly record struct Running(string User, int Count);

/// <summary>Clicks per user in windows of ten seconds, two seconds out of order.</summary>
[Pipeline]
public sealed partial class ClicksPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s", Idle = "30s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountClicks>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Click> Late { get; }
}

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s")]
public sealed partial class CountClicks
{
    [State] private partial ref int Count { get; }
    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in Click click)
    {
        Count++;
        Sum += click.Value;
    }

    [Fire]
    private UserClicks Close(in Window<string> window) => new(window.Key, window.Start, Count, Sum);
}

/// <summary>The same with five seconds of allowed lateness.</summary>
[Pipeline]
public sealed partial class LenientPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountClicksLeniently>(nameof(Clicks))]
    [FileSink("counts.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<UserClicks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Click> Late { get; }
}

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s", AllowedLateness = "5s")]
public sealed partial class CountClicksLeniently
{
    [State] private partial ref int Count { get; }
    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in Click click)
    {
        Count++;
        Sum += click.Value;
    }

    [Fire]
    private UserClicks Close(in Window<string> window) => new(window.Key, window.Start, Count, Sum);
}

/// <summary>Splits, fans out, counts per key, and counts the counts in windows after a second exchange.</summary>
[Pipeline]
public sealed partial class WidePipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<Unfold>(nameof(Clicks))]
    public partial Stream<Click> Single { get; }

    [Apply<CountPerUser>(nameof(Single))]
    [FileSink("running.csv")]
    public partial Stream<Running> Running { get; }

    [Apply<CountClicks>(nameof(Single))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }

    [Apply<CountUsers>(nameof(Counts))]
    [FileSink("users.csv")]
    public partial Stream<UserClicks> Users { get; }
}

/// <summary>Emits one click of value 1 for each unit of value.</summary>
[Operator]
public sealed partial class Unfold
{
    [FlatMap]
    private void Split(in Click click, ref Output<Click> output)
    {
        for (var index = 0; index < click.Value; index++)
        {
            output.Emit(click with { Value = 1 });
        }
    }
}

/// <summary>A running count per user.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountPerUser
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnClick(in Click click, in Context context, ref Output<Running> output)
    {
        if (context.EventTime.UtcDateTime != click.At)
        {
            throw new InvalidOperationException("A row has another event time than its own.");
        }

        output.Emit(new Running(click.User, ++Count));
    }
}

/// <summary>Sums up the counts of all users in windows of a minute.</summary>
[Operator, KeyBy(nameof(UserClicks.Count)), TumblingWindow("1m")]
public sealed partial class CountUsers
{
    [State] private partial ref int Users { get; }
    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in UserClicks clicks)
    {
        Users++;
        Sum += clicks.Sum;
    }

    [Fire]
    private UserClicks Close(in Window<int> window) => new(window.Key.ToString(CultureInfo.InvariantCulture), window.Start, Users, Sum);
}

/// <summary>Fails at a row with a special value.</summary>
[Pipeline]
public sealed partial class FragilePipeline
{
    [FileSource("clicks.csv")]
    public partial Stream<Click> Clicks { get; }

    [Apply<Fragile>(nameof(Clicks))]
    [FileSink("out.csv")]
    public partial Stream<Running> Out { get; }
}

/// <summary>Determines whether <see cref="Fragile"/> fails.</summary>
public class Trouble
{
    /// <summary>The number of times that it still fails.</summary>
    public int Left { get; set; }
}

/// <summary>Fails at negative values while failures are enabled.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class Fragile(Trouble trouble)
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output)
    {
        if (click.Value < 0 && trouble.Left-- > 0)
        {
            throw new InvalidOperationException("The service is down.");
        }

        output.Emit(new Running(click.User, ++Count));
    }
}

/// <summary>Emits every click with the number of clicks of its user so far: state that never expires, in addition to windows.</summary>
[Pipeline]
public sealed partial class LedgerPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountSoFar>(nameof(Clicks))]
    [FileSink("ledger.csv")]
    public partial Stream<Running> Ledger { get; }

    [Apply<CountClicks>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountSoFar
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output) => output.Emit(new Running(click.User, ++Count));
}
