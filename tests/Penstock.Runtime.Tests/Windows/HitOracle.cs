using System.Globalization;
using System.Text;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>Windows that overlap, as a plain loop over all windows of each row.</summary>
/// <param name="isCumulative">Whether windows start together; otherwise they have the same length.</param>
/// <param name="size">The length of the longest window, in seconds.</param>
/// <param name="step">The distance between the ends of two windows.</param>
/// <param name="offset">The offset of the bounds.</param>
/// <param name="lateness">The allowed lateness.</param>
internal sealed class HitOracle(bool isCumulative, int size, int step, int offset, int lateness)
{
    public static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    public const int MaxDelay = 4;

    public static HitOracle Sliding { get; } = new(isCumulative: false, 20, 2, 1, 0);

    public static HitOracle Patient { get; } = new(isCumulative: false, 12, 3, 0, 7);

    public static HitOracle Growing { get; } = new(isCumulative: true, 24, 4, 6, 0);

    public static HitOracle PatientGrowing { get; } = new(isCumulative: true, 24, 4, 0, 5);

    /// <summary>The last results of all windows, in the order of their text.</summary>
    public IEnumerable<string> Results(IEnumerable<List<Hit>> splits) => splits
        .SelectMany(static split => WithTime(split))
        .SelectMany(row => Ends(row.Hit, row.Watermark).Select(end => (row.Hit, End: end)))
        .GroupBy(static row => (row.Hit.Page, row.End))
        .Select(window => new Hits(
            window.Key.Page,
            Epoch.AddSeconds(StartOf(window.Key.End)),
            Epoch.AddSeconds(window.Key.End),
            window.Count(),
            string.Concat(window
                .Select(row => (row.Hit.At, Part: HitParts.Of(row.Hit.At, offset, step)))
                .OrderBy(static row => row.At)
                .Select(static row => row.Part)
                .Distinct())).ToString())
        .Order(StringComparer.Ordinal);

    /// <summary>The rows that are late for all of their windows.</summary>
    public IEnumerable<int> Late(IEnumerable<List<Hit>> splits) => splits
        .SelectMany(static split => WithTime(split))
        .Where(row => !Ends(row.Hit, row.Watermark).Any())
        .Select(static row => row.Hit.Id)
        .Order();

    /// <summary>Rows of splits that are far apart in time, each out of order, with gaps.</summary>
    public static List<List<Hit>> Rows(Random random, int splits, int rows)
    {
        var id = 0;
        return [.. Enumerable.Range(0, splits).Select(_ =>
        {
            var second = random.Next(60);
            return Enumerable.Range(0, rows).Select(_ =>
            {
                second += random.Next(40) == 0 ? random.Next(60) : random.Next(2);
                var disorder = random.Next(6) == 0 ? random.Next(30) : random.Next(4);
                var at = Epoch.AddSeconds(1_700_000_000 + second - disorder).AddMilliseconds(random.Next(1000));
                return new Hit(id++, "page" + random.Next(3), at);
            }).ToList();
        })];
    }

    public static string Csv(IEnumerable<Hit> rows) => rows.Aggregate(
        new StringBuilder("id,page,at\n"),
        static (text, row) => text.Append(CultureInfo.InvariantCulture, $"{row.Id},{row.Page},{row.At:O}\n")).ToString();

    private IEnumerable<long> Ends(Hit hit, double watermark)
    {
        var second = (hit.At - Epoch).TotalSeconds;
        var slice = (long)Math.Floor((second - offset) / step) * step + offset;
        for (var end = slice + step; StartOf(end) <= second; end += step)
        {
            if (end + lateness > watermark)
            {
                yield return end;
            }
        }
    }

    private long StartOf(long end) =>
        isCumulative ? (long)Math.Floor((end - step - offset) / (double)size) * size + offset : end - size;

    // The largest time of the earlier rows, minus the delay.
    private static IEnumerable<(Hit Hit, double Watermark)> WithTime(List<Hit> split)
    {
        var watermark = double.MinValue;
        foreach (var hit in split)
        {
            yield return (hit, watermark);
            watermark = Math.Max(watermark, (hit.At - Epoch).TotalSeconds - MaxDelay);
        }
    }
}
