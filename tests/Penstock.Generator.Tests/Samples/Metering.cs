using Penstock.Connectors;
using Penstock.Sinks;
using Penstock.Sources;
using Penstock.Streams;

namespace Metering;

public enum Unit : byte
{
    Kilowatt,
    Litre,
}

public readonly record struct Site(string City, int? Floor);

/// <summary>A row whose columns come from outside, and of which not all are read.</summary>
public readonly record struct Reading(
    long Id,
    string Meter,
    double Value,
    double? Limit,
    Unit Unit,
    Unit? Other,
    Site Site,
    string? Note,
    DateTime At,
    decimal Price = 1.5m,
    int? Grade = null);

/// <summary>A row that becomes columns.</summary>
public readonly record struct Level(
    string Meter,
    double Value,
    double? Limit,
    Unit? Other,
    Site Site,
    string? Note,
    decimal Price,
    int? Grade);

/// <summary>A row with parts that are no columns.</summary>
public sealed record Report(int @class, List<int> Values, Dictionary<string, int>? Counts, Site? Place);

/// <summary>Hands over columns.</summary>
public sealed class ReadingTable : IColumnSource<Reading>
{
    public void SetProjection(RowSchema columns) => throw new NotSupportedException();

    public IReadOnlyList<SourceSplit> Discover() => throw new NotSupportedException();

    public ISplitReader<Reading> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        throw new NotSupportedException();
}

/// <summary>Makes its rows itself, and learns which columns are read.</summary>
public sealed class ReportSource : ISource<Report>, IProjectionSource
{
    public void SetProjection(RowSchema columns) => throw new NotSupportedException();

    public IReadOnlyList<SourceSplit> Discover() => throw new NotSupportedException();

    public ISplitReader<Report> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        throw new NotSupportedException();
}

/// <summary>Takes columns.</summary>
public sealed class Table<T> : IColumnSink<T>
{
    public void SetSchema(RowSchema schema) => throw new NotSupportedException();

    public ISinkWriter<T> OpenWriter(int subtask) => throw new NotSupportedException();

    public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
}

/// <summary>Takes rows, and learns their columns.</summary>
public sealed class Described<T> : ISink<T>, ISchemaSink
{
    public void SetSchema(RowSchema schema) => throw new NotSupportedException();

    public ISinkWriter<T> OpenWriter(int subtask) => throw new NotSupportedException();

    public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
}

public sealed class CitySink : ISink<string>
{
    public ISinkWriter<string> OpenWriter(int subtask) => throw new NotSupportedException();

    public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
}

[Operator]
public sealed partial class ToLevel
{
    [Map]
    private static Level Make(in Reading reading) =>
        new(
            reading.Meter,
            reading.Value,
            reading.Limit,
            reading.Other,
            new Site("", reading.Site.Floor),
            reading.Note,
            reading.Price,
            reading.Grade);
}

[Operator]
public sealed partial class Long
{
    [Filter]
    private static bool Keep(in Report report) => report.Values.Count > report.@class;
}

[Operator]
public sealed partial class ToCity
{
    [Map]
    private static string Make(in Report report) => report.Place?.City ?? "";
}

[Pipeline]
public sealed partial class MeteringPipeline
{
    [Source<ReadingTable>]
    [EventTime(nameof(Reading.At))]
    public partial Stream<Reading> Readings { get; }

    [Apply<ToLevel>(nameof(Readings))]
    [Sink<Table<Level>>]
    public partial Stream<Level> Levels { get; }

    [SideOutput(nameof(Readings), SideOutputs.BadRows)]
    [Sink<Described<BadRow>>]
    public partial Stream<BadRow> Bad { get; }

    [Source<ReportSource>]
    public partial Stream<Report> Reports { get; }

    [Apply<Long>(nameof(Reports))]
    public partial Stream<Report> LongReports { get; }

    [Apply<ToCity>(nameof(LongReports))]
    [Sink<CitySink>]
    public partial Stream<string> Cities { get; }
}
