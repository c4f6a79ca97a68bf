using System.Globalization;
using System.IO.Compression;

namespace FlightDelays.Tests;

/// <summary>A folder for one test, which contains the output of the sample.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace() => Folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    public static string Excerpt { get; } = Path.Combine(AppContext.BaseDirectory, "flights-sample.csv");

    public string Folder { get; }

    public string Output => Path.Combine(Folder, "out");

    public string Checkpoints => Path.Combine(Folder, "checkpoints");

    /// <summary>Returns the sorted rows of all visible part files of a folder, and checks their headers.</summary>
    public string[] Rows(string folder, string header)
    {
        var rows = new List<string>();
        foreach (var part in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csv*") : [])
        {
            if (Path.GetFileName(part).StartsWith('.'))
            {
                continue;
            }

            var lines = Lines(part);
            Assert.Equal(header, lines[0]);
            rows.AddRange(lines.Skip(1));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    // GZipStream does not report a truncated part; its rows are then missing in the comparison.
    private static List<string> Lines(string part)
    {
        using Stream file = File.OpenRead(part);
        using var reader = new StreamReader(part.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>
    /// Returns the names of the visible part files with rows of checkpoints after a given one. A name begins with the sink, and has the
    /// checkpoint in front of the number of the part.
    /// </summary>
    public string[] PartsAfter(long checkpoint) =>
    [
        .. Directory.GetFiles(Folder, "*-*.csv*", SearchOption.AllDirectories)
            .Where(part => Path.GetFileName(part)[0] != '.'
                && long.Parse(Path.GetFileName(part).Split('-')[^3], CultureInfo.InvariantCulture) > checkpoint)
            .Where(static part => Lines(part).Count > 1)
            .Order(StringComparer.Ordinal),
    ];

    public string[] Delays() => Rows(Output, "origin,windowStart,flights,delaySum,delayMax");

    public string[] Late() => Rows(Path.Combine(Output, "late"), "scheduled,delay,distance,origin,destination");

    public void AssertAnswer(Oracle.Answer expected)
    {
        Assert.Equal(expected.Delays, Delays());
        Assert.Equal(expected.Late, Late());
        Assert.Empty(Directory.GetFiles(Output, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
