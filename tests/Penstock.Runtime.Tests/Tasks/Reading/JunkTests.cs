using System.IO.Compression;
using System.Text;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sources.Files;
using Penstock.Streams;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>
/// Files of bad rows alone: a read ends all the same behind as many rows as a batch has, and earlier where what is made of a bad row waits
/// for credits.
/// </summary>
public sealed class JunkTests
{
    private const int BatchSize = 4;
    private const int Rows = 100;

    [Theory]
    [InlineData("/in/clicks.csv", false)]
    [InlineData("/in/clicks.csv", true)]
    [InlineData("/in/clicks.csv.gz", false)]
    [InlineData("/in/clicks.csv.gz", true)]
    public void Csv(string path, bool isDivided) => Read<JunkPipeline>(path, "User,At,Value\n", "a,yesterday,1\n", isDivided);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Json(bool isDivided) => Read<JsonJunkPipeline>("/in/clicks.jsonl", "", "{\"User\": 1}\n", isDivided);

    [Fact]
    public void Lines_of_csv_without_a_row()
    {
        var files = SourceReading.FileWith("/in/rows.csv", "scheduled,delay,distance,origin,destination\n" + new string('\n', Rows));
        ReadEmpty(new CsvFileSource<Flight, Codecs.FlightCsvReader>(SourceReading.Options(files, "/in/rows.csv")));
    }

    [Fact]
    public void Lines_of_json_without_a_row()
    {
        var files = SourceReading.FileWith("/in/rows.jsonl", string.Concat(Enumerable.Repeat("  \n", Rows)));
        ReadEmpty(new JsonLinesFileSource<Flight, Codecs.FlightJsonReader>(SourceReading.Options(files, "/in/rows.jsonl")));
    }

    private static void ReadEmpty(ISource<Flight> source)
    {
        using var reader = source.Open(source.Discover().Single(), [], new SourceReading.FailOnBadRows());
        var appender = new RowAppender<Flight>();
        var batch = new BatchPool<Flight>(BatchSize).Rent();
        var reads = 0;
        ReadStatus status;
        do
        {
            appender.Attach(batch, BatchSize, BatchSize);
            status = reader.Read(appender);
            reads++;
        }
        while (status != ReadStatus.Ended);
        Assert.Equal(0, batch.Count);
        Assert.InRange(reads, (Rows / BatchSize) - 1, (Rows / BatchSize) + 1);
    }

    private static PipelineOptions Options() => new() { Parallelism = 2, BatchSize = BatchSize, ChannelCapacity = 1 };

    private static void Read<TPipeline>(string path, string head, string line, bool isDivided)
        where TPipeline : class, IPipeline
    {
        foreach (var policy in new[] { BadRowPolicy.Skip, BadRowPolicy.SideOutput })
        {
            var text = Encoding.UTF8.GetBytes(head + string.Concat(Enumerable.Repeat(line, Rows)));
            var files = SourceReading.FileWith(path, path.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(text) : text);
            var options = Options();
            options.Sources["Clicks"] = new SourceOptions { Path = path, OnBadRow = policy, SplitSize = isDivided ? 500 : null };
            var watch = new Watch();
            using var harness = new StreamingHarness<TPipeline>(options, files: files, onStep: watch.Look);
            Assert.Equal(Rows, watch.Bad);
            Assert.True(harness.HasEnded);

            // Each of the two subtasks handles one message in a step.
            Assert.InRange(watch.MaxBad, 1, 2 * BatchSize);
            var blamed = harness.Read<Running>("BlamedCounts");
            Assert.Equal(policy == BadRowPolicy.Skip ? 0 : Rows * Blame.Times, blamed.Count);
            Assert.Equal(policy == BadRowPolicy.Skip ? [] : Enumerable.Range(0, Blame.Times)
                .Select(static user => new Running($"user {user}", Rows))
                .Order(ByUser), blamed.Where(static user => user.Count == Rows).Order(ByUser));

            // What one bad row makes, and what was buffered before it.
            Assert.InRange(watch.LongestOutbox, 0, (Blame.Times / BatchSize) + 6);
        }
    }

    private static Comparer<Running> ByUser =>
        Comparer<Running>.Create(static (left, right) => string.CompareOrdinal(left.User, right.User));

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private sealed class Watch
    {
        public long Bad { get; private set; }

        public long MaxBad { get; private set; }

        public int LongestOutbox { get; private set; }

        public void Look(ExecutionGraph graph)
        {
            var bad = graph.Subtasks.Sum(static subtask => subtask.Counters.Bad);
            MaxBad = Math.Max(MaxBad, bad - Bad);
            Bad = bad;
            LongestOutbox = Math.Max(LongestOutbox, graph.Subtasks.Max(static subtask => subtask.Context.Group.Outbox.Count));
        }
    }
}
