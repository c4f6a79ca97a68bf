using Penstock.Connectors;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>The result of reading a file.</summary>
/// <param name="Rows">The rows as text, in which NaN equals itself.</param>
/// <param name="Bad">The bad rows.</param>
/// <param name="Error">The error that users would see; empty if there is none.</param>
internal sealed record Reading(List<string> Rows, List<string> Bad, string Error)
{
    /// <summary>Reads a file with given sizes of splits, batches and buffers.</summary>
    public static Reading Of<T>(Random random, byte[] content, string path, Func<FileSourceOptions, ISource<T>> open) =>
        Of(content, path, open, random.Pick(1L, 7, 64, 1_000, long.MaxValue), random.Pick(1, 3, 1024), random.Pick(1, 64, 300, 65_536));

    /// <summary>Reads a file as one split.</summary>
    public static Reading Of<T>(byte[] content, string path, Func<FileSourceOptions, ISource<T>> open) =>
        Of(content, path, open, long.MaxValue, 1024, 65_536);

    public void MustBe(Reading other, string content)
    {
        // The sizes affect how much is read before an error, and so may affect the place in the message.
        var hasError = Error.Length > 0;
        if (hasError != other.Error.Length > 0 || (!hasError && !(Rows.SequenceEqual(other.Rows) && Bad.SequenceEqual(other.Bad))))
        {
            throw new InvalidOperationException($"Two ways to read differ:\n{this}\nand\n{other}\nof\n{content}");
        }
    }

    public override string ToString() => $"rows: {string.Join(" | ", Rows)}\nbad: {string.Join(" | ", Bad)}\nerror: {Error}";

    private static Reading Of<T>(
        byte[] content,
        string path,
        Func<FileSourceOptions, ISource<T>> open,
        long splitSize,
        int batchSize,
        int bufferSize)
    {
        var bad = new SourceReading.KeepBadRows();
        var rows = new List<T>();
        var error = "";
        try
        {
            var source = open(SourceReading.Options(SourceReading.FileWith(path, content), path, splitSize, bufferSize));
            foreach (var split in source.Discover())
            {
                using var reader = source.Open(split, default, bad);

                // Each call creates a row or skips some bytes, so more calls than bytes would be an endless loop.
                var calls = 0L;
                while (SourceReading.Read(reader, rows, batchSize) != ReadStatus.Ended)
                {
                    if (++calls > 100_000_000)
                    {
                        throw new InvalidOperationException("Reading does not end.");
                    }
                }
            }
        }
        catch (PipelineException expected)
        {
            error = expected.Message;
        }

        return new Reading([.. rows.Select(static row => row!.ToString()!)], [.. bad.Rows.Select(static row => row.ToString())], error);
    }
}
