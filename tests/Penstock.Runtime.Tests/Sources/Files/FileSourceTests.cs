using System.IO.Compression;
using System.Text;
using CsCheck;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;
using Penstock.Testing.Simulation;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Sources.Files;

public sealed class FileSourceTests
{
    private const string Header = "scheduled,delay,distance,origin,destination\n";

    [Fact]
    public void A_file_is_divided_by_its_size_and_the_split_size_alone()
    {
        var text = Rows(1000);
        var files = FileWith("/in/rows.csv", text);
        var source = Csv(files, "/in/rows.csv", splitSize: 10_000);
        var splits = source.Discover();
        Assert.Equal((text.Length + 9_999) / 10_000, splits.Count);
        Assert.Equal(splits, source.Discover());
        Assert.Single(splits.Select(split => split.Fingerprint).Distinct());

        // Every nominal start is in the split before, or is the start of a row.
        for (var i = 1; i < splits.Count; i++)
        {
            var start = FileSplit.Parse(splits[i].Id).Start;
            var nominal = (long)text.Length * i / splits.Count;
            Assert.True(start >= nominal && !text[(int)nominal..((int)start - 1)].Contains('\n'));
            Assert.Equal('\n', text[(int)start - 1]);
        }

        Assert.Equal(ReadAll(Csv(files, "/in/rows.csv")), ReadAll(source));
    }

    [Fact]
    public void A_split_never_begins_inside_quotes()
    {
        var row = "2001-01-01T00:03,1,2,\"a\nb\",\"\"\"\n2001-01-01T00:03,1,2,x,y\n\"\n";
        var text = Header + string.Concat(Enumerable.Repeat(row, 50));
        for (var size = 1; size < 200; size++)
        {
            Assert.All(ReadCsv<Flight, Codecs.FlightCsvReader>(text, size), flight => Assert.Equal("a\nb", flight.Origin));
            Assert.Equal(50, ReadCsv<Flight, Codecs.FlightCsvReader>(text, size).Count);
        }
    }

    [Fact]
    public void Without_line_ends_in_quotes_a_file_is_divided_in_the_same_way_and_not_read_first()
    {
        var text = Header
            + string.Concat(Enumerable.Range(0, 20_000).Select(number => $"2001-01-01T00:03,{number},2,\"a, {number}\",\"x\"\n"));
        foreach (var last in (string[])["", "2001-01-01T00:03,1,2,\"a\",\"b\""])
        {
            var counted = new CountingInput(FileWith("/in/rows.csv", text + last));
            var options = Options(new MemoryFileSystem(), "/in/rows.csv", splitSize: 100_000) with { Input = counted };
            var single = new CsvFileSource<Flight, Codecs.FlightCsvReader>(options with { MultiLine = false });
            var splits = single.Discover();
            Assert.InRange(counted.Bytes, 1, text.Length - 1);
            Assert.Equal(splits, new CsvFileSource<Flight, Codecs.FlightCsvReader>(options).Discover());
            Assert.InRange(splits.Count, 8, 12);
            Assert.Equal(ReadCsv<Flight, Codecs.FlightCsvReader>(text + last), ReadAll(single));
        }
    }

