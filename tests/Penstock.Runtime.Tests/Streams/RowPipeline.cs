using System.Collections.Immutable;
using Penstock.Connectors;
using Penstock.Runtime.Tests.State.Values;

namespace Penstock.Runtime.Tests.Streams;

public enum Grade : short
{
    Low = -3,
    High = 900,
}

/// <summary>Numbers without gaps between them.</summary>
public readonly record struct Spot(double X, int Row, float Y);

/// <summary>Numbers with gaps.</summary>
public readonly record struct Pulse(byte Strength, long At);

public readonly record struct Price(decimal Amount, string? Currency);

public sealed record Item(string? Name, Price Price, Price? Discount, List<string?>? Tags)
{
    public int[]? Sizes { get; init; }
}

public struct Stamp
{
    public DateTime At { get; set; }

    public DateTimeOffset? Read { get; set; }

    public DateOnly Day;

    public TimeOnly? Clock;
}

/// <summary>Members of every kind, with null where possible.</summary>
public sealed class Parcel
{
    public string? Note;

    public required Guid Id { get; init; }

    public bool IsFragile { get; set; }

    public char Letter { get; set; }

    public (sbyte Small, ushort? Port, uint Count, ulong Large) Numbers { get; set; }

    public double Weight { get; set; }

    public decimal? Fee { get; set; }

    public TimeSpan Took { get; set; }

    public Grade Grade { get; set; }

    public Grade? Before { get; set; }

    public Stamp Stamp { get; set; }

    public Stamp? Returned { get; set; }

    public Spot? Spot { get; set; }

    public byte[]? Photo { get; set; }

    public Item? First { get; set; }

    public List<Item?>? Items { get; set; }

    public Dictionary<string, Item?>? ByName { get; set; }

    public string?[]?[]? Lines { get; set; }

    public Spot[]? Spots { get; set; }

    public HashSet<int>? Marks { get; set; }

    public ImmutableList<Price?>? Prices { get; set; }

    public ImmutableArray<int>? Counts { get; set; }

    public ImmutableDictionary<Guid, string?>? Texts { get; set; }
}

internal record Shape(int Corners);

internal sealed record Circle(double Radius) : Shape(0);

/// <summary>A row that occurs only between generated code.</summary>
internal sealed class Nothing<T> : ISource<T>
{
    public IReadOnlyList<SourceSplit> Discover() => [];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        throw new NotSupportedException("There is no split.");
}

#pragma warning disable PEN107 // The result of a union is not read; the test examines its inputs.

/// <summary>Sends rows of many types from task to task.</summary>
[Pipeline]
internal sealed partial class RowPipeline
{
    [Source<Nothing<Parcel>>] public partial Stream<Parcel> Parcels { get; }

    [Source<Nothing<Parcel>>] public partial Stream<Parcel> OtherParcels { get; }

    [Union(nameof(Parcels), nameof(OtherParcels))] public partial Stream<Parcel> AllParcels { get; }

    [Source<Nothing<Spot>>] public partial Stream<Spot> Spots { get; }

    [Source<Nothing<Spot>>] public partial Stream<Spot> OtherSpots { get; }

    [Union(nameof(Spots), nameof(OtherSpots))] public partial Stream<Spot> AllSpots { get; }

    [Source<Nothing<Pulse>>] public partial Stream<Pulse> Pulses { get; }

    [Source<Nothing<Pulse>>] public partial Stream<Pulse> OtherPulses { get; }

    [Union(nameof(Pulses), nameof(OtherPulses))] public partial Stream<Pulse> AllPulses { get; }

    [Source<Nothing<string>>] public partial Stream<string> Texts { get; }

    [Source<Nothing<string>>] public partial Stream<string> OtherTexts { get; }

    [Union(nameof(Texts), nameof(OtherTexts))] public partial Stream<string> AllTexts { get; }

    [Source<Nothing<Tag>>] public partial Stream<Tag> Tags { get; }

    [Source<Nothing<Tag>>] public partial Stream<Tag> OtherTags { get; }

    [Union(nameof(Tags), nameof(OtherTags))] public partial Stream<Tag> AllTags { get; }

    [Source<Nothing<Packed>>] public partial Stream<Packed> Packs { get; }

    [Source<Nothing<Packed>>] public partial Stream<Packed> OtherPacks { get; }

    [Union(nameof(Packs), nameof(OtherPacks))] public partial Stream<Packed> AllPacks { get; }

    [Source<Nothing<BadRow>>] public partial Stream<BadRow> BadRows { get; }

    [Source<Nothing<BadRow>>] public partial Stream<BadRow> OtherBadRows { get; }

    [Union(nameof(BadRows), nameof(OtherBadRows))] public partial Stream<BadRow> AllBadRows { get; }

    [Source<Nothing<Shape>>] public partial Stream<Shape> Shapes { get; }

    [Source<Nothing<Shape>>] public partial Stream<Shape> OtherShapes { get; }

    [Union(nameof(Shapes), nameof(OtherShapes))] public partial Stream<Shape> AllShapes { get; }

    [Source<Nothing<Computing>>] public partial Stream<Computing> Computings { get; }

    [Source<Nothing<Computing>>] public partial Stream<Computing> OtherComputings { get; }

    [Union(nameof(Computings), nameof(OtherComputings))] public partial Stream<Computing> AllComputings { get; }

    [Source<Nothing<object>>] public partial Stream<object> Objects { get; }

    [Source<Nothing<object>>] public partial Stream<object> OtherObjects { get; }

    [Union(nameof(Objects), nameof(OtherObjects))] public partial Stream<object> AllObjects { get; }
}
