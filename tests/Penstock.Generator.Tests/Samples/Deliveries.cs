using System.Text.Json.Serialization;
using Penstock;

namespace Deliveries;

/// <summary>A delivery with objects, lists and dictionaries inside of it.</summary>
public sealed record Delivery(long Id, Customer Customer, List<Item> Items, Dictionary<string, decimal>? Fees, Place? From, byte[] Seal)
{
    public string[] Tags { get; init; } = [];

    public Packing? Packing { get; init; }
}

[JsonDerivedType(typeof(Box), "box")]
[JsonDerivedType(typeof(Pallet), "pallet")]
public abstract record Packing(decimal Weight);

public sealed record Box(decimal Weight, bool IsSealed) : Packing(Weight);

public sealed record Pallet(decimal Weight, List<Box> Boxes) : Packing(Weight);

public sealed record Customer(string Name, Place Home, DateOnly? Born);

public readonly record struct Place(string City, string? Zip, [property: Column(Format = "yyyy-MM-dd")] DateTime Since);

public sealed class Item
{
    public required string Name { get; set; }

    public int Count { get; init; } = 1;

    public Item? PartOf { get; set; }
}

public sealed record Arrival(long Id, string? City, int Items);

[Operator]
public sealed partial class Arrive
{
    [Map]
    private static Arrival Map(in Delivery delivery) => new(delivery.Id, delivery.Customer.Home.City, delivery.Items.Count);
}

[Pipeline]
public sealed partial class Board
{
    [FileSource("deliveries.jsonl")]
    public partial Stream<Delivery> Deliveries { get; }

    [Apply<Arrive>(nameof(Deliveries))]
    [FileSink("arrivals.jsonl")]
    public partial Stream<Arrival> Arrivals { get; }

    [FileSource("more/*.csv")]
    [FileSink("all.jsonl")]
    public partial Stream<Delivery> All { get; }
}
