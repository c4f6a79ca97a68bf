namespace Penstock.Runtime.Tests.Tasks.Operators;

public readonly record struct Visit(string? User, int? Site, long At, int Number);

public readonly record struct Page(string? User, int? Site);

/// <summary>A row whose key is computed, and may throw.</summary>
public readonly record struct Parcel(string Code)
{
    public int Zone => int.Parse(Code, System.Globalization.CultureInfo.InvariantCulture);
}

[Operator]
public sealed partial class PageOf
{
    [Map]
    private static Page Convert(in Visit visit) => new(visit.User, visit.Site);
}

[Operator]
public sealed partial class OddVisits
{
    [Filter]
    private static bool Keep(in Visit visit) => visit.Number % 2 != 0;
}

[Operator, KeyBy(nameof(Visit.Site))]
public sealed partial class UsersOfSite
{
    [State] private partial ref int Users { get; }

    [Process]
    private void Count(in Visit visit, ref Output<Page> output) => output.Emit(new Page("" + ++Users, visit.Site));
}

/// <summary>Distinct rows by one and by two members and by the whole row, forever and for a time, with operators behind them.</summary>
[Pipeline]
public sealed partial class DistinctPipeline
{
    [FileSource("visits.csv")]
    [EventTime(nameof(Visit.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Visit> Visits { get; }

    [Distinct(nameof(Visits), Unbounded = true)]
    [KeyBy(nameof(Visit.User), nameof(Visit.Site))]
    [FileSink("first.csv")]
    public partial Stream<Visit> First { get; }

    [Distinct(nameof(Visits), Ttl = "8s")]
    [KeyBy(nameof(Visit.User))]
    [FileSink("recent.csv")]
    public partial Stream<Visit> Recent { get; }

    [Apply<OddVisits>(nameof(Recent))]
    [FileSink("odd.csv")]
    public partial Stream<Visit> Odd { get; }

    [Apply<PageOf>(nameof(Visits))]
    public partial Stream<Page> Pages { get; }

    [Distinct(nameof(Pages), Unbounded = true)]
    [FileSink("pages.csv")]
    public partial Stream<Page> DistinctPages { get; }

    [Apply<UsersOfSite>(nameof(First))]
    [FileSink("users.csv")]
    public partial Stream<Page> Users { get; }
}

/// <summary>Distinct rows that are forgotten by the clock.</summary>
[Pipeline]
public sealed partial class HourlyPipeline
{
    [FileSource("visits.csv")]
    public partial Stream<Visit> Visits { get; }

    [Distinct(nameof(Visits), Ttl = "1h")]
    [KeyBy(nameof(Visit.User))]
    [FileSink("hourly.csv")]
    public partial Stream<Visit> Hourly { get; }
}

/// <summary>Distinct rows by a key that is computed.</summary>
[Pipeline]
public sealed partial class ZonesPipeline
{
    [FileSource("parcels.csv")]
    public partial Stream<Parcel> Parcels { get; }

    [Distinct(nameof(Parcels), Unbounded = true)]
    [KeyBy(nameof(Parcel.Zone))]
    [FileSink("zones.csv")]
    public partial Stream<Parcel> Zones { get; }
}

/// <summary>Distinct clicks, forever and for a time.</summary>
[Pipeline]
public sealed partial class DistinctClicksPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Distinct(nameof(Clicks), Unbounded = true)]
    [KeyBy(nameof(Click.User))]
    [FileSink("users.csv")]
    public partial Stream<Click> Users { get; }

    [Distinct(nameof(Clicks), Ttl = "1m")]
    [KeyBy(nameof(Click.User))]
    [FileSink("recent.csv")]
    public partial Stream<Click> Recent { get; }
}
