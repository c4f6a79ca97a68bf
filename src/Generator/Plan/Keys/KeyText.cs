using Penstock.Generator.Shared;

namespace Penstock.Generator.Plan;

/// <summary>
/// Finds out whether a column writes the full value of a key member. A format or a unit may truncate it, so that two keys would be written
/// alike.
/// </summary>
internal static class KeyText
{
    private const string CutOff = "is truncated when it is written, so choose a Format or Unit that keeps all of it";

    // In ticks of 100 ns.
    private const long Second = 10 * Durations.Second;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private const int FinestDigits = 7;

    /// <summary>The changelog of a stream as a reader of its written rows sees it.</summary>
    public static ChangelogModel Seen(ChangelogModel changelog, RowModel rows) =>
        changelog.Where(member => rows.Columns.FirstOrDefault(column => column.Member == member.Name) is { } column
            && IsWhole(column, member));

    /// <summary>Whether a column writes the full value of a member.</summary>
    public static bool IsWhole(ColumnModel column, IdentifyingMember member) => FindProblem(column, member) == null;

    /// <summary>
    /// What is wrong with the way in which a column writes a member, and how to fix it; null if it writes the full value.
    /// </summary>
    public static string? FindProblem(ColumnModel column, IdentifyingMember member) =>
        column.Kind == ColumnKind.Tree ? "holds more than one value, which readers cannot compare, so use a member for each part"
        : member.CanBeNull && !column.Nullable ? "may be null, which is written like an empty string, so declare it as nullable"
        : column is { Metadata: "timestamp", Kind: ColumnKind.DateTime or ColumnKind.DateTimeOffset } ? (IsMultiple(
            member.Step,
            Durations.Second / 1_000) ? null : CutOff)
        : column.Unit is { } unit ? (HasAll(unit, member.Step) ? null : CutOff)
        : column.Format is not { Length: > 0 } format || format is "O" or "o" ? null
        : FindProblem(format, column.Kind, member.Step * 10);

    private static bool IsMultiple(long step, long unit) => step > 0 && step % unit == 0;

    private static bool HasAll(string unit, long step) => unit switch
    {
        "Seconds" => IsMultiple(step, Durations.Second),
        "Milliseconds" => IsMultiple(step, Durations.Second / 1_000),
        "Microseconds" => IsMultiple(step, 1),
        "Nanoseconds" => true,
        _ => throw new InvalidOperationException($"Unknown unit of time: {unit}."),
    };

    /// <param name="step">Any two values differ by a multiple of this number of ticks; 0 if unknown.</param>
    private static string? FindProblem(string format, ColumnKind kind, long step)
    {
        // Each standard format of a duration writes the full value. Custom formats omit the sign.
        if (kind == ColumnKind.TimeSpan)
        {
            return format.Length == 1 ? null : CutOff;
        }

        var fields = TimeField.In(format, kind);

        // Without the full offset, one local time stands for several timestamps. The bounds of windows are in UTC, so they need none.
        var hasOffset = fields.Exists(static field => field.Letter == 'z');
        return hasOffset
            && step == 0
            && kind == ColumnKind.DateTimeOffset
            && !fields.Exists(static field => field is { Letter: 'K' } or { Letter: 'z', Count: >= 3 }) ? CutOff
            : !HasAll(fields, kind, step) ? CutOff
            : !HasAll(
                TextPiece.Bounded(fields),
                kind,
                step) ? "has fields in its Format that run together, so that several times give the same string, so separate them or write each letter twice"
            : null;
    }

    // The format must have the full year, the day as a number, and each part of date and time that can differ. A 12-hour clock also needs
    // AM or PM.
    private static bool HasAll(List<TimeField> fields, ColumnKind kind, long step)
    {
        var unit = kind == ColumnKind.DateOnly ? Day : Math.Max(step, 1);
        return (kind == ColumnKind.TimeOnly || Has('y', 3, int.MaxValue) && Has('M', 1, int.MaxValue) && Has('d', 1, 2))
            && (unit % Day == 0 || Has('H') || Has('h') && Has('t'))
            && (unit % Hour == 0 || Has('m'))
            && (unit % Minute == 0 || Has('s'))
            && (unit % Second == 0 || fields.Exists(field => field.Letter is 'f' or 'F' && IsMultiple(unit, UnitOf(field.Count))));

        bool Has(char letter, int least = 1, int most = int.MaxValue) =>
            fields.Exists(field => field.Letter == letter && field.Count >= least && field.Count <= most);
    }

    private static long UnitOf(int digits)
    {
        var unit = Second;
        for (var i = 0; i < Math.Min(digits, FinestDigits); i++)
        {
            unit /= 10;
        }

        return unit;
    }
}
