namespace Firsts;

public readonly record struct Payment(Guid Id, string Account, string? Device, decimal Amount, DateTime PaidAt);

public readonly record struct Login(string Account, string? Device);

public readonly record struct Spent(string Account, DateTimeOffset Day, decimal Amount);

[Operator]
public sealed partial class ToLogin
{
    [Map]
    private static Login Convert(in Payment payment) => new(payment.Account, payment.Device);
}

[Operator]
public sealed partial class Large
{
    [Filter]
    private static bool Keep(in Payment payment) => payment.Amount >= 1000;
}

[Operator, KeyBy(nameof(Payment.Account)), TumblingWindow("1d")]
public sealed partial class SpentPerDay
{
    [State] private partial ref decimal Sum { get; }

    [Accumulate]
    private void Add(in Payment payment) => Sum += payment.Amount;

    [Fire]
    private Spent Close(in Window<string> window) => new(window.Key, window.Start, Sum);
}

[Pipeline]
public sealed partial class Payments
{
    [FileSource("payments.csv")]
    [EventTime(nameof(Payment.PaidAt), MaxDelay = "1m")]
    public partial Stream<Payment> All { get; }

    [Distinct(nameof(All), Ttl = "1d")]
    [KeyBy(nameof(Payment.Id))]
    [FileSink("payments.jsonl")]
    public partial Stream<Payment> Unique { get; }

    [Apply<Large>(nameof(Unique))]
    [FileSink("large.csv")]
    public partial Stream<Payment> LargeOnes { get; }

    [Apply<SpentPerDay>(nameof(Unique))]
    [FileSink("days.csv")]
    public partial Stream<Spent> PerDay { get; }

    [Distinct(nameof(All), Ttl = "30d", TtlTime = TtlTime.ProcessingTime)]
    [KeyBy(nameof(Payment.Account), nameof(Payment.Device))]
    [FileSink("devices.csv")]
    public partial Stream<Payment> NewDevices { get; }

    [KeepLast(nameof(Unique), Unbounded = true)]
    [KeyBy(nameof(Payment.Account))]
    [FileSink("latest.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Payment> Latest { get; }

    [Apply<Large>(nameof(Latest))]
    [FileSink("largelatest.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Payment> LargeLatest { get; }

    [KeepFirst(nameof(All), OrderBy = nameof(Payment.Device), Ttl = "7d")]
    [KeyBy(nameof(Payment.Account), nameof(Payment.Amount))]
    [FileSink("firstdevices.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Payment> FirstDevice { get; }

    [Apply<ToLogin>(nameof(All))]
    public partial Stream<Login> Logins { get; }

    [Distinct(nameof(Logins), Unbounded = true)]
    [FileSink("logins.csv")]
    public partial Stream<Login> DistinctLogins { get; }
}
