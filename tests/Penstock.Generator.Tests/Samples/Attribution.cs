namespace Attribution;

public readonly record struct Impression(Guid Ad, string User, DateTimeOffset ShownAt, string? Page);

public readonly record struct Click(string Visitor, DateTimeOffset At, int Position);

public readonly record struct Credit(string User, Guid? Ad, int Position);

public readonly record struct PerUser(string User, int Credits);

public readonly record struct Step(long Id, int Case, DateTime At);

/// <summary>A full outer join with late rows of both inputs and windows behind it; an anti join of rows of the same type.</summary>
[Pipeline]
public sealed partial class Campaign
{
    [FileSource("impressions.csv")]
    [EventTime(nameof(Impression.ShownAt), MaxDelay = "1m")]
    public partial Stream<Impression> Impressions { get; }

    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "10s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CreditClicks>(nameof(Impressions), nameof(Clicks))]
    [FileSink("credits.csv")]
    public partial Stream<Credit> Credits { get; }

    [SideOutput(nameof(Credits), SideOutputs.LateLeft)]
    [FileSink("late-impressions.csv")]
    public partial Stream<Impression> LateImpressions { get; }

    [SideOutput(nameof(Credits), SideOutputs.LateRight)]
    [FileSink("late-clicks.csv")]
    public partial Stream<Click> LateClicks { get; }

    [Apply<CreditsPerUser>(nameof(Credits))]
    [FileSink("users.csv")]
    public partial Stream<PerUser> Users { get; }

    [FileSource("steps.csv")]
    [EventTime(nameof(Step.At))]
    public partial Stream<Step> Started { get; }

    [FileSource("ends.csv")]
    [EventTime(nameof(Step.At))]
    public partial Stream<Step> Ended { get; }

    [Apply<Unfinished>(nameof(Started), nameof(Ended))]
    [FileSink("unfinished.csv")]
    public partial Stream<Step> Open { get; }
}

[Operator, IntervalJoin("0s", "30m", Once = true)]
public sealed partial class CreditClicks
{
    [Match]
    private static Credit Clicked(
        [KeyBy(nameof(Impression.User))] in Impression impression,
        [KeyBy(nameof(Click.Visitor))] in Click click) =>
        new(impression.User, impression.Ad, click.Position);

    [Unmatched] private static Credit Ignored(in Impression impression) => new(impression.User, impression.Ad, 0);

    [Unmatched] private Credit Direct(in Click click) => new(click.Visitor, null, click.Position);
}

[Operator, KeyBy(nameof(Credit.User)), TumblingWindow("1h")]
public sealed partial class CreditsPerUser
{
    [State] private partial ref int Count { get; }

    [Accumulate] private void Add(in Credit credit) => Count++;

    [Fire] private PerUser Close(in Window<string> window) => new(window.Key, Count);
}

[Operator, KeyBy(nameof(Step.Id), nameof(Step.Case)), IntervalJoin("-5m", "1d")]
public sealed partial class Unfinished
{
    [Match]
    private static void Finished(in Step start, in Step end)
    {
    }

    [Unmatched] private static Step Alone(in Step start) => start;
}
