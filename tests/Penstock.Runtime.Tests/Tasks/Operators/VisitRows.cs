using System.Globalization;
using System.Text;

namespace Penstock.Runtime.Tests.Tasks.Operators;

/// <summary>Random visits with few keys, some of which are null, as text; and the time by which state expires.</summary>
internal static class VisitRows
{
    public const long Second = 1_000_000;

    // The MaxDelay of the pipelines.
    private const long Delay = 2 * Second;

    /// <summary>At the beginning of event time, before, across and after the instant 0.</summary>
    public static long[] Origins { get; } =
        [EventTimes.From(new DateTimeOffset(2, 1, 2, 0, 0, 0, TimeSpan.Zero)), -1000 * Second, -40 * Second, 1_700_000_000 * Second];

    /// <summary>Visits mostly in order, some of them late by more than the delay, with pauses and with equal times.</summary>
    public static Visit[] Of(Random random, int count, long origin)
    {
        var now = origin + (20 * Second);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            now += random.Next(40) == 0 ? 30 * Second : random.Next(3) * (Second / 2);
            var at = random.Next(6) == 0 ? now - (random.Next(19) * (Second / 2)) : now;
            string? user = random.Next(9) == 0 ? null : $"u{random.Next(12)}";
            int? site = random.Next(9) == 0 ? null : random.Next(5);
            return new Visit(user, site, at, number);
        })];
    }

    public static string Csv(ReadOnlySpan<Visit> visits)
    {
        var text = new StringBuilder("user,site,at,number\n");
        foreach (var visit in visits)
        {
            text.Append(CultureInfo.InvariantCulture, $"{visit.User},{visit.Site},{visit.At},{visit.Number}\n");
        }

        return text.ToString();
    }

    /// <summary>The time at which a row sees state: that of the row, or the watermark in front of it if the row is late.</summary>
    /// <param name="visit">The row.</param>
    /// <param name="newest">The newest time so far; <see cref="long.MinValue"/> at the beginning.</param>
    /// <param name="ttl">The time to live, an eighth of which is a step of the watermark.</param>
    public static long Now(Visit visit, ref long newest, long ttl)
    {
        var now = newest == long.MinValue ? visit.At : Math.Max(visit.At, Floor(newest - Delay));
        newest = Math.Max(newest, visit.At);
        return now;

        long Floor(long time) => time - (((time % (ttl / 8)) + (ttl / 8)) % (ttl / 8));
    }
}
