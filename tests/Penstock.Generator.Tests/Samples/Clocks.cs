namespace Clocks;

/// <summary>A row that may have no event time.</summary>
public readonly record struct Scan(string Parcel, string Depot, string? Note, DateTime? At, int Weight);

public readonly record struct Load(string Depot, DateTimeOffset Hour, long Weight);

public readonly record struct Missing(string Parcel, int Count);

[Operator]
public sealed partial class Known
{
    [Filter]
    private static bool Keep(in Scan scan) => scan.Depot.Length > 0;
}

[Operator, KeyBy(nameof(Scan.Depot)), TumblingWindow("1h")]
public sealed partial class LoadPerHour
{
    [State] private partial ref long Weight { get; }

    [Accumulate]
    private void Add(in Scan scan) => Weight += scan.Weight;

    [Fire]
    private Load Close(in Window<string> window) => new(window.Key, window.Start, Weight);
}

[Operator, KeyBy(nameof(Scan.Parcel))]
public sealed partial class CountMissing
{
    [State] private partial ref int Count { get; }

    [Process]
    private void Add(in Scan scan, ref Output<Missing> output) => output.Emit(new Missing(scan.Parcel, ++Count));
}

[Pipeline]
public sealed partial class Depots
{
    [FileSource("scans.csv", OnBadRow = BadRowPolicy.SideOutput)]
    [EventTime(nameof(Scan.At), MaxDelay = "5m", OnNull = NullTimePolicy.SideOutput)]
    public partial Stream<Scan> Scans { get; }

    [Apply<LoadPerHour>(nameof(Scans))]
    [FileSink("loads.csv")]
    public partial Stream<Load> Loads { get; }

    [SideOutput(nameof(Scans), SideOutputs.BadRows)]
    [FileSink("bad.csv")]
    public partial Stream<BadRow> Bad { get; }

    [SideOutput(nameof(Scans), SideOutputs.Untimed)]
    public partial Stream<Scan> Untimed { get; }

    [Apply<Known>(nameof(Untimed))]
    public partial Stream<Scan> KnownUntimed { get; }

    [Apply<CountMissing>(nameof(KnownUntimed))]
    [FileSink("missing.csv")]
    public partial Stream<Missing> MissingTimes { get; }
}

/// <summary>Times from the clock, and watermarks from the rows.</summary>
[Pipeline]
public sealed partial class Gates
{
    [FileSource("inbox/*.csv", Poll = "10s")]
    [IngestionTime]
    public partial Stream<Scan> Now { get; }

    [Apply<LoadPerHour>(nameof(Now))]
    [FileSink("now.csv")]
    public partial Stream<Load> LoadsNow { get; }

    [FileSource("marked.jsonl")]
    [EventTime(nameof(Scan.At), OnNull = NullTimePolicy.Skip)]
    public partial Stream<Scan> Marked { get; }

    [Apply<LoadPerHour>(nameof(Marked))]
    [FileSink("marked.csv")]
    public partial Stream<Load> LoadsMarked { get; }

    [Watermark(nameof(Marked))]
    private static DateTimeOffset? OnScan(in Scan scan, DateTimeOffset time) => scan.Note == "end of hour" ? time : null;
}
