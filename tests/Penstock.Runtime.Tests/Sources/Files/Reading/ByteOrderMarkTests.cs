using System.IO.Compression;
using System.Text;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Sources.Files.Reading;

/// <summary>
/// The error for a file that declares another encoding than UTF-8 names the encoding, and that for a file with two byte order marks names
/// the invisible mark.
/// </summary>
public sealed class ByteOrderMarkTests
{
    public static TheoryData<string, string, bool> Files
    {
        get
        {
            var files = new TheoryData<string, string, bool>();
            foreach (var (encoding, problem) in new[]
            {
                ("utf-16", "this file is UTF-16, as its byte order mark says. Convert it to UTF-8."),
                ("utf-16BE", "this file is UTF-16, as its byte order mark says. Convert it to UTF-8."),
                ("utf-32", "this file is UTF-32, as its byte order mark says. Convert it to UTF-8."),
                ("utf-32BE", "this file is UTF-32, as its byte order mark says. Convert it to UTF-8."),
                ("utf-8 twice", "this file begins with two byte order marks (EF BB BF), and may have one. Remove the other."),
            })
            {
                files.Add(encoding, problem, false);
                files.Add(encoding, problem, true);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_is_named(string encoding, string problem, bool isCompressed)
    {
        var end = isCompressed ? ".gz" : "";
        var files = FileWith("/in/rows.csv" + end, Content(encoding, "value\na\n", isCompressed));
        Add(files, "/in/rows.jsonl" + end, Content(encoding, "{\"value\":\"a\"}\n", isCompressed));
        var error = Assert.Throws<PipelineException>(() =>
            ReadAll(new CsvFileSource<One<string>, OneTextReader>(Options(files, "/in/rows.csv" + end))));
        Assert.Equal($"PSR304: /in/rows.csv{end}: {problem}", error.Message);
        error = Assert.Throws<PipelineException>(() =>
            ReadAll(new JsonLinesFileSource<One<string>, OneTextReader>(Options(files, "/in/rows.jsonl" + end))));
        Assert.Equal($"PSR304: /in/rows.jsonl{end}: {problem}", error.Message);
    }

    [Fact]
    public void One_mark_of_utf8_is_no_part_of_the_file()
    {
        Assert.Equal("a", Assert.Single(ReadCsv<One<string>, OneTextReader>("\uFEFFvalue\na\n")).Value);
        Assert.Equal("a", Assert.Single(ReadJson<One<string>, OneTextReader>("\uFEFF{\"value\":\"a\"}\n")).Value);
        Assert.Empty(ReadJson<One<string>, OneTextReader>("\uFEFF"));
    }

    private static byte[] Content(string name, string text, bool isCompressed)
    {
        var encoding = Encoding.GetEncoding(name.Split(' ')[0]);
        byte[] mark = [.. encoding.GetPreamble()];
        byte[] content = name == "utf-8 twice" ? [.. mark, .. mark, .. encoding.GetBytes(text)] : [.. mark, .. encoding.GetBytes(text)];
        if (!isCompressed)
        {
            return content;
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
