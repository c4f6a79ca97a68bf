namespace Stragglers;

public readonly record struct Parcel(string Depot, DateTimeOffset At, int Items);

public readonly record struct Load(string Depot, DateTimeOffset Hour, int Items);

public readonly record struct Item(string Depot, int Number);

[Operator, KeyBy(nameof(Parcel.Depot)), TumblingWindow("1h")]
public sealed partial class LoadPerHour
{
    [State] private partial ref int Items { get; }

    [Accumulate]
    private void Add(in Parcel parcel) => Items += parcel.Items;

    [Fire]
    private Load Close(in Window<string> window) => new(window.Key, window.Start, Items);
}

[Operator]
public sealed partial class Unpack
{
    [FlatMap]
    private static void Split(in Parcel parcel, ref Output<Item> output)
    {
        for (var number = 0; number < parcel.Items; number++)
        {
            output.Emit(new Item(parcel.Depot, number));
        }
    }
}

[Operator, KeyBy(nameof(Item.Number))]
public sealed partial class Found
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnItem(in Item item, ref Output<Item> output) => output.Emit(item with { Number = ++Count });
}

/// <summary>Many rows are made of each late one, and sent to another task: only such a row is one to stop behind.</summary>
[Pipeline]
public sealed partial class Depots
{
    [FileSource("parcels.csv")]
    [EventTime(nameof(Parcel.At))]
    public partial Stream<Parcel> Parcels { get; }

    [Apply<LoadPerHour>(nameof(Parcels))]
    [FileSink("loads.csv")]
    public partial Stream<Load> Loads { get; }

    [SideOutput(nameof(Loads), SideOutputs.Late)]
    public partial Stream<Parcel> Late { get; }

    [Apply<Unpack>(nameof(Late))]
    public partial Stream<Item> Items { get; }

    [Apply<Found>(nameof(Items))]
    [FileSink("items.csv")]
    public partial Stream<Item> FoundItems { get; }
}
