using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Checkpoints;
using Penstock.Runtime.Tests.Files;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Hosting;
using Penstock.Runtime.Tests.Time;
using Penstock.Sinks;
using Penstock.Sinks.Files;
using Penstock.Sources;
using Penstock.Sources.Files;
using Penstock.State;
using Penstock.Tasks;
using Penstock.Testing.Simulation;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Errors;

/// <summary>The pages of error codes contain the messages that users see.</summary>
public sealed class ErrorExampleTests
{
    private const string Failed = "operator 'Totals' (Shop.Total) failed at /in/orders.csv, line 3, subtask 0 of task 'Orders'";

    private static readonly Dictionary<string, Action> Provocations = new()
    {
        ["PSR101"] = static () => Configure("Penstock:Pipelines:Shop:BatchSise"),
        ["PSR102"] = static () => Misspell("Penstock:Pipelines:Shop:Sources:Orders:Tpoic"),
        ["PSR103"] = static () => Options(new MemoryFileSystem(), "/in/orders.csv", delimiter: '"'),
        ["PSR104"] = static () => Find("/*/orders.csv"),
        ["PSR106"] = static () => NoServices.GetRequiredService<Trouble>(),
        ["PSR201"] = static () => throw SourceErrors.Explain("Shop", "Orders", "read", new IOException("The disk does not answer.")),
        ["PSR202"] = static () => new FolderInput(Unreadable()).Find("/in", [".csv"]),
        ["PSR203"] = static () => Find("/in/orders-*.csv"),
        ["PSR205"] = static () => Resume("/in/a.csv", "/in/a.csv", fingerprint: "other"),
        ["PSR206"] = static () => Resume("/in/b.csv", "/in/a.csv"),
        ["PSR207"] = static () => Resume("/in/b.csv", before: null, isFinished: true),
        ["PSR208"] = static () => Resume(
            "in/*.csv, lane 0",
            "in/a.csv",
            findProblem: static id => LaneId.DescribePollingChange("Orders", "in/*.csv", id)),
        ["PSR209"] = static () => SourceErrors.Checked("Shop", "Orders", "Discover", [new SourceSplit("a"), new SourceSplit("a")]),
        ["PSR302"] = static () => ReadCsv<One<string>, OneTextReader>("shop,customer\n"),
        ["PSR303"] = static () => ReadCsv<One<string>, OneTextReader>("shop,Value,VALUE\n"),
        ["PSR304"] = static () => Read("/in/orders.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("value\na\n")]),
        ["PSR305"] = static () => Read("/in/orders.csv.gz", "no gzip"u8.ToArray()),
        ["PSR404"] = static () => FailAgainAndAgain($"Pipeline 'Shop': {Failed}: DivideByZeroException: Attempted to divide by zero."),
        ["PSR501"] = static () => throw new StateLimitException("Shop", 4L << 30, [new OperatorMemory("Spending", 3876207943, 41943040)]),
        ["PSR601"] = static () => ReadManifest("penstock-checkpoint 3 0123456789abcdef\n{}"),
        ["PSR602"] = static () => ReadManifest("penstock-checkpoint 4 0123456789abcdef\n{}"),
        ["PSR605"] = static () => OpenFolder(ReadOnly()),
        ["PSR606"] = static () => OpenTwice(new SimulatedFiles()),
        ["PSR607"] = static () => CheckpointFailedException.Explained<int>(7, "/checkpoints", static () => throw Full),
        ["PSR701"] = static () => throw SinkErrors.Explain("Shop", "Totals", "write", Full),
        ["PSR702"] = static () => throw SinkErrors.Explain("Shop", "Totals", "write", new IOException("Read-only file system", 30)),
    };

    public static TheoryData<string> Provoked => [.. Provocations.Keys];

    private static IOException Full => new("No space left on device", 28);

    private static DiagnosticServiceProvider NoServices =>
        new(new ServiceCollection().BuildServiceProvider(), "Shop", "operator 'Scores: Score'");

    [Theory]
    [MemberData(nameof(Provoked))]
    public void The_page_of_a_code_shows_its_message(string code) =>
        ErrorPage.AssertShows(code, Assert.ThrowsAny<PipelineException>(Provocations[code]));

    [Fact]
    public async Task A_bad_row_has_its_code()
    {
        const string Rows = "user,at,value\nann,2024-01-01,1\nbob,2024-01-01,much\n";
        ErrorPage.AssertShows("PSR301", await FailAsync<ClicksPipeline>("Clicks", "/in/clicks.csv", Rows));
    }

    [Fact]
    public async Task A_row_without_event_time_has_its_code() => ErrorPage.AssertShows(
        "PSR308",
        await FailAsync<ChimesTimed>("Chimes", "/in/chimes.csv", "user,at\nann,2024-01-01T00:00:00Z\nbob,\n"));

    [Fact]
    public async Task An_operator_that_throws_has_its_code() =>
        ErrorPage.AssertShows("PSR401", await FailAsync<GatedPipeline>("Steps", "/in/steps.jsonl", Steps(1, 2, 0)));

    [Fact]
    public async Task A_key_that_throws_has_its_code() =>
        ErrorPage.AssertShows("PSR403", await FailAsync<KeyedSteps>("Steps", "/in/steps.jsonl", Steps(1, 2, -1), parallelism: 2));

    [Fact]
    public async Task A_start_from_a_savepoint_that_is_not_there_has_its_code()
    {
        var job = new LedgerJob(PowerCutTests.Prepared()) { StartFrom = "/savepoints/friday" };
        ErrorPage.AssertShows("PSR623", await Assert.ThrowsAsync<PipelineException>(() => job.RunAsync()));
    }

    [Fact]
    public async Task A_savepoint_of_a_pipeline_that_has_ended_has_its_code()
    {
        var runner = new LedgerJob(PowerCutTests.Prepared()).Runner();
        await runner.RunAsync(CancellationToken.None);
        var error = await Assert.ThrowsAsync<PipelineException>(() => runner.SavepointAsync(CheckpointMode.Savepoint, null));
        ErrorPage.AssertShows("PSR627", error);
    }

    [Fact]
    public async Task A_savepoint_at_a_place_that_has_one_keeps_the_code_of_what_is_in_its_way()
    {
        var files = PowerCutTests.Prepared();
        var runner = new LedgerJob(files, rate: 400).Runner();
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);
        await runner.SavepointAsync(CheckpointMode.Savepoint, "/savepoints/friday");
        var error = await Assert.ThrowsAsync<PipelineException>(
            () => runner.SavepointAsync(CheckpointMode.Savepoint, "/savepoints/friday"));
        ErrorPage.AssertShows("PSR622", error);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Output_that_another_job_writes_has_its_code_and_so_has_a_damaged_mark()
    {
        var files = new SimulatedFiles();
        using (var first = Committer(files))
        {
            await first.ClaimAsync(new SinkOwner("1", "Fraud", "/checkpoints/fraud"), isKnown: false);
            ErrorPage.AssertShows("PSR703", await ClaimAsync(files));
        }

        Add(files, "/out/.totals.csv.owner", "x"u8.ToArray());
        ErrorPage.AssertShows("PSR704", await ClaimAsync(files));
    }

    private static string Steps(params int[] numbers) => string.Concat(numbers.Select(static number =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"a\",\"number\":{number}}}\n")));

