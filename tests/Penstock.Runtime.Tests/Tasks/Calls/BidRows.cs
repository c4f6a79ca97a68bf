using System.Globalization;
using System.Text;

namespace Penstock.Runtime.Tests.Tasks.Calls;

/// <summary>Random bids as text, and what the pipelines should make of the text.</summary>
internal static class BidRows
{
    public const long Second = 1_000_000;
    public const string Header = "item,at,number\n";

    private const long Start = 1_700_000_000 * Second;
    private const long Delay = 2 * Second;
    private const long Window = 10 * Second;

    /// <summary>Bids mostly in order, some of them late, as lines of CSV.</summary>
    public static string[] Lines(Random random, int count)
    {
        var now = Start;
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            now += random.Next(12) == 0 ? 7 * Second : random.Next(3) * (Second / 2);
            var at = random.Next(6) == 0 ? now - (random.Next(30) * (Second / 2)) : now;
            return string.Create(CultureInfo.InvariantCulture, $"i{random.Next(4)},{at},{number}");
        })];
    }

    /// <summary>A line at a second.</summary>
    public static string Line(int number, double second, string item = "a") =>
        string.Create(CultureInfo.InvariantCulture, $"{item},{Start + (long)(second * Second)},{number}");

    public static string Csv(IEnumerable<string> lines)
    {
        var text = new StringBuilder(Header);
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The prices, sums and late prices of one split, each as sorted text.</summary>
    public static (string[] Prices, string[] Sums, string[] Late) Expect(IEnumerable<string> lines)
    {
        var (prices, late) = (new List<string>(), new List<string>());
        var sums = new Dictionary<(string Item, long Start), (int Bids, int Sum)>();
        var newest = long.MinValue;
        foreach (var line in lines)
        {
            var fields = line.Split(',');
            var (at, number) = (long.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
            var price = string.Create(CultureInfo.InvariantCulture, $"{line},{(number * 7) + 1}");
            prices.Add(price);
            var start = at - (at % Window);
            if (newest != long.MinValue && start + Window <= newest - Delay)
            {
                late.Add(price);
            }
            else
            {
                var (bids, sum) = sums.GetValueOrDefault((fields[0], start));
                sums[(fields[0], start)] = (bids + 1, sum + (number * 7) + 1);
            }

            newest = Math.Max(newest, at);
        }

        return (
            Sorted(prices),
            Sorted(sums.Select(static sum => string.Create(
                CultureInfo.InvariantCulture,
                $"{sum.Key.Item},{sum.Key.Start},{sum.Value.Bids},{sum.Value.Sum}"))),
            Sorted(late));
    }

    public static string[] Texts(IEnumerable<Price> prices) => Sorted(prices.Select(static price =>
        string.Create(CultureInfo.InvariantCulture, $"{price.Item},{price.At},{price.Number},{price.Value}")));

    public static string[] Texts(IEnumerable<ItemSum> sums) => Sorted(sums.Select(static sum =>
        string.Create(CultureInfo.InvariantCulture, $"{sum.Item},{sum.Start},{sum.Bids},{sum.Sum}")));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];
}
