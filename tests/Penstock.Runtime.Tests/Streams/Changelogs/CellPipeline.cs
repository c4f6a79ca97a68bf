namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>A change of a cell, which a string and a number identify.</summary>
public readonly record struct Edit(string Name, uint Number, long At, int Weight);

/// <summary>
/// The edits of a cell in a window: once with the whole key in one string, and once with a member for each part of the key.
/// </summary>
public readonly record struct Cell(
    string Id,
    string Name,
    uint Number,
    [property: Column(Format = "yyyy-MM-dd HH:mm:ss")] DateTimeOffset Start,
    [property: Column(Unit = TimeUnit.Seconds)] DateTimeOffset End,
    int Edits,
    int Weight);

/// <summary>A cell that one string identifies.</summary>
public readonly record struct Labelled(string Label, int Edits, int Weight);

/// <summary>A cell that its parts identify, each written in another form than it was computed.</summary>
public readonly record struct Parted(string Name, long Number, long Second, int Edits, int Weight);

/// <summary>
/// Windows that fire again, with keys that differ only a little. The identifying members pass through maps and filters in several forms.
/// </summary>
[Pipeline]
public sealed partial class CellPipeline
{
    [FileSource("edits.csv")]
    [EventTime(nameof(Edit.At), Unit = TimeUnit.Milliseconds, MaxDelay = "2s")]
    public partial Stream<Edit> Edits { get; }

    [Apply<CellOfWindow>(nameof(Edits))]
    [FileSink("/out/cells.jsonl", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Cell> Cells { get; }

    [Apply<Odd>(nameof(Cells))]
    [FileSink("/out/odd.jsonl", Changelog = ChangelogFormat.Debezium)]
    public partial Stream<Cell> OddCells { get; }

    [Apply<ToLabel>(nameof(OddCells))]
    [FileSink("/out/labels.jsonl", Changelog = ChangelogFormat.Debezium)]
    public partial Stream<Labelled> Labels { get; }

    [Apply<ToParts>(nameof(OddCells))]
    [FileSink("/out/parts.jsonl", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Parted> Parts { get; }
}

[Operator, KeyBy(nameof(Edit.Name), nameof(Edit.Number)), TumblingWindow("10s", AllowedLateness = "8s")]
public sealed partial class CellOfWindow
{
    [State] private partial ref int Edits { get; }
    [State] private partial ref int Weight { get; }

    [Accumulate]
    private void Add(in Edit edit)
    {
        Edits++;
        Weight += edit.Weight;
    }

    [Fire]
    private Cell Close(in Window<(string Name, uint Number)> window) =>
        new(
            $"{window.Key.Number}/{window.Key.Name}{window.Start:O}",
            window.Key.Name,
            window.Key.Number,
            window.Start,
            window.End,
            Edits,
            Weight);
}

[Operator]
public sealed partial class Odd
{
    [Filter]
    private static bool Keep(in Cell cell) => cell.Edits % 2 == 1;
}

[Operator]
public sealed partial class ToLabel
{
    [Map]
    private static Labelled Make(in Cell cell) =>
        new($"{cell.Name} {cell.Number}" + "/" + cell.Start.AddDays(1).ToString("O"), cell.Edits, cell.Weight);
}

[Operator]
public sealed partial class ToParts
{
    [Map]
    private static Parted Make(in Cell cell) =>
        new("<" + cell.Name + ">", cell.Number + 1, cell.End.ToUnixTimeSeconds(), cell.Edits, cell.Weight);
}
