using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>The key of the rows of a window that fires again: that of the operator, in its parts, and the window.</summary>
internal static class WindowKey
{
    private const string Key = "Key";
    private static readonly EquatableArray<string> Bounds = new(["Start", "End", "StartMicros", "EndMicros"]);

    /// <param name="fired">From what the fire method makes its row; null where that is not known.</param>
    /// <param name="members">How many members the key of the operator has; where there are several, each is a part.</param>
    /// <param name="window">The windows.</param>
    public static EquatableArray<KeyPart> Of(RowOrigins? fired, int members, WindowModel window)
    {
        List<EquatableArray<string>> keys = members < 2 ? [new([Key])] : [.. Enumerable.Range(1, members).Select(static item => new EquatableArray<string>([PartOf(item), Key]))];
        IReadOnlyCollection<string> all = [.. keys.SelectMany(static key => key), .. Bounds];
        var step = CommonDivisor(window.Size, window.Offset);
        return keys.Select(key => Part("key", key, 0)).Append(Part("window", Bounds, step)).ToEquatableArray();

        KeyPart Part(string name, EquatableArray<string> reads, long step) => fired == null
            ? new(name, EquatableArray<string>.Empty, EquatableArray<string>.Empty, EquatableArray<IdentifyingMember>.Empty)
            : new(name, fired.CarriersOf(reads), fired.MadeOf(reads, all), fired.IdentifiersOf(reads.Select(read => new IdentifyingMember(read, step)).ToEquatableArray(), all)) { IsLeftOut = fired.CarriersOf(reads).Count == 0 };
    }

    /// <summary>How the origins of a row call a part of the key.</summary>
    /// <param name="item">Which one, from 1.</param>
    public static string PartOf(int item) => $"{Key}.Item{item}";

    private static long CommonDivisor(long size, long offset) => offset == 0 ? Math.Abs(size) : CommonDivisor(offset, size % offset);
}
