using MemoryPack;

namespace Penstock.Runtime.Tests.Formats.Messages;

public enum Size
{
    Small,
    Large,
}

/// <summary>Columns of every kind in the value, and members of every kind in the other parts of a message.</summary>
[MemoryPackable]
public readonly partial record struct Parcel(
    [property: Metadata("key")] string? Owner,
    int Id,
    string Text,
    string? Remark,
    decimal? Price,
    Size Size,
    DateTimeOffset At,
    [property: Metadata("number")] long Number,
    [property: Metadata("timestamp")] DateTimeOffset SentAt,
    [property: Metadata("place")] string Place,
    [property: Metadata("header:weight")] double? Weight,
    [property: Metadata("header:blob")] byte[]? Blob,
    [property: Metadata("header:due")] DateOnly? Due,
    bool IsGone);

[Pipeline]
public sealed partial class JsonParcels
{
    [LetterSource]
    [LetterSink(Tombstone = nameof(Parcel.IsGone))]
    public partial Stream<Parcel> All { get; }
}

[Pipeline]
public sealed partial class CsvParcels
{
    [LetterSource(Format = MessageFormat.Csv)]
    [LetterSink(Format = MessageFormat.Csv, Key = nameof(Parcel.Id))]
    public partial Stream<Parcel> All { get; }
}

[Pipeline]
public sealed partial class PackedParcels
{
    [LetterSource(Format = MessageFormat.MemoryPack)]
    [LetterSink(Format = MessageFormat.MemoryPack)]
    public partial Stream<Parcel> All { get; }
}

/// <summary>A row whose key must exist, and must be a number.</summary>
public readonly record struct Numbered([property: Metadata("key")] int Key, int Value, [property: Metadata("header:must")] byte[] Must);

[Pipeline]
public sealed partial class NumberedLetters
{
    [LetterSource(OnBadRow = BadRowPolicy.SideOutput)]
    [LetterSink]
    public partial Stream<Numbered> All { get; }

    [SideOutput(nameof(All), SideOutputs.BadRows)]
    [LetterSink(Format = MessageFormat.Raw)]
    public partial Stream<BadRow> Bad { get; }
}

public readonly record struct Note([property: Metadata("key")] string Key, string? Text);

[Pipeline]
public sealed partial class RawNotes
{
    [LetterSource(Format = MessageFormat.Raw)]
    [LetterSink(Format = MessageFormat.Raw)]
    public partial Stream<Note> All { get; }
}

/// <summary>Keys that can be written differently although they are equal.</summary>
public readonly record struct Offer(decimal Price, decimal? Discount, DateTimeOffset From, DateTime To);

[Pipeline]
public sealed partial class OffersByPrice
{
    [LetterSource]
    [LetterSink(Key = nameof(Offer.Price))]
    public partial Stream<Offer> All { get; }
}

[Pipeline]
public sealed partial class OffersByDiscount
{
    [LetterSource]
    [LetterSink(Key = nameof(Offer.Discount))]
    public partial Stream<Offer> All { get; }
}

[Pipeline]
public sealed partial class OffersByStart
{
    [LetterSource]
    [LetterSink(Key = nameof(Offer.From))]
    public partial Stream<Offer> All { get; }
}

[Pipeline]
public sealed partial class OffersByEnd
{
    [LetterSource]
    [LetterSink(Key = nameof(Offer.To))]
    public partial Stream<Offer> All { get; }
}

public readonly record struct Bytes(byte[] Content);

[Pipeline]
public sealed partial class RawBytes
{
    [LetterSource(Format = MessageFormat.Raw)]
    [LetterSink(Format = MessageFormat.Raw)]
    public partial Stream<Bytes> All { get; }
}

/// <summary>Members that may be missing in a message, in its value and in its other parts.</summary>
public sealed record Wish(string Text)
{
    public int Count { get; init; } = 1;

    [Metadata("header:tries")]
    public int Tries { get; set; } = 3;

    [Metadata("header:lang")]
    public string? Language { get; init; } = "en";
}

[Pipeline(Naming = NamingPolicy.SnakeCase)]
public sealed partial class Wishes
{
    [LetterSource]
    [LetterSink]
    public partial Stream<Wish> All { get; }
}

[Pipeline]
public sealed partial class CsvWishes
{
    [LetterSource(Format = MessageFormat.Csv)]
    [LetterSink]
    public partial Stream<Wish> All { get; }
}
