namespace Penstock.Runtime.Tests.Tasks.Operators;

public readonly record struct SiteTotal(int? Site, int Sum);

[Operator, KeyBy(nameof(Visit.Site))]
public sealed partial class SumOfLatest
{
    [State] private partial MapState<string?, int> Numbers { get; }
    [State] private partial ref int Sum { get; }

    [Process(AcceptsUpdates = true)]
    private void OnVisit(in Visit visit, in Context context, ref Output<SiteTotal> output)
    {
        Sum -= Numbers.TryGetValue(visit.User, out var before) ? before : 0;
        Numbers.Remove(visit.User);
        if (context.RowKind != RowKind.Delete)
        {
            Sum += visit.Number;
            Numbers[visit.User] = visit.Number;
        }

        output.Emit(new SiteTotal(visit.Site, Sum));
    }
}

/// <summary>The first and the last rows of keys, by event time and by members, forever and for a time; and a filter of them.</summary>
[Pipeline]
public sealed partial class KeepPipeline
{
    [FileSource("visits.csv")]
    [EventTime(nameof(Visit.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Visit> Visits { get; }

    [KeepFirst(nameof(Visits), Unbounded = true)]
    [KeyBy(nameof(Visit.User))]
    [FileSink("first.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Visit> First { get; }

    [KeepLast(nameof(Visits), Ttl = "8s")]
    [KeyBy(nameof(Visit.User), nameof(Visit.Site))]
    [FileSink("last.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Visit> Last { get; }

    [KeepLast(nameof(Visits), OrderBy = nameof(Visit.Site), Unbounded = true)]
    [KeyBy(nameof(Visit.User))]
    [FileSink("farthest.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Visit> Farthest { get; }

    [Apply<OddVisits>(nameof(Farthest))]
    [FileSink("odd.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Visit> Odd { get; }

    [Apply<OddVisits>(nameof(Last))]
    [FileSink("odd-last.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Visit> OddLast { get; }
}

/// <summary>The sum of the last visits of each site, behind an exchange of updates.</summary>
[Pipeline]
public sealed partial class LatestSumsPipeline
{
    [FileSource("visits.csv")]
    [EventTime(nameof(Visit.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Visit> Visits { get; }

    [KeepLast(nameof(Visits), Unbounded = true)]
    [KeyBy(nameof(Visit.Site), nameof(Visit.User))]
    public partial Stream<Visit> Latest { get; }

    [Apply<SumOfLatest>(nameof(Latest))]
    [FileSink("sums.csv")]
    public partial Stream<SiteTotal> Sums { get; }
}

/// <summary>The last visits by number, in a stream without event time, with an exchange of updates behind it.</summary>
[Pipeline]
public sealed partial class UntimedKeepPipeline
{
    [FileSource("visits.csv")]
    public partial Stream<Visit> Visits { get; }

    [KeepLast(nameof(Visits), OrderBy = nameof(Visit.At), Ttl = "1h")]
    [KeyBy(nameof(Visit.Site), nameof(Visit.User))]
    [FileSink("last.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Visit> Last { get; }

    [Apply<SumOfLatest>(nameof(Last))]
    [FileSink("sums.csv")]
    public partial Stream<SiteTotal> Sums { get; }
}

/// <summary>The first and last clicks of users.</summary>
[Pipeline]
public sealed partial class KeepClicksPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [KeepFirst(nameof(Clicks), Ttl = "1m")]
    [KeyBy(nameof(Click.User))]
    [FileSink("first.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Click> First { get; }

    [KeepLast(nameof(Clicks), Unbounded = true)]
    [KeyBy(nameof(Click.User))]
    [FileSink("last.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Click> Last { get; }
}
