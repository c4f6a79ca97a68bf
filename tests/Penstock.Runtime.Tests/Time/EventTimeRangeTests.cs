using System.Globalization;
using System.Numerics;
using System.Text;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats.Messages;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Time;

/// <summary>An event time outside of the range of the engine makes a bad row, and does not affect the watermark.</summary>
public sealed class EventTimeRangeTests
{
    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly long NoonMicros = (Noon - DateTime.UnixEpoch).Ticks / 10;
    private static readonly BigInteger Earliest = (new DateTime(2, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / 10;
    private static readonly BigInteger TooLate =
        (new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks) / 10;

    // The last two are the infinities of PostgreSQL, as Debezium sends them.
    private static readonly BigInteger[] Ends =
        [
            long.MinValue,
            long.MinValue + 1,
            long.MaxValue,
            long.MaxValue - 1,
            Earliest - 1,
            TooLate,
            9223372036825200000,
            -9223372036832400000
        ];

    public static TheoryData<string> Delays => ["00:00:00", "04:00:00", "36500.00:00:00"];

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Microseconds(string delay) =>
        await CheckAsync<MicrosecondTicks>(delay, 1, "ticks.csv", "user,at\n", static number => $"ann,{number}\n", Ends);

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Milliseconds_in_json(string delay) =>
        await CheckAsync<MillisecondJsonTicks>(
            delay,
            1_000,
            "ticks.jsonl",
            "",
            static number => $"{{\"user\":\"ann\",\"at\":{number}}}\n",
            [.. Ends, .. Ends.Select(static end => end / 1_000)]);

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Seconds_of_32_bits_are_all_in_range(string delay) =>
        await CheckAsync<SecondTicks>(
            delay,
            1_000_000,
            "ticks.csv",
            "user,at\n",
            static number => $"ann,{number}\n",
            [int.MinValue, int.MaxValue]);

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Instants_that_are_numbers_in_the_text(string delay) =>
        await CheckAsync<StampTicks>(
            delay,
            1_000,
            "stamps.csv",
            "user,at\n",
            static number => $"ann,{number}\n",
            [.. Ends, .. Ends.Select(static end => end / 1_000)]);

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task Instants(string delay) => await CheckAsync<ClickTicks>(
        delay,
        1,
        "clicks.csv",
        "user,at,value\n",
        static number => $"ann,{DateTime.UnixEpoch.AddTicks((long)number * 10):yyyy-MM-ddTHH:mm:ss.ffffff}Z,1\n",
        [
            .. ((DateTime[])[
                DateTime.MinValue,
                DateTime.MaxValue,
                DateTime.MinValue.AddYears(1),
                DateTime.MaxValue.AddYears(-1)
            ]).Select(static end => (BigInteger)((end.Ticks - DateTime.UnixEpoch.Ticks) / 10)),
            Earliest - 1,
            TooLate
        ]);

    [Fact]
    public async Task A_bad_time_is_reported_with_its_row()
    {
        var (_, bad, _) = await RunAsync<MicrosecondTicks>(
            "00:00:00",
            ("ticks.csv", $"user,at\nann,{NoonMicros}\nann,9223372036825200000\n"));
        Assert.Equal([
            "ticks.csv,3,at,the event time 9223372036825200000 µs since 1970 is outside of the years 2 to 9998,\"ann,9223372036825200000\""
        ], bad);
        (_, bad, _) = await RunAsync<ClickTicks>("00:00:00", ("clicks.csv", "user,at,value\nann,9999-12-31T23:59:59.999999Z,5\n"));
        Assert.Equal(
            ["clicks.csv,2,at,the event time 9999-12-31T23:59:59.999999Z is outside of the years 2 to 9998,\"ann,9999-12-31T23:59:59.999999Z,5\""],
            bad);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1024)]
    public void A_source_that_hands_over_whole_rows_has_bad_rows_too(int batchSize)
    {
        using var test = PipelineTest.For<ClickTicks>(options => options.BatchSize = batchSize);
        test.Send(
            nameof(ClickTicks.Rows),
            new Click("ann", Noon, 1),
            new Click("ann", DateTime.MaxValue, 2),
            new Click("ann", default, 3),
            new Click("ann", Noon.AddSeconds(1), 4),
            new Click("ann", DateTime.MaxValue, 5),
            new Click("ann", Noon.AddSeconds(10), 6));
        Assert.Equal([new Ticks("ann", NoonMicros, 2)], test.Read<Ticks>(nameof(ClickTicks.Counts)));
        var bad = test.Read<BadRow>(nameof(ClickTicks.Bad));
        Assert.Equal(["row 1 of the test", "row 2 of the test", "row 4 of the test"], bad.Select(static row => row.Source));
        Assert.All(bad, static row => Assert.Equal((BadRow.NoPosition, "at"), (row.Position, row.Column)));
        Assert.Contains("Value = 5", bad[2].Text, StringComparison.Ordinal);
        Assert.Equal((3, 3, 0), (test.Counters.Bad, RowsOf(test.Counters), test.Counters.Late));

        static long RowsOf(SubtaskCounters counters) => counters.RowsIn / 2;
    }

    [Fact]
    public void Where_bad_rows_fail_a_row_with_a_bad_time_fails_the_pipeline_and_says_where()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        var error = Assert.Throws<BadRowException>(() => test.Send(
            nameof(ClicksPipeline.Clicks),
            new Click("ann", Noon, 1),
            new Click("bob", DateTime.MinValue, 2)));
        Assert.StartsWith(
            "PSR301: Pipeline 'ClicksPipeline', source 'Clicks': row 1 of the test, column 'at': the event time 0001-01-01T00:00:00Z is outside of the years 2 to 9998",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_are_instants_in_values_keys_and_headers_of_messages()
    {
        var box = new LetterBox();
        const string Value = "{\"at\":978350400000001,\"maybe\":978350400000000100}";
        box.Put("978350400", Value, ("seen", "978350400123"));
        box.Put("-1", "{\"at\":-1,\"maybe\":null}", ("seen", null));
        box.Put("1", "{\"at\":9223372036825200000,\"maybe\":null}");
        box.Put("x", "{\"at\":1,\"maybe\":null}");
        box.Put("1.5", "{\"at\":253370764800000000,\"maybe\":null}");
        await RunAsync<StampedLetters>("00:00:00", box);
        Assert.Equal(
            [("978350400", Value, "978350400123"), ("-1", "{\"at\":-1,\"maybe\":null}", null)],
            box.Outgoing
                .Where(static letter => letter.Headers.Length == 1)
                .Select(static letter => (letter.Key, letter.Text, letter.Headers[0].Text)));
        string[] errors = [.. box.Outgoing
            .Where(static letter => letter.Headers.Length > 1)
            .Select(static letter => letter.Headers.Single(static header => header.Name == "penstock-error").Text!)];
        Assert.Equal(
            [
                "'9223372036825200000' is not a number of microseconds since 1970, in the years 1 to 9999",
                "'x' is not a number of seconds since 1970, in the years 1 to 9999",
                "the event time 9999-01-01T00:00:00Z is outside of the years 2 to 9998",
            ],
            errors);

        box = new LetterBox();
        box.Put("978350400", "978350400000001,");
        await RunAsync<StampedCsvLetters>("00:00:00", box);
        var letter = Assert.Single(box.Outgoing);
        Assert.Equal(("978350400000001", "978350400000001,"), (letter.Key, letter.Text));
    }

    [Fact]
    public async Task Every_unit_is_read_and_written_in_every_format()
    {
        const string Plain = "978350400,978350400001,978350400000001,978350400000000100";
        string[] csv =
        [
            Plain,
            "-1,-1,,",
            "\"0\",\"0\",\"0\",\"0\"",
            "0.5,1e3,2.9,250.9",
            "-62135596800,253402300799999,,",
            "-62135596801,0,,",
            "0,253402300800000,,",
            "0,0,,253370764799000000100",
            "0,0,,9223372036854775807000",
            "0,,,",
            ",0,,",
            "1x,0,,",
            "0,NaN,,",
        ];
        string[] written =
        [
            Plain,
            "-1,-1,,",
            "0,0,0,0",
            "0,1000,2,200",
            "-62135596800,253402300799999,,",
            "0,0,,253370764799000000100",
        ];
        var json = csv.Select(static row => row.Split(',')).Select(static row => Json(row[0], row[1], row[2], row[3]));
        var files = await FilesAsync<CopyUnits>(
            "00:00:00",
            new LetterBox(),
            ("units.csv", "seconds,milliseconds,us,nanoseconds\n" + string.Join('\n', csv)),
            ("units.jsonl", string.Join('\n', json)));
        Assert.Equal(
            written.Select(static row => row.Split(',')).Select(static row => Json(row[0], row[1], row[2], row[3])),
            Lines(files, "out/units-", ".jsonl"));
        Assert.Equal(written, Lines(files, "out/units-", ".csv").Skip(1));
        Assert.Equal(csv.Length - written.Length, Lines(files, "bad/csv-", ".csv").Count() - 1);
        Assert.Equal(csv.Length - written.Length, Lines(files, "bad/json-", ".csv").Count() - 1);

        static string Json(params string[] values) =>
            $"{{\"seconds\":{Of(values[0])},\"milliseconds\":{Of(values[1])},\"us\":{Of(values[2])},\"nanoseconds\":{Of(values[3])}}}";

        static string Of(string value) => value.Length == 0 ? "null" : value;
    }

    // Good rows around the limits, in order and late; each number as it is written.
    private static async Task CheckAsync<T>(
        string delay,
        long unit,
        string file,
        string header,
        Func<BigInteger, string> line,
        BigInteger[] ends)
        where T : class, IPipeline
    {
        var noon = NoonMicros / unit;
        var second = Math.Max(1, 1_000_000 / unit);
        var numbers = new List<BigInteger> { noon, noon + second };
        foreach (var end in ends)
        {
            numbers.Add(end);
            numbers.Add(noon + 12 * second);
            numbers.Add(noon + 2 * second);
        }

        if (ends[0] < Earliest / unit)
        {
            // These numbers fit into the type.
            numbers.Add(Earliest / unit + 1);
            numbers.Add((TooLate - 1) / unit);
        }

        var (counts, bad, late) = await RunAsync<T>(delay, (file, header + string.Concat(numbers.Select(line))));
        var expected = Expected(numbers.Select(number => number * unit), TimeSpan.Parse(delay, CultureInfo.InvariantCulture));
        Assert.Equal(expected.Counts, counts);
        Assert.Equal(expected.Bad, bad.Length);
        Assert.Equal(expected.Late, late);
    }

    private static (string[] Counts, int Bad, long Late) Expected(IEnumerable<BigInteger> times, TimeSpan delay)
    {
        BigInteger size = 10_000_000;
        var windows = new SortedDictionary<BigInteger, int>();
        BigInteger? newest = null;
        var (bad, late) = (0, 0L);
        foreach (var time in times)
        {
            var start = time - (time % size + size) % size;
            if (time < Earliest || time >= TooLate)
            {
                bad++;
            }
            else if (newest is { } known && start + size <= known - delay.Ticks / 10)
            {
                late++;
            }
            else
            {
                windows[start] = windows.GetValueOrDefault(start) + 1;
                newest = BigInteger.Max(newest ?? time, time);
            }
        }

        return ([.. windows.Select(static window => $"ann,{window.Key},{window.Value}")], bad, late);
    }

    private static async Task<(string[] Counts, string[] Bad, long Late)> RunAsync<T>(string delay, (string Path, string Text) input)
        where T : class, IPipeline
    {
        var late = 0L;
        var files = await FilesAsync<T>(delay, new LetterBox(), status => late = status.Late, input);
        return ([.. Lines(files, "out/counts-", ".csv").Skip(1)], [.. Lines(files, "out/bad-", ".csv").Skip(1)], late);
    }

    private static Task RunAsync<T>(string delay, LetterBox box)
        where T : class, IPipeline => FilesAsync<T>(delay, box);

    private static IEnumerable<string> Lines(
        MemoryFileSystem files,
        string begin,
        string end) => files.List(Path.GetFullPath(Path.GetDirectoryName(begin)!))
        .Where(path => path.StartsWith(Path.GetFullPath(begin), StringComparison.Ordinal) && path.EndsWith(end, StringComparison.Ordinal))
        .SelectMany(path =>
        {
            using var file = files.OpenRead(path);
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            return Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        });

    private static Task<MemoryFileSystem> FilesAsync<T>(string delay, LetterBox box, params (string Path, string Text)[] input)
        where T : class, IPipeline => FilesAsync<T>(delay, box, static _ => { }, input);

    private static async Task<MemoryFileSystem> FilesAsync<T>(
        string delay,
        LetterBox box,
        Action<PipelineStatus> done,
        params (string Path, string Text)[] input)
        where T : class, IPipeline
    {
        var files = new MemoryFileSystem();
        foreach (var (path, text) in input)
        {
            files.Add(path, text);
        }

        var options = new PipelineOptions
        {
            Sources = { ["Rows"] = new SourceOptions { MaxDelay = TimeSpan.Parse(delay, CultureInfo.InvariantCulture) } }
        };
        options.Checkpoints.Path = "checkpoints";
        options.Restart.Strategy = RestartStrategy.None;
        var runner = (TestEnvironment.Create(T.Plan.Name, options, box) with { Files = files }).RunnerOf<T>();
        await runner.RunAsync(TestContext.Current.CancellationToken);
        done(runner.Status());
        return files;
    }
}
