using System.Globalization;

namespace Penstock.Runtime.Tests.Sources.Columns;

public enum Unit : short
{
    Kilowatt = 1,
    Litre = -2,
}

public readonly record struct Place(string City, int? Floor);

/// <summary>A row with a column of every form.</summary>
public readonly record struct Meter(
    long Id,
    string Name,
    double Value,
    double? Limit,
    string? Note,
    Unit Unit,
    Unit? Other,
    Place Place,
    DateTime At,
    byte[]? Raw,
    decimal Price = 2.5m,
    int? Grade = null,
    string Tariff = "day");

/// <summary>A row with some of the columns.</summary>
public readonly record struct Level(long Id, double Value, string? Note, Unit Unit, int? Floor);

/// <summary>A class whose members are set one by one.</summary>
public sealed class MeterReport
{
    public long Id { get; set; }

    public required string Text { get; init; }

    public double? Limit { get; set; }

    public Unit Unit { get; set; }
}

/// <summary>A row with a default that its type does not contain.</summary>
public readonly record struct Label(long Id, string Text = null!);

/// <summary>Rows whose constructor, or one of whose members, may throw.</summary>
public readonly struct Checked
{
    public Checked(int number, int other) =>
        (Number, Other) = (number < 0 ? throw new ArgumentOutOfRangeException(nameof(number), "Too small.") : number, other);

    public int Number { get; }

    public int Other => field > 100 ? throw new InvalidOperationException("Too large.") : field;
}

/// <summary>Reads and writes meters by columns.</summary>
[Pipeline]
public sealed partial class MeterPipeline
{
    [Source<TableSource<Meter>>]
    [Sink<TableSink<Meter>>]
    public partial Stream<Meter> Meters { get; }

    [SideOutput(nameof(Meters), SideOutputs.BadRows)]
    [Sink<TableSink<BadRow>>]
    public partial Stream<BadRow> Bad { get; }
}

/// <summary>Meters of which only five columns are read.</summary>
[Pipeline]
public sealed partial class LevelPipeline
{
    [Source<TableSource<Meter>>]
    public partial Stream<Meter> Meters { get; }

    [Apply<ToLevel>(nameof(Meters))]
    [Sink<TableSink<Level>>]
    public partial Stream<Level> Levels { get; }
}

[Operator]
public sealed partial class ToLevel
{
    [Map]
    private static Level Make(in Meter meter) => new(meter.Id, meter.Value, meter.Note, meter.Unit, meter.Place.Floor);
}

/// <summary>Meters of which no column is read: they are counted.</summary>
[Pipeline]
public sealed partial class CountPipeline
{
    [Source<TableSource<Meter>>]
    public partial Stream<Meter> Meters { get; }

    [Apply<ToOne>(nameof(Meters))]
    [Sink<TableSink<Level>>]
    public partial Stream<Level> Ones { get; }
}

[Operator]
public sealed partial class ToOne
{
    [Map]
    private static Level Make(in Meter meter) => new(1, 0, null, Unit.Litre, null);
}

[Pipeline]
public sealed partial class ReportPipeline
{
    [Source<TableSource<MeterReport>>]
    [Sink<TableSink<MeterReport>>]
    public partial Stream<MeterReport> Reports { get; }
}

[Pipeline]
public sealed partial class LabelPipeline
{
    [Source<TableSource<Label>>]
    public partial Stream<Label> Labels { get; }

    [Apply<ToId>(nameof(Labels))]
    [Sink<TableSink<Label>>]
    public partial Stream<Label> Ids { get; }
}

[Operator]
public sealed partial class ToId
{
    [Map]
    private static Label Make(in Label label) => new(label.Id, label.Text == null ? "none" : "some");
}

[Pipeline]
public sealed partial class CheckedPipeline
{
    [Source<TableSource<Checked>>]
    [Sink<TableSink<Checked>>]
    public partial Stream<Checked> Numbers { get; }
}

/// <summary>Creates tables of meters, and the lines that are expected for them, by plain loops.</summary>
internal static class MeterTable
{
    public static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static long Id(int row) => 1000 + row;

    public static double? Limit(int row) => row % 3 == 0 ? null : row / 4d;

    public static string? Note(int row) => row % 5 == 2 ? null : $"note {row % 7}";

    public static Unit Unit(int row) => row % 2 == 0 ? Columns.Unit.Kilowatt : Columns.Unit.Litre;

    public static Unit? Other(int row) => row % 4 == 3 ? null : Unit(row + 1);

    public static int? Floor(int row) => row % 6 == 1 ? null : row % 30 - 2;

    public static byte[]? Raw(int row) => row % 8 == 5 ? null : [(byte)row];

    public static Table<Meter> Of(int rows, int splits = 1)
    {
        var numbers = Enumerable.Range(0, rows).ToArray();
        return new Table<Meter>(rows, splits)
            .With("id", [.. numbers.Select(Id)])
            .With("name", [.. numbers.Select(static row => $"meter {row % 11}")])
            .With("value", [.. numbers.Select(static row => row * 1.5)])
            .WithNulls("limit", [.. numbers.Select(Limit)])
            .With("note", [.. numbers.Select(Note)])
            .WithNulls("unit", [.. numbers.Select(static row => (short?)Unit(row))])
            .WithNulls("other", [.. numbers.Select(static row => (short?)Other(row))])
            .With("place.city", [.. numbers.Select(static row => row % 2 == 0 ? "Rome" : "Bern")])
            .WithNulls("place.floor", [.. numbers.Select(Floor)])
            .With("at", [.. numbers.Select(static row => Start.AddMinutes(row))])
            .With("raw", [.. numbers.Select(Raw)]);
    }

    public static string Line(int row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Id(row)}|meter {row % 11}|{row * 1.5}|{Text(Limit(row))}|{Text(Note(row))}|{(short)Unit(row)}|{Text((short?)Other(row))}|{(row % 2 == 0 ? "Rome" : "Bern")}|{Text(Floor(row))}|{Start.AddMinutes(row):O}|{Text(Raw(row)?[0])}|2.5|null|day");

    public static string LevelLine(int row) => string.Create(
        CultureInfo.InvariantCulture, $"{Id(row)}|{row * 1.5}|{Text(Note(row))}|{(short)Unit(row)}|{Text(Floor(row))}");

    private static string Text(object? value) => value == null ? "null" : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
