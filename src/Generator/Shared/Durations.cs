using System.Globalization;

namespace Penstock.Generator.Shared;

/// <summary>Parses durations such as <c>"500ms"</c>, <c>"1h30m"</c>, <c>"7d"</c>, <c>"00:10:00"</c> and <c>"0"</c>.</summary>
internal static class Durations
{
    public const long Second = 1_000_000;

    private static readonly (string Unit, long Micros)[] Units =
    [
        ("ms", 1_000),
        ("us", 1),
        ("s", Second),
        ("m", 60 * Second),
        ("h", 3_600 * Second),
        ("d", 86_400 * Second),
    ];

    /// <summary>
    /// Parses a duration to microseconds. A leading minus is accepted, so that the range is reported instead of the form.
    /// </summary>
    public static bool TryParse(string? text, out long micros)
    {
        micros = 0;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var rest = text!.Trim();
        if (rest == "0")
        {
            // Zero needs no unit.
            return true;
        }

        if (rest.IndexOf(':') >= 0)
        {
            var parsed = TimeSpan.TryParse(rest, CultureInfo.InvariantCulture, out var span);
            micros = span.Ticks / 10;
            return parsed;
        }

        var negative = rest[0] == '-';
        if (!TryParseParts(negative ? rest.Substring(1) : rest, out micros))
        {
            return false;
        }

        micros = negative ? -micros : micros;
        return true;
    }

    /// <summary>The shortest string that <see cref="TryParse"/> accepts, for messages and names.</summary>
    public static string Format(long micros)
    {
        foreach (var (unit, size) in Units.OrderByDescending(static unit => unit.Micros))
        {
            if (micros != 0 && micros % size == 0)
            {
                return (micros / size).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return "0s";
    }

    private static bool TryParseParts(string text, out long micros)
    {
        micros = 0;
        var at = 0;
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && text[at] is >= '0' and <= '9')
            {
                at++;
            }

            if (!long.TryParse(text.Substring(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || Array.FindIndex(Units, unit => string.CompareOrdinal(text, at, unit.Unit, 0, unit.Unit.Length) == 0) is var found
                && found < 0)
            {
                return false;
            }

            at += Units[found].Unit.Length;
            if (number > (long.MaxValue - micros) / Units[found].Micros)
            {
                return false;
            }

            micros += number * Units[found].Micros;
        }

        return text.Length > 0;
    }
}
