using System.Globalization;
using System.Text;

namespace Penstock.Benchmarks;

/// <summary>
/// The flights that benchmarks read: the plain CSV file at <c>PENSTOCK_FLIGHTS</c>, or else the excerpt of the sample, repeated a hundred
/// times, each time two days later.
/// </summary>
internal static class FlightsFile
{
    private const int Repeats = 100;
    private const int DaysInExcerpt = 2;

    private static readonly Lazy<string> File = new(() => Environment.GetEnvironmentVariable("PENSTOCK_FLIGHTS") ?? Synthesize());

    public static string CsvPath => File.Value;

    /// <summary>The same rows as JSON Lines.</summary>
    public static byte[] ToJsonLines(byte[] csv)
    {
        var text = new StringBuilder(csv.Length * 3);
        foreach (var line in Encoding.ASCII.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var fields = line.Split(',');
            text.Append(
                CultureInfo.InvariantCulture,
                $"{{\"scheduled\":\"{fields[0]}\",\"delay\":{fields[1]},\"distance\":{fields[2]},\"origin\":\"{fields[3]}\",\"destination\":\"{fields[4]}\"}}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static string Synthesize()
    {
        var path = Path.Combine(Path.GetTempPath(), "penstock-benchmark-flights.csv");
        var lines = System.IO.File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "flights-sample.csv"));
        using var file = new StreamWriter(path, append: false, Encoding.ASCII) { NewLine = "\n" };
        file.WriteLine(lines[0]);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            foreach (var line in lines.Skip(1))
            {
                var time = DateTime
                    .ParseExact(line.AsSpan(0, 16), "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)
                    .AddDays(repeat * DaysInExcerpt);
                file.WriteLine(time.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture) + line[16..]);
            }
        }

        return path;
    }
}
