using System.IO.Compression;
using System.Text;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>Compressed files with one or more members, truncated, changed, and with additional bytes at the end.</summary>
internal sealed class GzipTarget : IFuzzTarget
{
    private const string Path = "/in/rows.csv.gz";

    public string Name => "gzip";

    public void Run(Random random)
    {
        var bytes = new List<byte>();
        bytes.AddRange(Gzip("a,b,c\n"));
        for (var i = random.Next(4); i > 0; i--)
        {
            bytes.AddRange(Gzip(string.Concat(Enumerable.Range(0, random.Pick(0, 1, 3_000)).Select(row => $"{row},{random.Next()},x\n"))));
        }

        bytes.AddRange(new byte[random.Pick(0, 0, 1, 600, 70_000)]);
        var content = Mutator.Mutate(random, bytes.ToArray(), 3);
        Reading.Of(random, content, Path, Open).MustBe(Reading.Of(content, Path, Open), Convert.ToBase64String(content));
    }

    private static CsvFileSource<Texts, Codecs.TextsCsvReader> Open(FileSourceOptions options) => new(options);

    private static byte[] Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
