using Microsoft.Extensions.DependencyInjection;
using Penstock.Runtime.Tests.Testing.Simulation;
using Penstock.Tasks;
using Penstock.Testing;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sources.Columns;

/// <summary>
/// Sources that return columns, and sinks that receive them, with rows in between. Each row occurs once, and each column has the returned
/// values.
/// </summary>
public sealed class ColumnTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1000, 1, 1)]
    [InlineData(1000, 3, 2)]
    [InlineData(3, 7, 2)]
    public void Every_form_of_column_comes_out_as_it_went_in(int rows, int splits, int parallelism)
    {
        var job = Run<MeterPipeline, Meter>(MeterTable.Of(rows, splits), parallelism);
        Assert.Equal(
            Enumerable.Range(0, rows).Select(MeterTable.Line).Order(StringComparer.Ordinal),
            job.Output.Lines.Order(StringComparer.Ordinal));
        Assert.Equal(
            Enumerable.Repeat(
                "id: Int64, name: String, value: Double, limit: Double?, note: String?, unit: Unit, other: Unit?, place.city: String, place.floor: Int32?, at: DateTime, raw: Byte[]?, price: Decimal, grade: Int32?, tariff: String",
                parallelism),
            job.Output.Schemas);
    }

    [Fact]
    public void Columns_that_may_be_left_out_are_taken_where_they_are_there()
    {
        var table = MeterTable.Of(2).With("price", [1m, 2m]).WithNulls<int>("grade", [7, null]).With("tariff", ["night", "day"]);
        Assert.Equal(
            ["1|7|night", "2|null|day"],
            Run<MeterPipeline, Meter>(table).Output.Lines.Select(static line => string.Join('|', line.Split('|')[^3..])));
    }

    [Fact]
    public void A_default_is_no_bad_row_whatever_it_is()
    {
        Assert.Equal(["1|none", "2|none"], Run<LabelPipeline, Label>(new Table<Label>(2, 1).With<long>("id", [1, 2])).Output.Lines);
        Assert.Equal(["1|some"], Run<LabelPipeline, Label>(new Table<Label>(1, 1).With<long>("id", [1]).With("text", ["a"])).Output.Lines);
    }

    [Fact]
    public void Only_columns_that_are_read_are_asked_for()
    {
        var table = MeterTable.Of(100, 2);
        var job = Run<LevelPipeline, Meter, Level>(table, 2);
        Assert.Equal(Enumerable.Repeat("id: Int64, value: Double, note: String?, unit: Unit, place.floor: Int32?", 2), table.Projections);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(MeterTable.LevelLine).Order(StringComparer.Ordinal),
            job.Output.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_of_which_nothing_is_read_are_counted()
    {
        var table = MeterTable.Of(100);
        Assert.Equal(Enumerable.Repeat("1|0|null|-2|null", 100), Run<CountPipeline, Meter, Level>(table, 1).Output.Lines);
        Assert.Equal([""], table.Projections);
    }

    [Fact]
    public void Classes_are_made_and_taken_apart_as_structs_are()
    {
        var table = new Table<MeterReport>(2, 1).With<long>("id", [1, 2])
            .With("text", ["a", "b"])
            .WithNulls<double>("limit", [null, 0.5])
            .With<short>("unit", [1, -2]);
        Assert.Equal(["1|a|null|1", "2|b|0.5|-2"], Run<ReportPipeline, MeterReport>(table).Output.Lines);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nulls_where_none_can_be_and_rows_that_the_reader_refuses_are_bad_rows(int parallelism)
    {
        const int rows = 60;
        var names = Enumerable.Range(0, rows).Select(static row => row % 7 == 3 ? null : $"meter {row % 11}").ToArray();
        var units = Enumerable.Range(0, rows).Select(static row => row % 10 == 9 ? null : (short?)MeterTable.Unit(row)).ToArray();
        var table = MeterTable.Of(rows, parallelism).With("name", names).WithNulls("unit", units);
        table.Unreadable.UnionWith([0, 11, 59]);
        var job = Run<MeterPipeline, Meter>(table, parallelism);
        var good = Enumerable.Range(0, rows)
            .Where(row => !table.Unreadable.Contains(row) && names[row] != null && units[row] != null)
            .ToList();
        Assert.Equal(good.Select(MeterTable.Line).Order(StringComparer.Ordinal), job.Output.Lines.Order(StringComparer.Ordinal));
        var bad = Enumerable.Range(0, rows).Except(good).Select(row =>
            table.Unreadable.Contains(row) ? $"table|{row}||cannot be read|row {row}"
            : $"row {row} of the table|-1|{(names[row] == null ? "name" : "unit")}|expected a value, found null|");
        var found = job.Bad.Lines
            .Select(static line => line.Split('|'))
            .Select(static fields => string.Join(
                '|',
                [.. fields[..4], fields[4].StartsWith("id: ", StringComparison.Ordinal) ? "" : fields[4]]));
        Assert.Equal(bad.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.Equal((rows, bad.Count()), ((int)job.Status.Rows + (int)job.Status.Bad, (int)job.Status.Bad));
        Assert.Contains(
            job.Bad.Lines,
            static line => line.Contains("|id: 1003, name: null, value: 4.5, limit: null,", StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_that_cannot_be_made_is_named()
    {
        var numbers = Enumerable.Range(0, 30).Select(static row => row == 17 ? -1 : row).ToArray();
        var error = Fails<CheckedPipeline, Checked>(new Table<Checked>(30, 1).With("number", numbers).With("other", new int[30]));
        Assert.Contains(
            "a row of stream 'Numbers' cannot be made at row 17 of the table: ArgumentOutOfRangeException: Too small.",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_cannot_be_taken_apart_is_named()
    {
        var others = new int[30];
        others[17] = 101;
        var error = Fails<CheckedPipeline, Checked>(
            new Table<Checked>(30, 1).With("number", Enumerable.Range(0, 30).ToArray()).With("other", others),
            includeRowText: false);
        Assert.Contains(
            "a row cannot be written to sink 'Numbers/TableSink<Checked>': InvalidOperationException: Too large.",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_ends_behind_as_many_rows_as_a_batch_has_also_where_all_are_bad()
    {
        const int Rows = 100;
        var table = MeterTable.Of(Rows).WithNulls("value", new double?[Rows]);
        var job = new Job<Meter>(new Output<Meter>(), new Output<BadRow>());
        await job.Run<MeterPipeline>(Services(table, job.Output, job.Bad), options =>
        {
            options.BatchSize = 16;
            options.Sources["Meters"] = new SourceOptions { OnBadRow = BadRowPolicy.SideOutput };
        });
        Assert.Equal((0L, Rows), (job.Status.Rows, job.Status.Bad));
        Assert.Equal(Rows, table.Reads.Sum());
        Assert.All(table.Reads, static rows => Assert.InRange(rows, 0, 16));
    }

    [Theory]
    [InlineData("lacking", "Append was called for 5 rows, but column 'note' was not set.")]
    [InlineData("short", "Append was called for 5 rows, but column 'note' has 4 values.")]
    [InlineData("mask", "Append was called for 5 rows, but column 'note' says of 4 values whether they are valid.")]
    [InlineData("type", "Column 'note' was handed over as values of type Int32. It has values of type String.")]
    [InlineData("index", "Set was called for column 5, but the columns that are read are 0 to 4: the columns passed to SetProjection.")]
    [InlineData("more", "Append was called for 100000 rows, where 0 to 1024 are possible.")]
    [InlineData("less", "Append was called for -1 rows, where 0 to 1024 are possible.")]
    public void A_mistake_of_a_reader_is_reported_and_not_retried(string mistake, string message)
    {
        var table = MeterTable.Of(10);
        table.Appending = (columns, _, count) =>
        {
            switch (mistake)
            {
                case "short":
                    columns.Set<string>(2, new string[count - 1]);
                    break;
                case "mask":
                    columns.Set<string>(2, new string[count], new bool[count - 1]);
                    break;
                case "type":
                    columns.Set<int>(2, new int[count]);
                    break;
                case "index":
                    columns.Set<int>(5, new int[count]);
                    break;
                case "more" or "less":
                    columns.Append(mistake == "more" ? 100_000 : -1);
                    break;
                case "lacking":
                    columns.Append(count);
                    columns.Set<long>(0, new long[count]);
                    columns.Set<double>(1, new double[count]);
                    break;
            }
        };
        Assert.Equal($"PSR209: Pipeline 'LevelPipeline': source 'Meters' is wrong: {message}", Fails<LevelPipeline, Meter, Level>(table));
    }

    [Fact]
    public void An_empty_block_appends_nothing()
    {
        var table = MeterTable.Of(50);
        table.Appending = (columns, start, count) =>
        {
            columns.Append(0);
            table.Set(columns, start, count);
        };
        Assert.Equal(Enumerable.Range(0, 50).Select(MeterTable.LevelLine), Run<LevelPipeline, Meter, Level>(table, 1).Output.Lines);
    }

    [Fact]
    public void Crashes_and_restarts_lose_and_double_no_row()
    {
        var crashes = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var rows = random.Next(1, 400);
            var table = MeterTable.Of(rows, random.Next(1, 5));
            table.BlockSize = random.Next(1, 40);
            table.Unreadable.UnionWith(Enumerable.Range(0, rows).Where(_ => random.Next(20) == 0));
            var output = new Output<Meter>();
            var bad = new Output<BadRow>();
            var job = new SimulatedJob(
                PipelineDefinition.Of<MeterPipeline>(),
                random.Next(),
                static (options, random) => RandomFaults.Configure(options, random, MeterPipeline.Plan))
            {
                Services = Services(table, output, bad),
            };
            var scale = RandomFaults.Scale(random);
            for (var process = random.Next(RandomFaults.MaxProcesses); process > 0
                && job.RunProcess(RandomFaults.Next(random, scale)) != ProcessEnd.Finished; process--)
            {
                // What follows is another process.
            }

            Assert.Equal(ProcessEnd.Finished, job.RunProcess(default));
            crashes += job.Crashes;
            Assert.Null(JobOutput.Differ(
                $"seed {seed}",
                Enumerable.Range(0, rows).Where(row => !table.Unreadable.Contains(row)).Select(MeterTable.Line),
                output.Lines));
            Assert.Null(JobOutput.Differ(
                $"seed {seed}",
                table.Unreadable.Select(static row => $"table|{row}||cannot be read|row {row}"),
                bad.Lines));
        }

        Assert.True(crashes > 20, $"{crashes} crashes");
    }

    [Fact]
    public void A_test_of_the_pipeline_sends_rows()
    {
        using var test = PipelineTest.For<LevelPipeline>();
        var report = test.ExploreCrashes<Meter>([
            .. Enumerable.Range(0, 40).Select(static row => new Meter(row, "", row, null, null, Unit.Litre, null, default, default, null))
        ], seeds: 15);
        Assert.True(report.Crashes.Values.Sum() > 0);
    }

    internal static ServiceProvider Services<T, TOut>(Table<T> table, Output<TOut> output, Output<BadRow> bad) =>
        new ServiceCollection().AddSingleton(table).AddSingleton(output).AddSingleton(bad).BuildServiceProvider();

    private static Job<T> Run<TPipeline, T>(Table<T> table, int parallelism = 1)
        where TPipeline : class, IPipeline => Run<TPipeline, T, T>(table, parallelism);

    private static Job<TOut> Run<TPipeline, T, TOut>(Table<T> table, int parallelism)
        where TPipeline : class, IPipeline
    {
        var job = new Job<TOut>(new Output<TOut>(), new Output<BadRow>());
        job.Run<TPipeline>(Services(table, job.Output, job.Bad), options => options.Parallelism = parallelism).GetAwaiter().GetResult();
        return job;
    }

    private static string Fails<TPipeline, T>(Table<T> table, bool includeRowText = true)
        where TPipeline : class, IPipeline => Fails<TPipeline, T, T>(table, includeRowText);

    private static string Fails<TPipeline, T, TOut>(Table<T> table, bool includeRowText = true)
        where TPipeline : class, IPipeline
    {
        var job = new Job<TOut>(new Output<TOut>(), new Output<BadRow>());
        Assert.NotNull(Record.Exception(() => job
            .Run<TPipeline>(Services(table, job.Output, job.Bad), options => options.IncludeRowText = includeRowText)
            .GetAwaiter()
            .GetResult()));
        Assert.Equal(0, job.Status.Restarts);
        return job.Status.Error!.Message;
    }

    private sealed class Job<TOut>(Output<TOut> output, Output<BadRow> bad)
    {
        public Output<TOut> Output => output;

        public Output<BadRow> Bad => bad;

        public PipelineStatus Status { get; private set; } = null!;

        public async Task Run<TPipeline>(IServiceProvider services, Action<PipelineOptions> configure)
            where TPipeline : class, IPipeline
        {
            var options = new PipelineOptions();
            options.Restart.MaxFailuresPerRow = 1;
            configure(options);
            var runner = (TestEnvironment.Create(TPipeline.Plan.Name, options) with { Services = services }).RunnerOf<TPipeline>();
            try
            {
                await runner.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
            }
            finally
            {
                Status = runner.Status();
            }
        }
    }
}
