using System.Globalization;
using System.Text;

namespace FlightDelays.Tests;

/// <summary>
/// The output of the sample, computed without Penstock by plain loops over lines. It implements the rules of the documentation (where a
/// file is divided, when a row is late) and uses none of the code.
/// </summary>
internal static class Oracle
{
    public sealed record Answer(string[] Delays, string[] Late, long Rows);

    public static Answer Of(string csv, TimeSpan maxDelay, long splitSize = long.MaxValue)
    {
        var groups = new Dictionary<(string Origin, DateTime Hour), (int Flights, long Sum, int Max)>();
        var late = new List<string>();
        var rows = 0L;
        foreach (var split in Split(csv, splitSize))
        {
            var newest = DateTime.MinValue;
            foreach (var line in split)
            {
                rows++;
                var fields = line.Split(',');
                var time = DateTime.ParseExact(fields[0], "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
                var hour = new DateTime(time.Year, time.Month, time.Day, time.Hour, 0, 0);
                if (newest != DateTime.MinValue && hour.AddHours(1) <= newest - maxDelay)
                {
                    late.Add(line);
                }
                else
                {
                    var delay = int.Parse(fields[1], CultureInfo.InvariantCulture);
                    groups[(fields[3], hour)] = groups.TryGetValue((fields[3], hour), out var group)
                        ? (group.Flights + 1, group.Sum + delay, Math.Max(group.Max, delay))
                        : (1, delay, delay);
                }

                newest = time > newest ? time : newest;
            }
        }

        var delays = groups.Select(group => string.Create(
            CultureInfo.InvariantCulture,
            $"{group.Key.Origin},{group.Key.Hour:yyyy-MM-ddTHH:mm:ss}Z,{group.Value.Flights},{group.Value.Sum},{group.Value.Max}"));
        return new Answer([.. delays.Order(StringComparer.Ordinal)], [.. late.Order(StringComparer.Ordinal)], rows);
    }

    private static IEnumerable<IReadOnlyList<string>> Split(string csv, long splitSize)
    {
        // The data is ASCII without quotes: characters are bytes, and every line break ends a row.
        var text = File.ReadAllText(csv, Encoding.ASCII);
        var count = (text.Length + splitSize - 1) / splitSize;
        var lines = new List<string>[Math.Max(1, count)];
        for (var index = 0; index < lines.Length; index++)
        {
            lines[index] = [];
        }

        var at = text.IndexOf('\n') + 1;
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            lines[RangeOf(at, text.Length, lines.Length)].Add(text[at..end].TrimEnd('\r'));
            at = end + 1;
        }

        return lines;
    }

    // The last range whose nominal start is at or before the row.
    private static int RangeOf(long at, long length, int ranges)
    {
        var range = 0;
        while (range + 1 < ranges && length * (range + 1) / ranges <= at)
        {
            range++;
        }

        return range;
    }
}
