using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Validation.Pipelines;

/// <summary>Which streams of updates sinks accept, and what their formats can write.</summary>
public sealed class SinkChangelogTests
{
    private const string NoDeletes = "Totals";
    private const string Deletes = "Small";

    // The sink, its stream, and the marked text of the finding.
    [Theory]
    [InlineData("FileSink(\"t.csv\")", NoDeletes, "PEN540 FileSink")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.AppendOnly)", NoDeletes, "PEN540 FileSink")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.EveryVersion)", NoDeletes, "")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.OpColumn)", NoDeletes, "")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.Debezium)", NoDeletes, "PEN541 ChangelogFormat.Debezium")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.Upsert)", NoDeletes, "PEN541 ChangelogFormat.Upsert")]
    [InlineData("FileSink(\"t.csv\", Changelog = (ChangelogFormat)7)", NoDeletes, "PEN541 (ChangelogFormat)7")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.Debezium)", NoDeletes, "")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.EveryVersion)", Deletes, "PEN542 ChangelogFormat.EveryVersion")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.OpColumn)", Deletes, "")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.Debezium)", Deletes, "")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.OpColumn)", "Hidden", "PEN131 ChangelogFormat.OpColumn")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.Debezium)", "Hidden", "PEN131 ChangelogFormat.Debezium")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.EveryVersion)", "Hidden", "")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.OpColumn)", "Orders", "")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.Debezium)", "Orders", "")]
    [InlineData("FileSink(\"t.jsonl\", Changelog = ChangelogFormat.Upsert)", "Orders", "PEN541 ChangelogFormat.Upsert")]
    [InlineData("KafkaSink(\"t\")", NoDeletes, "PEN540 KafkaSink")]
    [InlineData("KafkaSink(\"t\", Changelog = ChangelogFormat.Upsert)", NoDeletes, "PEN543 ChangelogFormat.Upsert")]
    [InlineData("KafkaSink(\"t\", Key = \"Shop\", Changelog = ChangelogFormat.Upsert)", NoDeletes, "PEN543 \"Shop\"")]
    [InlineData("KafkaSink(\"t\", Key = \"Sum\", Changelog = ChangelogFormat.Upsert)", NoDeletes, "PEN543 \"Sum\"")]
    [InlineData("KafkaSink(\"t\", Key = \"Id\", Changelog = ChangelogFormat.Upsert)", NoDeletes, "")]
    [InlineData("KafkaSink(\"t\", Key = \"Id\", Changelog = ChangelogFormat.Upsert)", Deletes, "")]
    [InlineData("KafkaSink(\"t\", Key = \"Id\", Changelog = ChangelogFormat.Upsert)", "Hidden", "PEN131 ChangelogFormat.Upsert")]
    [InlineData("KafkaSink(\"t\", Key = \"Shop\", Changelog = ChangelogFormat.Upsert)", "Orders", "")]
    [InlineData("KafkaSink(\"t\", Format = MessageFormat.Csv, Changelog = ChangelogFormat.OpColumn)", Deletes, "")]
    [InlineData(
        "KafkaSink(\"t\", Format = MessageFormat.Csv, Changelog = ChangelogFormat.Debezium)",
        Deletes,
        "PEN541 ChangelogFormat.Debezium")]
    [InlineData("KafkaSink(\"t\", Changelog = ChangelogFormat.Debezium)", Deletes, "")]
    [InlineData("KafkaSink(\"t\", Changelog = ChangelogFormat.EveryVersion)", Deletes, "PEN542 ChangelogFormat.EveryVersion")]
    [InlineData(
        "KafkaSink(\"t\", Format = MessageFormat.Csv, Changelog = ChangelogFormat.OpColumn)",
        "Taken",
        "PEN544 ChangelogFormat.OpColumn")]
    [InlineData("FileSink(\"t.csv\", Changelog = ChangelogFormat.OpColumn)", "Taken", "PEN544 ChangelogFormat.OpColumn")]
    [InlineData("S3Sink(\"s3://b/t.csv\")", NoDeletes, "PEN540 S3Sink")]
    [InlineData("S3Sink(\"s3://b/t.csv\", Changelog = ChangelogFormat.OpColumn)", NoDeletes, "")]
    [InlineData("S3Sink(\"s3://b/t.csv\", Changelog = ChangelogFormat.Debezium)", NoDeletes, "PEN541 ChangelogFormat.Debezium")]
    [InlineData("S3Sink(\"s3://b/t.jsonl\", Changelog = ChangelogFormat.Debezium)", Deletes, "")]
    [InlineData("S3Sink(\"s3://b/t.jsonl\", Changelog = ChangelogFormat.Upsert)", Deletes, "PEN541 ChangelogFormat.Upsert")]
    [InlineData("S3Sink(\"s3://b/t.jsonl\", Changelog = ChangelogFormat.EveryVersion)", Deletes, "PEN542 ChangelogFormat.EveryVersion")]
    [InlineData("S3Sink(\"s3://b/t.csv\", Changelog = ChangelogFormat.OpColumn)", "Taken", "PEN544 ChangelogFormat.OpColumn")]
    [InlineData("S3Sink(\"s3://b/t.jsonl\", Changelog = ChangelogFormat.OpColumn)", "Taken", "PEN544 ChangelogFormat.OpColumn")]
    [InlineData("S3Sink(\"s3://b/t.jsonl\", Changelog = ChangelogFormat.Debezium)", "Taken", "")]
    [InlineData("Sink<Plain>", NoDeletes, "PEN540 Sink<Plain>")]
    [InlineData("Sink<Applying>", Deletes, "")]
    public void Sink_of_a_stream(string sink, string stream, string expected)
    {
        var result = TestCompiler.BuildShop(Program(sink, stream));
        if (expected.Length == 0)
        {
            result.AssertClean();
            return;
        }

        Assert.Equal(
            [expected],
            result.Penstock.Select(static found =>
                $"{found.Id} {found.MarkedText()}"));
    }

    // The size of the window, an attribute of the column with its bound, and whether the full value is written.
    [Theory]
    [InlineData("10m", "", true)]
    [InlineData("10m", "Format = \"O\"", true)]
    [InlineData("10m", "Format = \"s\"", true)]
    [InlineData("1500ms", "Format = \"s\"", false)]
    [InlineData("10m", "Format = \"yyyy-MM-dd HH:mm\"", true)]
    [InlineData("10m", "Format = \"d. MMM yyyy, hh:mm tt\"", true)]
    [InlineData("10m", "Format = \"yyyy-MM-dd hh:mm\"", false)]
    [InlineData("10m", "Format = \"yyyy-MM-dd HH\"", false)]
    [InlineData("10m", "Format = \"yyyy-MM-dd HH'mm'\"", false)]
    [InlineData("10m", "Format = \"yy-MM-dd HH:mm\"", false)]
    [InlineData("10m", "Format = \"'yyyy'yy-MM-dd HH:mm\"", false)]
    [InlineData("10m", "Format = \"yyyy-MM dddd HH:mm\"", false)]
    [InlineData("1d", "Format = \"yyyy-MM-dd\"", true)]
    [InlineData("36h", "Format = \"yyyy-MM-dd\"", false)]
    [InlineData("30s", "Format = \"yyyy-MM-dd HH:mm\"", false)]
    [InlineData("30s", "Format = \"yyyy-MM-dd HH:mm:ss\"", true)]
    [InlineData("1500ms", "Format = \"yyyy-MM-dd HH:mm:ss.fff\"", true)]
    [InlineData("1500ms", "Format = \"yyyy-MM-dd HH:mm:ss.FFF\"", true)]
    [InlineData("1500us", "Format = \"yyyy-MM-dd HH:mm:ss.fff\"", false)]
    [InlineData("10m", "Format = \"R\"", true)]
    [InlineData("1500ms", "Format = \"R\"", false)]
    [InlineData("10m", "Format = \"yyyy-MM-dd HH:mm z\"", true)]
    [InlineData("10m", "Unit = TimeUnit.Seconds", true)]
    [InlineData("1500ms", "Unit = TimeUnit.Seconds", false)]
    [InlineData("1500ms", "Unit = TimeUnit.Milliseconds", true)]
    [InlineData("1500us", "Unit = TimeUnit.Milliseconds", false)]
    [InlineData("1500us", "Unit = TimeUnit.Nanoseconds", true)]
    public void Column_of_a_bound_has_to_have_all_of_it(string size, string column, bool isWhole) => CheckColumn(
        isWhole, CutProgram(
            $"public readonly record struct Row(string Id, {ColumnOf(column)} DateTimeOffset Moment, int Count);",
            "string Shop",
            "\"Shop\"",
            size,
            "new(window.Key, window.End.AddMinutes(-1), 1)"));

    // The type of the key, and an attribute of its column.
    [Theory]
    [InlineData("DateTimeOffset", "", true)]
    [InlineData("DateTimeOffset", "Format = \"o\"", true)]
    [InlineData("DateTimeOffset", "Format = \"yyyy-MM-dd HH:mm:ss\"", false)]
    [InlineData("DateTimeOffset", "Format = \"s\"", false)]
    [InlineData("DateTime", "Format = \"yyyy-MM-ddTHH:mm:ss.fffffff\"", true)]
    [InlineData("DateTime", "Format = \"yyyy-MM-ddTHH:mm:ss.ffffff\"", false)]
    [InlineData("DateTimeOffset", "Format = \"yyyy-MM-ddTHH:mm:ss.fffffff\"", true)]
    [InlineData("DateTimeOffset", "Format = \"yyyy-MM-ddTHH:mm:ss.fffffffzzz\"", true)]
    [InlineData("DateTimeOffset", "Format = \"yyyy-MM-ddTHH:mm:ss.FFFFFFFK\"", true)]
    [InlineData("DateTimeOffset", "Format = \"yyyy-MM-ddTHH:mm:ss.fffffffzz\"", false)]
    [InlineData("DateTime", "Format = \"yyyy-MM-ddTHH:mm:ss.fffffffzz\"", true)]
    [InlineData("DateTimeOffset", "Unit = TimeUnit.Microseconds", false)]
    [InlineData("DateTimeOffset", "Unit = TimeUnit.Nanoseconds", true)]
    [InlineData("DateOnly", "Format = \"dd.MM.yyyy\"", true)]
    [InlineData("DateOnly", "Format = \"MM.yyyy\"", false)]
    [InlineData("DateOnly", "Format = \"dd.MM.yy\"", false)]
    [InlineData("TimeOnly", "Format = \"HH:mm\"", false)]
    [InlineData("TimeOnly", "Format = \"O\"", true)]
    [InlineData("TimeOnly", "Format = \"HH:mm:ss.fffffff\"", true)]
    [InlineData("TimeOnly", "Format = \"R\"", false)]
    [InlineData("DateOnly", "Format = \"R\"", true)]
    [InlineData("DateOnly", "Format = \"D\"", true)]
    [InlineData("TimeSpan", "Format = \"G\"", true)]
    [InlineData("TimeSpan", "Format = \"c\"", true)]
    [InlineData("TimeSpan", "Format = \"hh\\\\:mm\"", false)]
    [InlineData("decimal", "", true)]
    public void Column_of_a_key_has_to_have_all_of_it(string key, string column, bool isWhole) => CheckColumn(
        isWhole, CutProgram(
            $"public readonly record struct Row({ColumnOf(column)} {key} Moment, DateTimeOffset End, int Count);",
            $"{key} Part",
            "\"Part\"",
            "10m",
            "new(window.Key, window.End, 1)"));

    [Theory]
    [InlineData("string? Shop", "string? Id", "window.Key", true)]
    [InlineData("string? Shop", "string Id", "window.Key!", false)]
    [InlineData("string? Shop", "string? Id", "$\"{window.Key}\"", false)]
    public void A_key_that_can_be_null_needs_a_column_that_can_be_null(string part, string id, string value, bool isWhole)
    {
        var program = CutProgram(
            $"public readonly record struct Row({id}, DateTimeOffset Moment, int Count);",
            part,
            "\"Shop\"",
            "10m",
            $"new({value}, window.End, 1)");
        foreach (var text in new[] { program, program.Replace("rows.csv", "rows.jsonl", StringComparison.Ordinal) })
        {
            var result = TestCompiler.BuildShop(text);
            if (isWhole)
            {
                result.AssertClean();
                continue;
            }

            var found = Assert.Single(result.Penstock);
            Assert.Equal("PEN131", found.Id);
            Assert.EndsWith(
                "and copy the key into a member of it unchanged, as a nullable member, because it can be null",
                found.GetMessage(CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
        }
    }

    // The stream type contains less than the rows of its operator.
    [Fact]
    public void A_column_writes_null_only_where_the_row_of_the_stream_says_so()
    {
        var program = CutProgram(
            "public readonly record struct Row<T>(T Id, DateTimeOffset Moment);",
            "string? Shop",
            "\"Shop\"",
            "10m",
            "new(window.Key, window.End)").Replace("private Row Close", "private Row<string?> Close", StringComparison.Ordinal);
        TestCompiler.BuildShop(program.Replace("Stream<Row>", "Stream<Row<string?>>", StringComparison.Ordinal))
            .AssertClean();
        var found = Assert.Single(TestCompiler.BuildShop(
            program.Replace("Stream<Row>", "Stream<Row<string>>", StringComparison.Ordinal)).Penstock);
        Assert.Equal("PEN131", found.Id);
        Assert.EndsWith(
            ": 'Id' may be null, which is written like an empty string, so declare it as nullable",
            found.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yyyyMMddHm")]
    [InlineData("yyyyMdHHmm")]
    [InlineData("yyyyMdHm")]
    public void Adjacent_fields_of_variable_length_are_reported(string format)
    {
        var found =
            Assert.Single(TestCompiler.BuildShop(CutProgram(
                $"public readonly record struct Row(string Id, {ColumnOf($"Format = \"{format}\"")} DateTimeOffset Moment, int Count);",
                "string Shop",
                "\"Shop\"",
                "10m",
                "new(window.Key, window.End, 1)")).Penstock);
        Assert.Equal("PEN131", found.Id);
        Assert.EndsWith(
            ": 'Moment' has fields in its Format that run together, so that several times give the same string, so separate them or write each letter twice",
            found.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_member_may_have_what_a_column_cuts_off() => CheckColumn(
        true,
        CutProgram(
            "public readonly record struct Row(string Id, [property: Column(Format = \"HH:mm\")] DateTimeOffset Moment, DateTimeOffset End, int Count);",
            "string Shop",
            "\"Shop\"",
            "10m",
            "new(window.Key, window.Start, window.End, 1)"));

    [Fact]
    public void Every_version_of_rows_that_have_nothing_of_the_key_is_of_no_use()
    {
        var program = CutProgram(
            "public readonly record struct Row(string Id, int Count);",
            "string Shop",
            "\"Shop\"",
            "10m",
            "new(window.Key, 1)").Replace("ChangelogFormat.OpColumn", "ChangelogFormat.EveryVersion");
        var found = Assert.Single(TestCompiler.BuildShop(program).Penstock);
        Assert.Equal("PEN131", found.Id);
        Assert.Equal(
            "ChangelogFormat.EveryVersion",
            found.MarkedText());
        Assert.Contains(
            "do not show the window, which identifies",
            found.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
        TestCompiler.BuildShop(program.Replace("new(window.Key, 1)", "new(window.Key + window.Start, 1)")).AssertClean();
    }

    private static string ColumnOf(string attribute) => attribute.Length == 0 ? "" : $"[property: Column({attribute})]";

    private static void CheckColumn(bool isWhole, string program)
    {
        var result = TestCompiler.BuildShop(program);
        if (isWhole)
        {
            result.AssertClean();
            return;
        }

        var found = Assert.Single(result.Penstock);
        Assert.Equal("PEN131", found.Id);
        Assert.Contains(
            "'Moment' is truncated when it is written, so choose a Format or Unit that keeps all of it",
            found.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    private static string CutProgram(string row, string part, string key, string size, string fired) => $$"""
        public readonly record struct Event({{part}}, DateTime At);
        {{row}}

        [Operator, KeyBy({{key}}), TumblingWindow("{{size}}", AllowedLateness = "1m")]
        public sealed partial class Counts
        {
            [Accumulate] private void Add(in Event row) { }
            [Fire] private Row Close(in Window<{{part.Split(' ')[0]}}> window) => {{fired}};
        }

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("events.csv")] [EventTime(nameof(Event.At))] public partial Stream<Event> Events { get; }
            [Apply<Counts>(nameof(Events))] [FileSink("rows.csv", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Row> Rows { get; }
        }
        """;

    [Fact]
    public void Messages_name_the_key_and_the_remedy()
    {
        var refused = Assert.Single(TestCompiler.BuildShop(Program("FileSink(\"t.csv\")", NoDeletes)).Penstock);
        Assert.Equal(
            "Sink 'Totals/t.csv' takes only new rows, but in stream 'Totals' (upsert by Shop, End) a row replaces the previous one with the same key: set Changelog, for example to ChangelogFormat.OpColumn, or remove AllowedLateness from the window of 'Totals'",
            refused.GetMessage(CultureInfo.InvariantCulture));
        var key = Assert.Single(TestCompiler.BuildShop(
            Program("KafkaSink(\"t\", Key = \"Shop\", Changelog = ChangelogFormat.Upsert)", Deletes)).Penstock);
        Assert.Equal(
            "The messages of sink 'Small/t' must have the key of stream 'Small' (upsert by Shop, End), or a message would replace those of other rows, or not the one of the previous version: set Key to a member that is computed only from 'Shop' and 'End', and from which each of them can be recovered",
            key.GetMessage(CultureInfo.InvariantCulture));
    }

    private static string Program(string sink, string stream) => $$"""
        using Penstock;
        using Penstock.Connectors;

        public readonly record struct Shift(string Shop, DateTimeOffset End, string Op);
        public readonly record struct Total(string Shop, DateTimeOffset End, decimal Sum, string Id);

        public class Plain : ISink<Total>
        {
            public ISinkWriter<Total> OpenWriter(int subtask) => throw new NotSupportedException();
            public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
        }

        public sealed class Applying : Plain, IChangelogSink
        {
            public void SetChangelog(Changelog changelog) => throw new NotSupportedException();
        }

        [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private Total Close(in Window<string> window) => new(window.Key, window.End, Sum, $"{window.Key} {window.End:O}");
        }

        [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class HiddenSums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private Total Close(in Window<string> window) { var key = window.Key; return new Total(key, window.End, Sum, key); }
        }

        [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Shifts
        {
            [Accumulate] private void Add(in Order order) { }
            [Fire] private Shift Close(in Window<string> window) => new(window.Key, window.End, "");
        }

        [Operator] public sealed partial class Less { [Filter] private static bool Keep(in Total row) => row.Sum < 9; }

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")] [EventTime(nameof(Order.PlacedAt))] {{(stream == "Orders" ? $"[{sink}]" : "")}} [FileSink("a.csv")] public partial Stream<Order> Orders { get; }
            [Apply<Sums>(nameof(Orders))] {{(stream == NoDeletes ? $"[{sink}]" : "")}} [FileSink("b.csv", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Total> Totals { get; }
            [Apply<HiddenSums>(nameof(Orders))] {{(stream == "Hidden" ? $"[{sink}]" : "")}} [FileSink("c.csv", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Total> Hidden { get; }
            [Apply<Shifts>(nameof(Orders))] {{(stream == "Taken" ? $"[{sink}]" : "")}} [FileSink("e.csv", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Shift> Taken { get; }
            [Apply<Less>(nameof(Totals))] {{(stream == Deletes ? $"[{sink}]" : "")}} [FileSink("d.csv", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Total> Small { get; }
        }
        """;
}
