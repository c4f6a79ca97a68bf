using System.Text;
using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Sinks.Files;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sources.Files;
using Penstock.Testing;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>The connectors of this package fulfil the contracts of connectors.</summary>
public sealed class OwnConnectorTests
{
    private const string Header = "scheduled,delay,distance,origin,destination\n";

    private static readonly DateTime At = new(2001, 1, 1, 0, 3, 0, DateTimeKind.Utc);

    private static readonly Dictionary<string, ConformanceSuite> Suites = new()
    {
        ["CSV"] = SourceConformance.For(() => Files(Csv, static options => new CsvFileSource<Flight, Codecs.FlightCsvReader>(options))),
        ["JSON Lines"] = SourceConformance.For(
            () => Files(Json, static options => new JsonLinesFileSource<Flight, Codecs.FlightJsonReader>(options))),
        ["files that come"] = StreamingSourceConformance.For(PolledFiles),
        ["channel"] = StreamingSourceConformance.For(() => Memory(static rows =>
        {
            var channel = Channel.CreateUnbounded<long>();
            rows.ForEach(row => channel.Writer.TryWrite(row));
            channel.Writer.Complete();
            return () => new ChannelSource<long>(channel.Reader);
        })),
        ["block"] = StreamingSourceConformance.For(() => Memory(static rows =>
        {
            var block = new BufferBlock<long>();
            rows.ForEach(row => block.Post(row));
            block.Complete();
            return () => new DataflowSource<long>(block);
        })),
        ["sequence"] = StreamingSourceConformance.For(() => Memory(static rows =>
        {
            var sequence = rows.ToAsyncEnumerable();
            return () => new SequenceSource<long>(sequence);
        })),
        ["CSV sink"] = SinkConformance.For(() => Sink(json: false)),
        ["CSV sink, committer"] = CommitterConformance.For(() => Sink(json: false)),
        ["JSON Lines sink"] = SinkConformance.For(() => Sink(json: true)),
        ["folder"] = StorageConformance.For(Folder),
    };

    /// <summary>
    /// Some checks do not apply: polled files have no end, and their splits (lanes) never change. Input in memory has one split, which has
    /// ended here; MemoryConnectorTests has rows that come later.
    /// </summary>
    private static readonly HashSet<(string Suite, string Check)> Inapplicable =
    [
        ("files that come", "The source ends with its last split"),
        ("files that come", "A split that is new is read from its first row"),
        .. from source in (string[])["channel", "block", "sequence"]
           from check in (string[])["Rows that come later wake the pipeline", "A split that is new is read from its first row"]
           select (source, check),
    ];

