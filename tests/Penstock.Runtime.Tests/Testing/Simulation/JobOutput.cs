using System.IO.Compression;
using System.Text;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>The output of a simulated job, and its differences from the expected output.</summary>
internal static class JobOutput
{
    /// <summary>The lines of a CSV output without the headers.</summary>
    public static IEnumerable<string> Lines(SimulatedFiles files, string name) =>
        Parts(files, name).SelectMany(static part => part.Skip(1));

    /// <summary>The lines of an output without headers.</summary>
    public static IEnumerable<string> Rows(SimulatedFiles files, string name) => Parts(files, name).SelectMany(static part => part);

    /// <summary>
    /// The remaining rows after changes are applied one after the other. A change is the row kind, followed by the row, whose first two
    /// fields are the key.
    /// </summary>
    public static IEnumerable<string> Applied(IEnumerable<string> changes)
    {
        var rows = new Dictionary<string, string>();
        foreach (var change in changes)
        {
            var fields = change.Split(',');
            var key = $"{fields[1]},{fields[2]}";
            if (fields[0] == "d")
            {
                rows.Remove(key);
            }
            else
            {
                rows[key] = change[2..];
            }
        }

        return rows.Values;
    }

    /// <summary>The files and lines of bad rows.</summary>
    public static IEnumerable<string> Bad(SimulatedFiles files) =>
        Lines(files, "bad").Select(static line => string.Join(',', line.Split(',').Take(2)));

    /// <summary>Returns the files that should have been deleted; null if there are none.</summary>
    /// <param name="files">The files.</param>
    /// <param name="mayLinger">Whether a lingering node may have left files that the next start deletes.</param>
    public static string? Temporary(SimulatedFiles files, bool mayLinger = false) => Differ(
        "temporary files", [], files.Files.Where(path => path.EndsWith(".tmp", StringComparison.Ordinal)
            // A savepoint that was cancelled leaves partial files, as its error says.
            && !path.StartsWith("/savepoints/", StringComparison.Ordinal)
            && !(mayLinger && Path.GetFileName(path).StartsWith("..", StringComparison.Ordinal))));

    /// <summary>Returns the difference between two sets of lines, in any order; null if there is none.</summary>
    public static string? Differ(string what, IEnumerable<string> expected, IEnumerable<string> found)
    {
        var left = expected.Order(StringComparer.Ordinal).ToList();
        var right = found.Order(StringComparer.Ordinal).ToList();
        if (left.SequenceEqual(right))
        {
            return null;
        }

        var missing = left.GroupBy(static line => line)
            .Where(line => line.Count() > right.Count(other => other == line.Key))
            .Select(static line => line.Key)
            .ToList();
        var extra = right.GroupBy(static line => line)
            .Where(line => line.Count() > left.Count(other => other == line.Key))
            .Select(static line => line.Key)
            .ToList();
        return $"{what}: {missing.Count} missing ({string.Join(" | ", missing.Take(3))}), {extra.Count} too many ({string.Join(" | ", extra.Take(3))})";
    }

    private static IEnumerable<string[]> Parts(SimulatedFiles files, string name) => files.Files
        .Where(path => path.StartsWith($"/out/{name}-", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => Text(files.ReadAllBytes(path), path).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static string Text(byte[] bytes, string path)
    {
        using var stream = new MemoryStream(bytes);
        using var reader = new StreamReader(
            path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream,
            Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
