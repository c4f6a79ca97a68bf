using System.Globalization;

namespace Penstock.Benchmarks.Kafka;

/// <summary>The expected contents of the topics, computed without Penstock from the lines in each partition.</summary>
internal static class TortureOracle
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromHours(4);

    /// <summary>The partition of a flight. Any function will do, because both the harness and the oracle use it.</summary>
    public static int PartitionOf(string line, int partitions) => line.Split(',')[3].Sum(static letter => letter) % partitions;

    /// <summary>
    /// The sorted rows of the windows. A row is late if its hour ended before the newest earlier row of its partition, minus the delay.
    /// </summary>
    public static string[] Hours(IEnumerable<string> lines, int partitions)
    {
        var groups = new Dictionary<(string Origin, DateTime Hour), (int Flights, long Sum, int Max)>();
        var newest = new DateTime[partitions];
        foreach (var line in lines)
        {
            var fields = line.Split(',');
            var partition = PartitionOf(line, partitions);
            var time = DateTime.ParseExact(fields[0], "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
            var hour = time.Date.AddHours(time.Hour);
            if (newest[partition] == default || hour.AddHours(1) > newest[partition] - MaxDelay)
            {
                var delay = int.Parse(fields[1], CultureInfo.InvariantCulture);
                groups[(fields[3], hour)] = groups.TryGetValue((fields[3], hour), out var group)
                    ? (group.Flights + 1, group.Sum + delay, Math.Max(group.Max, delay))
                    : (1, delay, delay);
            }

            newest[partition] = time > newest[partition] ? time : newest[partition];
        }

        return
        [
            .. groups
                .Select(static group => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{group.Key.Origin},{group.Key.Hour:yyyy-MM-ddTHH:mm:ss}Z,{group.Value.Flights},{group.Value.Sum},{group.Value.Max}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The running counts: for each airport all numbers from 1, in order.</summary>
    public static Dictionary<string, int> Counts(IEnumerable<string> lines) =>
        lines.CountBy(static line => line.Split(',')[3]).ToDictionary(static count => count.Key, static count => count.Value);
}