    [Fact]
    public void A_row_that_reaches_over_the_end_of_its_split_is_an_error()
    {
        var row = "2001-01-01T00:03,1,2,\"a\nb\",\"\"\"\n2001-01-01T00:03,1,2,x,y\n\"\n";
        var text = Header + string.Concat(Enumerable.Repeat(row, 50));
        var errors = 0;
        for (var size = 20; size < 400; size += 7)
        {
            var source = new CsvFileSource<Flight, Codecs.FlightCsvReader>(Options(
                FileWith("/in/rows.csv", text),
                "/in/rows.csv",
                size) with
            { MultiLine = false });
            try
            {
                // Either the positions are valid by chance, or there is an error.
                Assert.Equal(50, ReadAll(source, badRows: new KeepBadRows()).Count);
            }
            catch (PipelineException error)
            {
                errors++;
                Assert.Contains("it has a line end in quotes. Set MultiLine to true", error.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(errors, 40, 55);
    }

    [Fact]
    public void The_fingerprint_detects_other_content()
    {
        var text = Rows(10_000);
        var one = Csv(FileWith("/a.csv", text), "/a.csv").Discover()[0].Fingerprint;
        Assert.NotEqual(one, Csv(FileWith("/a.csv", text + "\n"), "/a.csv").Discover()[0].Fingerprint);
        Assert.NotEqual(
            one,
            Csv(FileWith("/a.csv", text.Replace("scheduled", "SCHEDULED", StringComparison.Ordinal)), "/a.csv").Discover()[0].Fingerprint);
        Assert.NotEqual(one, Csv(FileWith("/a.csv", text[..^4] + "9\n,,"), "/a.csv").Discover()[0].Fingerprint);
        Assert.Equal(one, Csv(FileWith("/a.csv", text), "/a.csv").Discover()[0].Fingerprint);
    }

    [Fact]
    public void Reading_resumes_from_every_position()
    {
        var text = Rows(300, lineEnd: "\r\n");
        foreach (var (name, content) in new[] { ("/in/rows.csv", Encoding.UTF8.GetBytes(text)), ("/in/rows.csv.gz", Gzip(text)) })
        {
            var source = Csv(FileWith(name, content), name, splitSize: 4000, bufferSize: 500);
            var all = ReadAll(source);
            Gen.Int[1, 40].Array[1, 5].Sample(
                batches =>
                {
                    var rows = new List<Flight>();
                    foreach (var split in source.Discover())
                    {
                        var position = Array.Empty<byte>();
                        for (var i = 0; ; i++)
                        {
                            using var reader = source.Open(split, position, new FailOnBadRows());
                            if (Read(reader, rows, batches[i % batches.Length]) == ReadStatus.Ended)
                            {
                                break;
                            }

                            position = PositionOf(reader);
                        }
                    }

                    Assert.Equal(all, rows);
                },
                iter: 20);
        }
    }

    [Fact]
    public void A_split_that_has_ended_gives_nothing_when_it_is_opened_again()
    {
        var text = "{\"a\":\"1\",\"c\":\"2\"}";
        var source = new JsonLinesFileSource<Texts, Codecs.TextsJsonReader>(Options(FileWith("/in/rows.jsonl", text), "/in/rows.jsonl"));
        var split = Assert.Single(source.Discover());
        var rows = new List<Texts>();
        using var reader = source.Open(split, default, new FailOnBadRows());
        Assert.Equal(ReadStatus.Ended, Read(reader, rows, 10));
        using var again = source.Open(split, PositionOf(reader), new FailOnBadRows());
        Assert.Equal(ReadStatus.Ended, Read(again, rows, 10));
        Assert.Single(rows);
    }

    [Fact]
    public void A_position_of_a_newer_version_is_refused()
    {
        var source = Csv(FileWith("/a.csv", Rows(1)), "/a.csv");
        Assert.Contains(
            "does not know",
            Assert.Throws<PipelineException>(() => source.Open(
                source.Discover()[0],
                [9, 0, 0, 0, 0, 0, 0, 0, 0],
                new FailOnBadRows())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_is_described_by_its_file_and_line()
    {
        var text = Header + "\n" + Line(0) + "bad\n" + Line(1) + "2001-01-01T00:03,1,2,\"a\nb\",c\n" + Line(2);
        foreach (var bufferSize in new[] { 1, 65536 })
        {
            var source = Csv(FileWith("/in/rows.csv", text), "/in/rows.csv", bufferSize: bufferSize);
            var rows = new List<Flight>();
            using var reader = source.Open(source.Discover()[0], default, new KeepBadRows());
            Read(reader, rows, 2);
            Assert.Equal("/in/rows.csv, line 3", reader.Describe(0));
            Assert.Equal("/in/rows.csv, line 5", reader.Describe(1));
            Read(reader, rows, 2);
            Assert.Equal("/in/rows.csv, line 6", reader.Describe(0));
            Assert.Equal("/in/rows.csv, line 8", reader.Describe(1));
            Assert.Equal("/in/rows.csv, line 6", reader.Describe(0));
        }
    }

    [Fact]
    public void Compressed_files_are_one_split_and_read_to_their_end()
    {
        var text = Rows(20_000);
        var source = Csv(FileWith("/in/rows.csv.gz", Gzip(text)), "/in/rows.csv.gz", splitSize: 1000);
        Assert.Single(source.Discover());
        Assert.Equal(ReadCsv<Flight, Codecs.FlightCsvReader>(text), ReadAll(source));

        // Concatenated gzip files are one file.
        var two = Gzip(Rows(5)).Concat(Gzip(Line(0) + Line(1))).ToArray();
        Assert.Equal(7, ReadAll(Csv(FileWith("/in/rows.csv.gz", two), "/in/rows.csv.gz")).Count);
    }

    [Fact]
    public void A_compressed_file_that_is_cut_off_or_broken_is_an_error()
    {
        var content = Gzip(Rows(20_000));
        var cut = Assert.Throws<PipelineException>(() => ReadAll(
            Csv(FileWith("/in/rows.csv.gz", content[..^100]), "/in/rows.csv.gz"),
            badRows: new KeepBadRows()));
        Assert.StartsWith("PSR305: /in/rows.csv.gz: the file is not valid gzip, or it is cut off", cut.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("compression method", cut.Message, StringComparison.Ordinal);
        for (var lost = 1; lost < content.Length; lost = lost < 40 ? lost + 1 : lost * 2)
        {
            Assert.Throws<PipelineException>(() => ReadAll(
                Csv(FileWith("/in/rows.csv.gz", content[..^lost]), "/in/rows.csv.gz"),
                badRows: new KeepBadRows()));
        }

        Assert.Throws<PipelineException>(() => ReadAll(Csv(FileWith("/in/rows.csv.gz", "no gzip"), "/in/rows.csv.gz")));
        Assert.Throws<PipelineException>(() => ReadAll(Csv(FileWith("/in/rows.csv.gz", ""), "/in/rows.csv.gz")));
    }

    [Fact]
    public void A_folder_or_glob_gives_its_files_in_order_without_hidden_ones()
    {
        var files = FileWith("/in/b.csv", Header + Line(1));
        Add(files, "/in/a.csv", Encoding.UTF8.GetBytes(Header + Line(0)));
        Add(files, "/in/c.csv.gz", Gzip(Header + Line(2)));
        Add(files, "/in/.d.csv", "x"u8.ToArray());
        Add(files, "/in/notes.txt", "x"u8.ToArray());
        Assert.Equal([0, 1, 2], ReadAll(Csv(files, "/in")).Select(flight => flight.Delay));
        Assert.Equal([0, 1], ReadAll(Csv(files, "/in/?.csv")).Select(flight => flight.Delay));
        Assert.Equal([2], ReadAll(Csv(files, "/in/*.gz")).Select(flight => flight.Delay));
        Assert.Equal(["/in/a.csv", "/in/b.csv", "/in/c.csv.gz"], Csv(files, "/in").Discover().Select(split => split.Id));
    }

    [Theory]
    [InlineData("/in/*.csv")]
    [InlineData("/in/?.csv")]
    public void A_file_whose_name_is_the_glob_is_one_of_its_files(string path)
    {
        // A shell leaves a glob without matches as it is.
        var files = FileWith("/in/a.csv", Header + Line(0));
        Add(files, path, Encoding.UTF8.GetBytes(Header + Line(1)));
        Assert.Equal(2, ReadAll(Csv(files, path)).Count);
    }

    [Theory]
    [InlineData("/in/none.csv", "PSR203: There is no file '/in/none.csv'")]
    [InlineData("/in/none-*.csv", "PSR203: No file matches '/in/none-*.csv'")]
    [InlineData("/other", "PSR203: There is no file '/other'")]
    [InlineData("/notes", "PSR203: The folder '/notes' of a file source has no file that ends with .csv, .csv.gz")]
    [InlineData("/*/a.csv", "PSR104: The path '/*/a.csv' of a file source has a wildcard in a folder's name.")]
    public void No_input_is_a_clear_error(string path, string message)
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        files.CreateDirectory("/notes");
        Add(files, "/in/a.csv", []);
        Add(files, "/notes/a.txt", []);
        Assert.StartsWith(
            message,
            Assert.ThrowsAny<PipelineException>(() => Csv(files, path).Discover()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\r\n")]
    [InlineData("scheduled,delay,distance,origin,destination")]
    [InlineData("\uFEFFscheduled,delay,distance,origin,destination\r\n\r\n\n")]
    public void A_file_without_rows_has_none(string text) => Assert.Empty(ReadCsv<Flight, Codecs.FlightCsvReader>(text));

    [Fact]
    public void Another_delimiter_is_read()
    {
        var text = (Header + Line(0) + Line(1)).Replace(',', '|');
        var files = FileWith("/in/a.csv", text);
        Assert.Equal(2, ReadAll(new CsvFileSource<Flight, Codecs.FlightCsvReader>(Options(files, "/in/a.csv", delimiter: '|'))).Count);
        Assert.Throws<PipelineException>(() => Options(files, "/in/a.csv", delimiter: '"'));
        Assert.Throws<PipelineException>(() => Options(files, "/in/a.csv", splitSize: 0));
    }

    [Fact]
    public void Files_of_the_machine_are_read_by_relative_paths()
    {
        var folder = Directory.CreateTempSubdirectory("penstock");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "rows.csv"), Rows(100));
            var path = Path.GetRelativePath(".", Path.Combine(folder.FullName, "*.csv"));
            Assert.Equal(100, ReadAll(Csv(Penstock.Connectors.LocalFileSystem.Instance, path, splitSize: 500)).Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static CsvFileSource<Flight, Codecs.FlightCsvReader> Csv(
        IFileSystem files,
        string path,
        long splitSize = long.MaxValue,
        int bufferSize = 65536) =>
        new(Options(files, path, splitSize, bufferSize));

    private static string Rows(int count, string lineEnd = "\n") =>
        (Header + string.Concat(Enumerable.Range(0, count).Select(Line))).Replace("\n", lineEnd, StringComparison.Ordinal);

    private static string Line(int i) => $"2001-01-01T00:03,{i},{i * i % 100000},{(i % 7 == 0 ? "\"L\"\"X\"" : "LAX")},A{i % 300}\n";

    private static byte[] Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    private sealed class CountingInput(IFileSystem files) : IInputFiles
    {
        private readonly FolderInput _input = new(files);

        public long Bytes { get; private set; }

        public IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions) => _input.Find(pattern, extensions);

        public IReadableFile OpenRead(string path, string fingerprint) => new Counted(this, files.OpenRead(path));

        private sealed class Counted(CountingInput owner, IReadableFile file) : IReadableFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> buffer)
            {
                var count = file.Read(offset, buffer);
                owner.Bytes += count;
                return count;
            }

            public void Dispose() => file.Dispose();
        }
    }
}
