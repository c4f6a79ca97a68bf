using System.IO.Compression;
using System.Text;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Sources.Files.Reading;

public sealed class GzipTests
{
    private const string Path = "/in/rows.csv.gz";

    // The length of an empty member ends with eight zeros; the length of large content contains none.
    private static readonly string[] Contents = [
        "a,b,c\n",
        "a,b,c\n1,2,3\n",
        "a,b,c\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i},{i * 7919 % 10007},x\n"))
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(512)]
    [InlineData(8_192)]
    [InlineData(100_000)]
    public void Zeros_behind_the_content_are_ignored(int zeros)
    {
        foreach (var content in Contents)
        {
            var expected = ReadCsv<Texts, Codecs.TextsCsvReader>(content);
            Assert.Equal(expected, Read([.. Gzip(content), .. new byte[zeros]]));
            Assert.Equal(expected, Read([.. Gzip(content), .. Gzip(""), .. new byte[zeros]]));
        }
    }

    [Fact]
    public void Members_are_read_one_after_the_other()
    {
        var middle = Contents[2].Length / 2;
        byte[] members = [
            .. Gzip(""),
            .. Gzip(Contents[2][..1]),
            .. Gzip(Contents[2][1..middle]),
            .. Gzip(""),
            .. Gzip(Contents[2][middle..])
        ];
        Assert.Equal(ReadCsv<Texts, Codecs.TextsCsvReader>(Contents[2]), Read(members));
    }

    [Theory]
    [InlineData(0, "rubbish")]
    [InlineData(1, "rubbish")]
    [InlineData(600, "rubbish")]
    [InlineData(20_000, "x")]
    [InlineData(3, "x\0\0\0")]
    public void Anything_else_behind_it_is_named_with_its_place(int zeros, string rubbish)
    {
        foreach (var content in Contents)
        {
            byte[] file = [.. Gzip(content), .. new byte[zeros], .. Encoding.UTF8.GetBytes(rubbish)];
            var error = Assert.Throws<PipelineException>(() => Read(file));
            Assert.Equal(
                $"PSR305: {Path}: the gzip content ends before byte {Gzip(content).Length + zeros} of the file, and something else follows. Remove it, or compress the file again.",
                error.Message);
        }
    }

    [Fact]
    public void Rubbish_that_looks_like_a_member_is_an_error_too()
    {
        Assert.Throws<PipelineException>(() => Read([.. Gzip(Contents[1]), 0x1f]));
        Assert.Throws<PipelineException>(() => Read([.. Gzip(Contents[1]), 0x1f, 0x8b]));
        Assert.Throws<PipelineException>(() => Read([.. Gzip(Contents[1]), 0x1f, 0x8b, .. new byte[100]]));
        Assert.Throws<PipelineException>(() => Read(new byte[100]));
    }

    [Fact]
    public void A_member_that_is_cut_off_is_an_error_with_zeros_behind_it_too()
    {
        foreach (var content in Contents)
        {
            var whole = Gzip(content);
            byte[] two = [.. whole, .. Gzip("4,5,6\n")];
            for (var lost = 1; lost < whole.Length; lost = lost < 30 ? lost + 1 : lost * 2)
            {
                Assert.Throws<PipelineException>(() => Read(whole[..^lost]));
            }

            for (var lost = 1; lost < two.Length - whole.Length; lost++)
            {
                Assert.Throws<PipelineException>(() => Read(two[..^lost]));
            }

            // Within the last bytes, which may be zeros themselves, the difference cannot be detected.
            for (var lost = 9; lost < whole.Length; lost = lost < 30 ? lost + 1 : lost * 2)
            {
                Assert.Throws<PipelineException>(() => Read([.. whole[..^lost], .. new byte[600]]));
            }
        }
    }

    private static List<Texts> Read(byte[] file) =>
        ReadAll(new CsvFileSource<Texts, Codecs.TextsCsvReader>(Options(FileWith(Path, file), Path)), badRows: new KeepBadRows());

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