    public static TheoryData<string, string> Checks
    {
        get
        {
            var checks = new TheoryData<string, string>();
            foreach (var (name, suite) in Suites)
            {
                foreach (var check in suite.Checks)
                {
                    checks.Add(name, check.Name);
                }
            }

            return checks;
        }
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task It_keeps_its_promises(string connector, string check) =>
        Assert.Equal(!Inapplicable.Contains((connector, check)), await Suites[connector].VerifyAsync(check));

    // Two files in several splits each, with line breaks in quotes, empty lines and bad rows.
    private static SourceSetup<Flight> Files(Func<int, int, string> format, Func<FileSourceOptions, ISource<Flight>> create)
    {
        var files = SourceReading.FileWith("/in/a.txt", format(0, 12));
        SourceReading.Add(files, "/in/b.txt", Encoding.UTF8.GetBytes(format(12, 7)));
        return new SourceSetup<Flight>
        {
            Create = () => create(SourceReading.Options(files, "/in/*.txt", splitSize: 200, bufferSize: 64)),
            Rows = [.. Enumerable.Range(0, 19).Where(static number => number % 5 != 3).Select(Row)],
            BadRows = 4,
            Change = () => SourceReading.Add(files, "/in/a.txt", Encoding.UTF8.GetBytes(format(1, 12))),
        };
    }

    private static SourceSetup<Flight> PolledFiles()
    {
        var files = SourceReading.FileWith("/in/a.csv", Csv(0, 6));
        SourceReading.Add(files, "/in/b.csv", Encoding.UTF8.GetBytes(Csv(6, 5)));
        var first = LaneOf("/in/a.csv") <= LaneOf("/in/b.csv");
        IEnumerable<int> numbers = first ? Enumerable.Range(0, 11) : [.. Enumerable.Range(6, 5), .. Enumerable.Range(0, 6)];
        return new SourceSetup<Flight>
        {
            Create = () => Polled(SourceReading.Options(files, "/in/*.csv")),
            Rows = [.. numbers.Where(static number => number % 5 != 3).Select(Row)],
            BadRows = 2,
            AddRow = () => SourceReading.Add(files, "/in/c.csv", Encoding.UTF8.GetBytes(Csv(20, 1))),
        };
    }

    private static SourceSetup<long> Memory(Func<List<long>, Func<ISource<long>>> create)
    {
        // More than a source takes at once.
        List<long> rows = [.. Enumerable.Range(0, 700).Select(static number => (long)number)];
        return new SourceSetup<long> { Create = create(rows), Rows = rows };
    }

    private static PolledFileSource<Flight> Polled(FileSourceOptions options)
    {
        var poller = new FilePoller(
            "Flights",
            1,
            () => options.Input.Find(options.Path, FileExtensions.Csv),
            TimeSpan.FromMilliseconds(5),
            TimeProvider.System,
            NullLogger.Instance,
            new ConnectorHealth("", TimeProvider.System));
        return new PolledFileSource<Flight>(
            new CsvFileSource<Flight, Codecs.FlightCsvReader>(options),
            options,
            poller,
            new PollingSubtask("Flights", 0, IsRestart: false, NullLogger.Instance));
    }

    private static int LaneOf(string path) => (int)(CompletedFiles.KeyOf(path) % PolledFileSource<Flight>.Lanes);

    private static Flight Row(int number) => new(At, number, 2, $"a\n{number}", "b");

    private static string Csv(int from, int count) =>
        Header + Lines(from, count, "2001-01-01T00:03,x,2,a,b", static number => $"2001-01-01T00:03,{number},2,\"a\n{number}\",b");

    private static string Json(int from, int count) => Lines(from, count, "{\"scheduled\":", static number =>
        $$"""{"scheduled":"2001-01-01T00:03","delay":{{number}},"distance":2,"origin":"a\n{{number}}","destination":"b"}""");

    private static string Lines(int from, int count, string bad, Func<int, string> format) => string.Concat(
        Enumerable.Range(from, count).Select(number => $"{(number % 4 == 1 ? "\n" : "")}{(number % 5 == 3 ? bad : format(number))}\n"));

    // Parts roll after a few rows.
    private static SinkSetup<OneText> Sink(bool json)
    {
        var files = new SimulatedFiles();
        var path = json ? "/out/names.jsonl" : "/out/names.csv";
        return new SinkSetup<OneText>
        {
            Create = () => TextSink.Of(files, path, rollSize: 20, json),
            ReadAsync = () => new([.. Visible(files).SelectMany(file => Read(Encoding.UTF8.GetString(files.ReadAllBytes(file)), json))]),
            ListHiddenAsync = () => new([.. files.Files.Where(static file => file.EndsWith(".tmp", StringComparison.Ordinal))]),
            Rows = [.. Enumerable.Range(0, 12).Select(static number => new OneText($"text {number}"))],
        };
    }

    private static IEnumerable<string> Visible(SimulatedFiles files) =>
        files.Files.Where(static file => !Path.GetFileName(file).StartsWith('.'));

    private static List<OneText> Read(string text, bool json) => json
        ? SourceReading.ReadJson<OneText, Codecs.OneTextJsonReader>(text)
        : SourceReading.ReadCsv<OneText, Codecs.OneTextCsvReader>(text);

    private static StorageSetup Folder()
    {
        var root = Directory.CreateTempSubdirectory("penstock-");
        return new StorageSetup
        {
            Create = () => new FolderStorage(LocalFileSystem.Instance, Path.Combine(root.FullName, "checkpoints"), "Test"),
            CleanUp = () => root.Delete(recursive: true),
        };
    }
}
