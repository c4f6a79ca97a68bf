using System.Collections.Immutable;

namespace Penstock.Runtime.Tests.Streams;

/// <summary>Parcels with values in some members, and null in the others.</summary>
internal sealed class RandomParcels(Random random)
{
    private static readonly string[] Texts = ["", "a", "tête-à-tête", "\0", "日本語", "😀", new('x', 300), "\"\\\n"];

    public Parcel Next() => new()
    {
        Id = NextGuid(),
        Note = NextText(),
        IsFragile = Chance(2),
        Letter = (char)random.Next(0x20, 0xd7ff),
        Numbers = ((sbyte)random.Next(-128, 128), Chance(2)
            ? (ushort)random.Next(65_536)
            : null, (uint)random.NextInt64(uint.MaxValue), (ulong)random.NextInt64()),
        Weight = Chance(10) ? double.NaN : random.NextDouble() * Math.Pow(10, random.Next(-20, 20)),
        Fee = Chance(2) ? new decimal(random.Next(), random.Next(), random.Next(), Chance(2), (byte)random.Next(29)) : null,
        Took = new TimeSpan(random.NextInt64(-TimeSpan.TicksPerDay, TimeSpan.TicksPerDay)),
        Grade = Chance(2) ? Grade.Low : Grade.High,
        Before = Chance(2) ? Grade.High : null,
        Stamp = NextStamp(),
        Returned = Chance(2) ? NextStamp() : null,
        Spot = Chance(2) ? NextSpot() : null,
        Photo = Perhaps(() => NextBytes()),
        First = NextItem(),
        Items = Perhaps(() => Some(NextItem).ToList()),
        ByName = Perhaps(() => Some(NextItem)
            .Select(static (item, index) => (item, index))
            .ToDictionary(static pair => $"n{pair.index}", static pair => pair.item)),
        Lines = Perhaps(() => Some(() => Perhaps(() => Some(NextText).ToArray())).ToArray()),
        Spots = Perhaps(() => Some(NextSpot).ToArray()),
        Marks = Perhaps(() => Some(() => random.Next(100)).ToHashSet()),
        Prices = Perhaps(() => Some(() => Chance(3) ? (Price?)null : NextPrice()).ToImmutableList()),
        Counts = Chance(3) ? null : [.. Some(() => random.Next())],
        Texts = Perhaps(() => Some(NextText).ToImmutableDictionary(_ => NextGuid(), static text => text)),
    };

    private bool Chance(int of) => random.Next(of) == 0;

    private T? Perhaps<T>(Func<T> next)
        where T : class => Chance(4) ? null : next();

    private IEnumerable<T> Some<T>(Func<T> next) => Enumerable.Range(0, random.Next(4)).Select(_ => next()).ToList();

    private string? NextText() => Chance(5) ? null : Texts[random.Next(Texts.Length)];

    private Guid NextGuid() => new([.. NextBytes(16)]);

    private byte[] NextBytes(int? count = null)
    {
        var bytes = new byte[count ?? random.Next(5)];
        random.NextBytes(bytes);
        return bytes;
    }

    private Spot NextSpot() => new(random.NextDouble(), random.Next(), random.NextSingle());

    private Price NextPrice() => new(random.Next() / 100m, NextText());

    private Item? NextItem() =>
        Perhaps(() => new Item(NextText(), NextPrice(), Chance(2)
            ? NextPrice()
            : null, Perhaps(() => Some(NextText).ToList()))
        { Sizes = Perhaps(() => Some(() => random.Next()).ToArray()) });

    private Stamp NextStamp() => new()
    {
        At = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), Chance(2) ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        Read = Chance(2) ? new DateTimeOffset(
            random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay),
            TimeSpan.FromMinutes(random.Next(-840, 841))) : null,
        Day = DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber)),
        Clock = Chance(2) ? new TimeOnly(random.NextInt64(TimeSpan.TicksPerDay)) : null,
    };
}
