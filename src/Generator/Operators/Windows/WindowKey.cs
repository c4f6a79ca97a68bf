using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>The key of the rows of a window that fires again: the parts of the operator's key, and the window.</summary>
internal static class WindowKey
{
    private const string Key = "Key";

    /// <summary>The bounds of windows that differ in each of them.</summary>
    public static EquatableArray<string> Bounds { get; } = new(["Start", "End", "StartMicros", "EndMicros"]);

    /// <summary>The bounds of windows that only their ends tell apart.</summary>
    public static EquatableArray<string> Ends { get; } = new(["End", "EndMicros"]);

    /// <summary>The bounds of windows whose ends are not final.</summary>
    public static EquatableArray<string> Starts { get; } = new(["Start", "StartMicros"]);

    /// <param name="fired">The origins of the row that the fire method returns; null if unknown.</param>
    /// <param name="members">The members of the operator's key. If there are several, each is a part.</param>
    /// <param name="identifying">The bounds of which each identifies a window.</param>
    /// <param name="spacing">The number of microseconds of which all bounds are multiples.</param>
    public static EquatableArray<KeyPart> Of(
        RowOrigins? fired,
        EquatableArray<KeyMember> members,
        EquatableArray<string> identifying,
        long spacing)
    {
        List<EquatableArray<string>> keys = members.Count < 2
            ? [new([Key])]
            : [.. Enumerable.Range(1, members.Count).Select(static item => new EquatableArray<string>([PartOf(item), Key]))];
        IReadOnlyCollection<string> all = [.. keys.SelectMany(static key => key), .. Bounds];
        return keys.Select((key, item) => Part("key", key, 0, members.Count > item && members[item].IsNullable))
            .Append(Part("window", identifying, spacing, canBeNull: false))
            .ToEquatableArray();

        KeyPart Part(string name, EquatableArray<string> reads, long step, bool canBeNull) => fired == null
            ? new(
                name,
                EquatableArray<string>.Empty,
                EquatableArray<string>.Empty,
                EquatableArray<IdentifyingMember>.Empty)
            { CanBeNull = canBeNull }
            : new(name, fired.CarriersOf(reads), fired.MadeOf(reads, all), fired.IdentifiersOf(
                reads.Select(read => new IdentifyingMember(read, step, canBeNull)).ToEquatableArray(),
                all))
            { IsLeftOut = fired.CarriersOf(reads).Count == 0, CanBeNull = canBeNull };
    }

    /// <summary>The name of a part of the key in the origins of a row.</summary>
    /// <param name="item">The number of the part, from 1.</param>
    public static string PartOf(int item) => $"{Key}.Item{item}";
}
