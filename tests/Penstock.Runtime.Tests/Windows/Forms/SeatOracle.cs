using System.Globalization;

namespace Penstock.Runtime.Tests.Windows.Forms;

/// <summary>The results of windows over keys with several forms, as a plain loop over the rows.</summary>
/// <param name="isCumulative">Whether windows start together; otherwise they have the same length.</param>
/// <param name="size">The length of the longest window, in seconds.</param>
/// <param name="step">The distance between the ends of two windows.</param>
/// <param name="lateness">The allowed lateness.</param>
internal sealed class SeatOracle(bool isCumulative, int size, int step, int lateness)
{
    private const int MaxDelay = 1;

    public static SeatOracle Tumbling { get; } = new(isCumulative: false, 10, 10, 15);

    public static SeatOracle Sliding { get; } = new(isCumulative: false, 12, 3, 7);

    public static SeatOracle Once { get; } = new(isCumulative: false, 12, 3, 0);

    public static SeatOracle Growing { get; } = new(isCumulative: true, 12, 4, 9);

    /// <summary>Rows out of order, with few keys in many forms.</summary>
    public static List<Seat> Rows(Random random, int count)
    {
        var departs = new DateTimeOffset(2026, 1, 2, 9, 0, 0, TimeSpan.Zero);
        decimal[] fares = [1m, 1.0m, 1.000m, 2m, 2.00m];
        var second = 0;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            second += random.Next(12) == 0 ? random.Next(20) : random.Next(2);
            var disorder = random.Next(3) == 0 ? random.Next(20) : random.Next(3);
            return new Seat(
                departs.AddDays(random.Next(2)).ToOffset(TimeSpan.FromHours(random.Next(-2, 3))),
                fares[random.Next(fares.Length)],
                DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000 + second - disorder));
        })];
    }

    public static string Csv(IEnumerable<Seat> rows) => "departs,fare,at\n" + string.Concat(rows.Select(static row =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Departs:O},{row.Fare},{row.At:O}\n")));

    /// <summary>The last results, as text.</summary>
    public IEnumerable<string> Results(IEnumerable<Seat> rows)
    {
        var counts = new Dictionary<(DateTimeOffset Departs, decimal Fare, long End), int>();
        var forms = new Dictionary<(DateTimeOffset Departs, decimal Fare), SortedDictionary<long, Seat>>();
        var watermark = long.MinValue;
        foreach (var row in rows)
        {
            var slice = row.At.ToUnixTimeSeconds() / step * step;
            var ends = Ends(slice).Where(end => end + lateness > watermark).ToList();
            ends.ForEach(end => counts[(row.Departs, row.Fare, end)] = counts.GetValueOrDefault((row.Departs, row.Fare, end)) + 1);
            if (ends.Count > 0)
            {
                if (!forms.TryGetValue((row.Departs, row.Fare), out var known))
                {
                    forms.Add((row.Departs, row.Fare), known = []);
                }

                // The first row of a slice gives it its form, unless a window already shows that of a later slice.
                var later = known.Where(other => other.Key > slice && other.Key < Ends(slice).Max())
                    .Select(static other => (Seat?)other.Value);
                known.TryAdd(slice, later.FirstOrDefault() ?? row);
            }

            watermark = Math.Max(watermark, row.At.ToUnixTimeSeconds() - MaxDelay);
        }

        return counts.Select(result =>
        {
            var start = StartOf(result.Key.End);
            var form = forms[(result.Key.Departs, result.Key.Fare)].First(slice => slice.Key >= start).Value;
            return Text(new Seats(
                form.Departs,
                form.Fare,
                DateTimeOffset.FromUnixTimeSeconds(start),
                DateTimeOffset.FromUnixTimeSeconds(result.Key.End),
                result.Value));
        });
    }

    /// <summary>The columns of a result, as a consumer of text sees them.</summary>
    public static string Text(Seats seats) => $"{KeyText(seats)} {seats.Count}";

    public static string KeyText(Seats seats) =>
        string.Create(CultureInfo.InvariantCulture, $"{seats.Departs:O} {seats.Fare} {seats.Start:T} {seats.End:T}");

    private IEnumerable<long> Ends(long slice)
    {
        for (var end = slice + step; StartOf(end) <= slice; end += step)
        {
            yield return end;
        }
    }

    private long StartOf(long end) => isCumulative ? (end - step) / size * size : end - size;
}
