using System.Text.RegularExpressions;

namespace Penstock.Generator.Plan;

/// <summary>Whether a column writes all of a member of a key. A format or a unit may cut it off, so that rows of two keys would be those of one.</summary>
internal static class KeyText
{
    private const long Minute = 60 * Durations.Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary>The changelog of a stream as rows in text show it.</summary>
    public static ChangelogModel Seen(ChangelogModel changelog, RowModel rows) =>
        changelog.Where(member => rows.Columns.FirstOrDefault(column => column.Member == member.Name) is { } column && IsWhole(column, member.Step));

    /// <param name="column">The column.</param>
    /// <param name="step">By what, in microseconds, any two values are multiples apart; 0 where that is not known.</param>
    public static bool IsWhole(ColumnModel column, long step) => column switch
    {
        { Kind: ColumnKind.Tree } => false,
        { Metadata: "timestamp", Kind: ColumnKind.DateTime or ColumnKind.DateTimeOffset } => IsMultiple(step, Durations.Second / 1_000),
        { Unit: { } unit } => unit switch
        {
            "Seconds" => IsMultiple(step, Durations.Second),
            "Milliseconds" => IsMultiple(step, Durations.Second / 1_000),
            "Microseconds" => IsMultiple(step, 1),
            "Nanoseconds" => true,
            _ => throw new InvalidOperationException($"A unit of times is not known: {unit}."),
        },
        { Format: null } => true,
        { Format: "O" or "o" } => true,
        { Format: "c", Kind: ColumnKind.TimeSpan } => true,
        { Format: "s" or "u", Kind: ColumnKind.DateTime or ColumnKind.DateTimeOffset } => IsMultiple(step, Durations.Second),
        { Format: { Length: > 1 } format, Kind: ColumnKind.DateTime or ColumnKind.DateTimeOffset } => step > 0 && HasAll(format, step),
        { Format: { Length: > 1 } format, Kind: ColumnKind.DateOnly } => HasAll(format, Day),
        _ => false,
    };

    private static bool IsMultiple(long step, long unit) => step > 0 && step % unit == 0;

    // The year in four digits, the number of the day and not its name, and each part of a date and time that differs; twelve hours are not told apart without the half of the day.
    private static bool HasAll(string format, long step)
    {
        var numbers = Regex.Replace(format, "d{3,}", "").Replace("yyyy", "y\u0001");
        return IsMultiple(step, Durations.Second) && Has("\u0001") && Has("M") && Has("d")
            && (step % Day == 0 || Has("H") || Has("h") && Has("t"))
            && (step % Hour == 0 || Has("m"))
            && (step % Minute == 0 || Has("s"));

        bool Has(string letter) => TimeFormat.HasAny(numbers, letter);
    }
}
