using System.IO.Compression;
using System.Text;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sources.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sinks.Files;

/// <summary>Compressed parts of the file sink.</summary>
public sealed class CompressedSinkTests
{
    private readonly SimulatedFiles _files = new();

    [Theory]
    [InlineData("csv", 1 << 20)]
    [InlineData("csv", 5_000)]
    [InlineData("jsonl", 20_000)]
    public async Task Compressed_parts_are_complete_gzip_members_that_our_own_reader_reads(string format, long rollSize)
    {
        string?[] texts = [.. Enumerable
            .Range(0, 20_000)
            .Select(index => index % 7 == 3 ? $"a \"{index}\",\nb" : $"row {index} {index * 7919L * 104_729 % 1_000_000_007}")];
        var sink = TextSink.Of(_files, $"/out/names.{format}.gz", rollSize, json: format == "jsonl");
        using var writer = sink.OpenWriter(1);
        TextSink.Write(writer, 3, texts[..12_000]);
        var first = await writer.PrepareAsync(3);
        TextSink.Write(writer, 4, texts[12_000..]);
        Assert.All(_files.Files, path => Assert.Matches(@"/out/\.names-\d{10}-00001-\d{5}\." + format + @"\.gz\.tmp", path));
        await sink.CreateCommitter().CommitAsync(3, [first], TestContext.Current.CancellationToken);
        await sink.CreateCommitter().CommitAsync(4, [await writer.PrepareAsync(4)], TestContext.Current.CancellationToken);
        _files.CutPower();

        var parts = _files.Files.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(rollSize < 1 << 20, parts.Count > 2);
        var read = new List<string?>();
        foreach (var part in parts)
        {
            // Decompressed by .NET, with a header in each part of CSV.
            var content = Decompressed(part);
            read.AddRange((format == "csv"
                ? SourceReading.ReadCsv<OneText, Codecs.OneTextCsvReader>(content)
                : SourceReading.ReadJson<OneText, Codecs.OneTextJsonReader>(content)).Select(row => row.Text));
        }

        Assert.Equal(texts, read);

        // And by the reader of Penstock, from the compressed files.
        ISource<OneText> source = format == "csv"
            ? new CsvFileSource<OneText, Codecs.OneTextCsvReader>(SourceReading.Options(_files, "/out"))
            : new JsonLinesFileSource<OneText, Codecs.OneTextJsonReader>(SourceReading.Options(_files, "/out"));
        Assert.Equal(
            texts.Order(StringComparer.Ordinal),
            SourceReading.ReadAll(source).Select(row => row.Text).Order(StringComparer.Ordinal));
        Assert.Equal(4, await sink.CreateCommitter().LastCommittedAsync());

        // The same rows give the same bytes.
        var again = new SimulatedFiles();
        var other = TextSink.Of(again, $"/out/names.{format}.gz", rollSize, json: format == "jsonl");
        using var otherWriter = other.OpenWriter(1);
        TextSink.Write(otherWriter, 3, texts[..12_000]);
        await other.CreateCommitter().CommitAsync(3, [await otherWriter.PrepareAsync(3)], TestContext.Current.CancellationToken);
        Assert.All(again.Files, path => Assert.Equal(_files.ReadAllBytes(path), again.ReadAllBytes(path)));
    }

    [Fact]
    public async Task Compressed_parts_of_checkpoints_that_are_not_restored_are_taken_back()
    {
        var sink = TextSink.Of(_files, "/out/names.csv.gz");
        using (var writer = sink.OpenWriter(0))
        {
            TextSink.Write(writer, 1, "a");
            await sink.CreateCommitter().CommitAsync(1, [await writer.PrepareAsync(1)], TestContext.Current.CancellationToken);
            TextSink.Write(writer, 2, "b");
            await sink.CreateCommitter().CommitAsync(2, [await writer.PrepareAsync(2)], TestContext.Current.CancellationToken);
            TextSink.Write(writer, 3, "c");
        }

        // The third part was truncated while it was written.
        await sink.CreateCommitter().RevokeAfterAsync(1);
        Assert.Equal(["/out/names-0000000001-00000-00000.csv.gz"], _files.Files);
        Assert.Equal("text\na\n", Decompressed("/out/names-0000000001-00000-00000.csv.gz"));
    }

    private string Decompressed(string path)
    {
        using var gzip = new GZipStream(new MemoryStream(_files.ReadAllBytes(path)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
