using System.Globalization;
using System.Text;

namespace Penstock.Runtime.Tests.Sorting;

/// <summary>Trades as text, and what becomes of them by a plain loop over the text.</summary>
internal static class TradeOracle
{
    private const long MaxDelay = 4_000;

    /// <summary>Lines of splits that are far apart in time, each out of order, with many equal times.</summary>
    public static List<List<string>> Lines(Random random, int splits, int rows)
    {
        var id = 0;
        return [.. Enumerable.Range(0, splits).Select(_ =>
        {
            var time = 1_700_000_000_000L + 1000 * random.Next(90);
            return Enumerable.Range(0, rows).Select(_ =>
            {
                time += random.Next(25) == 0 ? random.Next(30_000) : random.Next(900);
                var disorder = random.Next(6) == 0 ? random.Next(9_000) : random.Next((int)MaxDelay);
                var unit = random.Next(2) == 0 ? 1000 : 1;
                var at = DateTimeOffset.FromUnixTimeMilliseconds((time - disorder) / unit * unit);
                var note = random.Next(3) == 0 ? "" : $"note{random.Next(100)}";
                return string.Create(CultureInfo.InvariantCulture, $"{id++},S{random.Next(5)},{note},{at:O}");
            }).ToList();
        })];
    }

    public static string Csv(IEnumerable<string> lines) =>
        lines.Aggregate(new StringBuilder("id,symbol,note,at\n"), static (text, line) => text.Append(line).Append('\n')).ToString();

    /// <summary>The ids of rows that are late, and the lines of the others, for each split.</summary>
    public static (List<List<string>> InTime, List<int> Late) Split(IEnumerable<List<string>> splits)
    {
        var late = new List<int>();
        return ([.. splits.Select(lines =>
        {
            var watermark = long.MinValue;
            var inTime = new List<string>();
            foreach (var line in lines)
            {
                var time = TimeOf(line);
                if (time < watermark)
                {
                    late.Add(IdOf(line));
                }
                else
                {
                    inTime.Add(line);
                }

                watermark = Math.Max(watermark, time - MaxDelay);
            }

            return inTime;
        })], [.. late.Order()]);
    }

    public static int IdOf(string line) => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture);

    public static string SymbolOf(string line) => line.Split(',')[1];

    public static long TimeOf(string line) =>
        DateTimeOffset.Parse(line.Split(',')[3], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>A trade as a line.</summary>
    public static string LineOf(Trade trade) =>
        string.Create(CultureInfo.InvariantCulture, $"{trade.Id},{trade.Symbol},{trade.Note},{trade.At:O}");
}
