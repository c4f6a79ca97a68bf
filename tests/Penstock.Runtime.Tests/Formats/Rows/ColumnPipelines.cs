using System.Globalization;

namespace Penstock.Runtime.Tests.Formats.Rows;

/// <summary>A row whose event time and key are computed from its columns.</summary>
public readonly record struct Visit(string Page, long Ts, string Other)
{
    public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(Ts);

    public string Site => Page.Split('/')[0];
}

/// <summary>The number of visits of a site in an hour.</summary>
public readonly record struct SiteVisits(string Site, DateTimeOffset Hour, int Count);

[Operator, KeyBy(nameof(Visit.Site)), TumblingWindow("1h")]
public sealed partial class CountVisits
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Visit visit) => Count++;

    [Fire]
    private SiteVisits Close(in Window<string> window) => new(window.Key, window.Start, Count);
}

[Pipeline]
public sealed partial class VisitsPipeline
{
    [FileSource("visits.csv")]
    [EventTime(nameof(Visit.At))]
    public partial Stream<Visit> Visits { get; }

    [Apply<CountVisits>(nameof(Visits))]
    [FileSink("counts.csv")]
    public partial Stream<SiteVisits> Counts { get; }
}

/// <summary>The members that all rows with optional members have.</summary>
public record Dated
{
    public int Year { get; init; } = 2001;
}

/// <summary>A record with members of every kind in addition to its constructor.</summary>
public sealed record Order(string Id, decimal Amount, int Items = 3) : Dated
{
    public decimal Discount { get; set; } = Amount / 10;

    [Column("the note")]
    public string? Note { get; init; } = "none";

    public bool IsPaid = true;

    public required long Customer { get; init; }

    public int Secret { get; private set; } = 7;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Id}|{Amount}|{Items}|{Year}|{Discount}|{Note}|{IsPaid}|{Customer}|{Secret}");
}

/// <summary>The same as a struct.</summary>
public readonly record struct Parcel(string Id, double Weight)
{
    public string Country { get; init; } = "DE";

    public int? Depot { get; init; } = 1;
}

/// <summary>A class that only an object initializer can set, with its own names.</summary>
public sealed class Coupon(string code)
{
    public string Code => code;

    public int HTTPStatus2Code { get; init; } = 200;

    public int Uses { get; init => field = value + 1; } = 5;
}

[Pipeline(Naming = NamingPolicy.SnakeCase)]
public sealed partial class OptionalPipeline
{
    [FileSource("orders.csv", Naming = NamingPolicy.CamelCase, OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("copy.csv")]
    public partial Stream<Order> Csv { get; }

    [FileSource("orders.jsonl", Naming = NamingPolicy.CamelCase, OnBadRow = BadRowPolicy.SideOutput)]
    [FileSink("copy.jsonl")]
    public partial Stream<Order> Json { get; }

    [SideOutput(nameof(Csv), SideOutputs.BadRows)]
    [FileSink("bad.csv")]
    public partial Stream<BadRow> BadCsv { get; }

    [SideOutput(nameof(Json), SideOutputs.BadRows)]
    [FileSink("bad-json.csv")]
    public partial Stream<BadRow> BadJson { get; }

    [FileSource("parcels.jsonl")]
    [FileSink("parcels-copy.jsonl")]
    public partial Stream<Parcel> Parcels { get; }

    [FileSource("coupons.jsonl")]
    [FileSink("coupons-copy.jsonl")]
    public partial Stream<Coupon> Coupons { get; }

    [FileSource("more-coupons.csv", Naming = NamingPolicy.UpperKebabCase)]
    [FileSink("more-coupons-copy.csv")]
    public partial Stream<Coupon> MoreCoupons { get; }
}
