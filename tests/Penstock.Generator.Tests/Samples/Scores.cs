namespace Scores;

public readonly record struct Point(string Player, DateTime At, int Points);

public readonly record struct Score(string Player, DateTimeOffset Hour, int Points);

public readonly record struct Rank(string Player, DateTimeOffset Hour, int Points, string Title);

public readonly record struct Debt(string Player, int Hours);

[Operator, KeyBy(nameof(Point.Player)), TumblingWindow("1h", AllowedLateness = "10m")]
public sealed partial class ScorePerHour
{
    [State] private partial ref int Points { get; }

    [Accumulate]
    private void Add(in Point point) => Points += point.Points;

    [Fire]
    private Score Close(in Window<string> window) => new(window.Key, window.Start, Points);
}

[Operator]
public sealed partial class Losers
{
    [Filter]
    private static bool Keep(in Score score) => score.Points < 0;
}

[Operator]
public sealed partial class Ranked
{
    [Map]
    private static Rank Make(in Score score) => new(score.Player, score.Hour, score.Points, score.Points < -100 ? "worst" : "bad");
}

[Operator, KeyBy(nameof(Score.Player))]
public sealed partial class HoursOfDebt
{
    [State] private partial MapState<DateTimeOffset, int> Hours { get; }

    [Process(AcceptsUpdates = true)]
    private void OnScore(in Score score, in Context context, ref Output<Debt> output)
    {
        if (context.RowKind == RowKind.Delete)
        {
            Hours.Remove(score.Hour);
        }
        else
        {
            Hours.GetOrAdd(score.Hour) = score.Points;
        }

        output.Emit(new Debt(score.Player, Hours.Count));
    }
}

/// <summary>Updates of a window through a filter, a map and a keyed state, to sinks that write them in three ways.</summary>
[Pipeline]
public sealed partial class Tournament
{
    [FileSource("points.csv")]
    [EventTime(nameof(Point.At), MaxDelay = "5s")]
    public partial Stream<Point> Points { get; }

    [Apply<ScorePerHour>(nameof(Points))]
    [FileSink("scores.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Score> Scores { get; }

    [Apply<Losers>(nameof(Scores))]
    [FileSink("losers.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Score> Losing { get; }

    [Apply<Ranked>(nameof(Losing))]
    [FileSink("ranks.jsonl", Changelog = ChangelogFormat.Debezium)]
    public partial Stream<Rank> Ranks { get; }

    [Apply<HoursOfDebt>(nameof(Losing))]
    [FileSink("debts.csv")]
    public partial Stream<Debt> Debts { get; }
}