    private static async Task<PipelineException> FailAsync<T>(string source, string path, string rows, int parallelism = 1)
        where T : class, IPipeline
    {
        var options = new PipelineOptions { Parallelism = parallelism };
        options.Restart.Strategy = RestartStrategy.None;
        options.Sources[source] = new SourceOptions { Path = path };
        var gate = new Gate { OnStep = static step => _ = 1 / step.Number };
        var environment = TestEnvironment.Create("Shop", options, gate) with { Files = FileWith(path, rows) };
        var runner = environment.RunnerOf<T>();
        return await Assert.ThrowsAnyAsync<PipelineException>(() => runner.RunAsync(CancellationToken.None));
    }

    private static void Configure(string key)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"1")]).Build();
        new PipelineRegistration("Shop", PipelineDefinition.Of<ClicksPipeline>(), null).ReadOptions(configuration, out var wrong);
        throw wrong!;
    }

    private static void Misspell(string key)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"x")]).Build();
        var settings = new ConnectorSettings();
        settings.Bind(configuration.GetSection(key), "Tpoic");
        settings.CheckAllRead("Shop", "Sources", "Orders");
    }

    private static void Find(string path)
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        new CsvFileSource<One<string>, OneTextReader>(Options(files, path)).Discover();
    }

    private static ReachedFiles Unreadable()
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        return new(files, static path => _ = path == "/in" ? throw new UnauthorizedAccessException("Access to the path is denied.") : 0);
    }

    private static void Resume(
        string now, string? before, string fingerprint = "", bool isFinished = false, Func<string, string?>? findProblem = null) =>
        SplitAssignment.Assign<int>(
            "Orders",
            [new SourceSplit(now, fingerprint)],
            before == null ? [] : [new SavedSplit(before, "", HasBegun: true, HasEnded: false, 0, 0, [])],
            isFinished,
            static (_, _) => true,
            findProblem: saved => findProblem?.Invoke(saved.Id));

    private static void Read(string path, byte[] content) =>
        ReadAll(new CsvFileSource<One<string>, OneTextReader>(Options(FileWith(path, content), path)), badRows: new KeepBadRows());

    private static void FailAgainAndAgain(string message)
    {
        var policy = new RestartPolicy(new RestartOptions { MaxFailuresPerRow = 3, Jitter = 0 }, new Random(1));
        var error = new OperatorException(ErrorCodes.OperatorFailed, message, new DivideByZeroException())
        {
            Place = new FailurePlace(Failed, IsExact: true),
        };
        for (var i = 0; i < 3; i++)
        {
            policy.DelayAfter(error);
        }
    }

    private static void ReadManifest(string text) =>
        ManifestFile.Read(Encoding.UTF8.GetBytes(text), "/checkpoints/0000000007.manifest", static id => CheckpointNames.State(id));

    private static SimulatedFiles ReadOnly() => new() { Before = static (_, _) => throw new IOException("Read-only file system", 30) };

    private static void OpenTwice(SimulatedFiles files)
    {
        using var first = new FolderStorage(files, "/checkpoints", "Shop");
        first.Open();
        OpenFolder(files);
    }

    private static void OpenFolder(SimulatedFiles files)
    {
        using var storage = new FolderStorage(files, "/checkpoints", "Shop");
        storage.Open();
    }

    private static ISinkCommitter Committer(SimulatedFiles files) =>
        new FileSink<OneText, Codecs.OneTextCsvWriter>(new FileSinkOptions(new FileSinkSettings("/out/totals.csv"), files))
            .CreateCommitter();

    private static async Task<PipelineException> ClaimAsync(SimulatedFiles files)
    {
        using var committer = Committer(files);
        var owner = new SinkOwner("2", "Shop", "/checkpoints/shop");
        return await Assert.ThrowsAsync<PipelineException>(async () => await committer.ClaimAsync(owner, isKnown: false));
    }
}
