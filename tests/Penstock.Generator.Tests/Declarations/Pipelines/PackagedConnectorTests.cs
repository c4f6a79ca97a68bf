using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.Pipelines;

/// <summary>The findings on connectors with their own attributes: on their formats, paths, metadata and updates.</summary>
public sealed class PackagedConnectorTests
{
    private const string Program = """
        public readonly record struct Sale([property: Metadata("key")] string Shop, decimal Amount, DateTimeOffset At);
        public readonly record struct Bill(string Shop, decimal Amount, DateTimeOffset At);
        public readonly record struct Hour(string Shop, decimal Sum);

        [Operator, KeyBy(nameof(Bill.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Bill bill) => Sum += bill.Amount;
            [Fire] private Hour Close(in Window<string> window) => new(window.Key, Sum);
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(JsonOnly))]
        public sealed class JsonSourceAttribute(string path) : SourceAttribute
        {
            public string Path { get; } = path;
            public FileFormat Format { get; set; }
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(JsonOnly))]
        public sealed class JsonSinkAttribute(string path) : SinkAttribute
        {
            public string Path { get; } = path;
            public FileFormat Format { get; }
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Both))]
        public sealed class BothSourceAttribute(string path) : SourceAttribute
        {
            public string Path { get; } = path;
            public FileFormat Format { get; }
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Both))]
        public sealed class CsvSourceAttribute(string path) : SourceAttribute
        {
            public string Path { get; } = path;
            [System.ComponentModel.DefaultValue(FileFormat.Csv)] public FileFormat Format => FileFormat.Csv;
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Both))]
        public sealed class PathlessSourceAttribute : SourceAttribute { public FileFormat Format { get; set; } }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Messages))]
        public sealed class PlainSinkAttribute(string path) : SinkAttribute
        {
            public string Path { get; } = path;
            public MessageFormat Format { get; set; }
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Updates))]
        public sealed class UpdateSinkAttribute(string path) : SinkAttribute
        {
            public string Path { get; } = path;
            public MessageFormat Format { get; set; }
        }

        [AttributeUsage(AttributeTargets.Property), Connector(typeof(Columns))]
        public sealed class ColumnSinkAttribute : SinkAttribute { public MessageFormat Format { get; set; } }

        public static class JsonOnly
        {
            public static Penstock.Connectors.ISource<T> CreateJsonLinesSource<T, TReader>(
                Penstock.Connectors.SourceContext context, JsonSourceAttribute attribute)
                where TReader : struct, Penstock.Formats.IJsonRowReader<T> => throw new NotSupportedException();

            public static Penstock.Connectors.ISink<T> CreateJsonLinesSink<T, TWriter>(
                Penstock.Connectors.SinkContext context, JsonSinkAttribute attribute)
                where TWriter : struct, Penstock.Formats.IRowWriter<T> => throw new NotSupportedException();
        }

        public static class Both
        {
            public static Penstock.Connectors.ISource<T> CreateCsvSource<T, TReader>(
                Penstock.Connectors.SourceContext context, SourceAttribute attribute)
                where TReader : struct, Penstock.Formats.ICsvRowReader<T> => throw new NotSupportedException();

            public static Penstock.Connectors.ISource<T> CreateJsonLinesSource<T, TReader>(
                Penstock.Connectors.SourceContext context, SourceAttribute attribute)
                where TReader : struct, Penstock.Formats.IJsonRowReader<T> => throw new NotSupportedException();
        }

        public static class Messages
        {
            public static Penstock.Connectors.ISink<T> CreateSink<T, TWriter>(
                Penstock.Connectors.SinkContext context, PlainSinkAttribute attribute)
                where TWriter : struct, Penstock.Formats.IMessageWriter<T> => throw new NotSupportedException();
        }

        public interface IUpdateSink<T> : Penstock.Connectors.ISink<T>, Penstock.Connectors.IChangelogSink;

        public static class Updates
        {
            public static IUpdateSink<T> CreateSink<T, TWriter>(
                Penstock.Connectors.SinkContext context, UpdateSinkAttribute attribute)
                where TWriter : struct, Penstock.Formats.IMessageWriter<T> => throw new NotSupportedException();
        }

        public static class Columns
        {
            public static Penstock.Connectors.IColumnSink<T> CreateSink<T, TWriter>(
                Penstock.Connectors.SinkContext context, ColumnSinkAttribute attribute)
                where TWriter : struct, Penstock.Formats.IMessageWriter<T> => throw new NotSupportedException();
        }
        """;

    // The attributes of a stream, the marked text of what is found, and the message.
    [Theory]
    [InlineData("[JsonSource(\"a.jsonl\")] [JsonSink(\"b.jsonl.gz\")]", "", "")]
    [InlineData("[JsonSource(\"a.archive\")] [JsonSink(\"b.archive\")]", "", "")]
    [InlineData("[JsonSource(\"a.csv\")]", "\"a.csv\"", "PEN554 [JsonSource] has no CSV: let the path end in .jsonl")]
    [InlineData("[JsonSource(\"a.csv\", Format = FileFormat.JsonLines)]", "", "")]
    [InlineData(
        "[JsonSource(\"a.jsonl\", Format = FileFormat.Csv)]",
        "FileFormat.Csv",
        "PEN554 [JsonSource] has no CSV: set Format to FileFormat.JsonLines")]
    [InlineData("[FileSource(\"a.csv\")] [JsonSink(\"b.csv\")]", "\"b.csv\"", "PEN554 [JsonSink] has no CSV: let the path end in .jsonl")]
    [InlineData(
        "[BothSource(\"a.data\")]",
        "\"a.data\"",
        "PEN501 The name 'a.data' does not show the format: end it in .csv or .jsonl (or .csv.gz, .jsonl.gz)")]
    [InlineData("[CsvSource(\"a.data\")]", "", "")]
    [InlineData("[PathlessSource]", "PathlessSource", "PEN501 [PathlessSource] does not show the format: set Format")]
    [InlineData("[PathlessSource(Format = FileFormat.Csv)]", "", "")]
    [InlineData("[JsonSource(\"\")]", "\"\"", "PEN514 [JsonSource] has no path: write one as its argument")]
    [InlineData("[FileSource(\"a.csv\")] [PlainSink(\" \")]", "\" \"", "PEN514 [PlainSink] has no path: write one as its argument")]
    [InlineData("[FileSource(\"\")]", "\"\"", "PEN514 The file source has no path: write one as its argument")]
    public void Formats_and_paths(string attributes, string marked, string message) => Check(
        $$"""
        [Pipeline]
        public sealed partial class P
        {
            {{attributes}}
            {{(attributes.Contains("Sink", StringComparison.Ordinal) ? "" : "[FileSink(\"copy.csv\")]")}}
            public partial Stream<Bill> Bills { get; }
        }
        """,
        marked,
        message);

    [Fact]
    public void A_connector_without_metadata_says_so() => Check(
        """
        [Pipeline]
        public sealed partial class P
        {
            [FileSource("a.csv")] [PlainSink("b")] public partial Stream<Sale> Sales { get; }
        }
        """,
        "Sale",
        "PEN519 'Shop' is for the metadata 'key', which this connector does not have: it has none. Remove [Metadata], so that the "
            + "member is a column");

    [Theory]
    [InlineData(
        "PlainSink",
        "PEN540 Sink 'Hours/b' takes only new rows, but in stream 'Hours' (upsert) a row replaces the previous one with "
            + "the same key: choose another sink, because [PlainSink] cannot write updates, or remove AllowedLateness "
            + "from the window of 'Hours'")]
    [InlineData("UpdateSink", "")]
    public void Updates_go_to_a_sink_whose_method_says_that_it_takes_them(string sink, string message) => Check(
        $$"""
        [Pipeline]
        public sealed partial class P
        {
            [FileSource("a.csv")] [EventTime(nameof(Bill.At))] public partial Stream<Bill> Bills { get; }
            [Apply<Sums>(nameof(Bills))] [{{sink}}("b")] public partial Stream<Hour> Hours { get; }
        }
        """,
        message.Length == 0 ? "" : sink,
        message);

    [Fact]
    public void A_sink_of_columns_gets_none_that_cannot_be_one() => Check(
        """
        public readonly record struct Basket(string Shop, string[] Articles);

        [Pipeline]
        public sealed partial class P
        {
            [FileSource("a.jsonl")] [ColumnSink] public partial Stream<Basket> Baskets { get; }
        }
        """,
        "Basket",
        "PEN545 Basket.Articles holds more than one value, so it cannot be a column of 'IColumnSink': move its values to the row itself, "
            + "exclude it with [Column(Ignore = true)], or let 'IColumnSink' take rows instead of columns");

    // The option, what is found, and how it is declared.
    [Theory]
    [InlineData("public char Delimiter { get; set; } = ';';", "use ',': declare it with [System.ComponentModel.DefaultValue(';')]")]
    [InlineData("[System.ComponentModel.DefaultValue(';')] public char Delimiter { get; set; } = ';';", "")]
    [InlineData("public char Delimiter { get; set; } = ',';", "")]
    [InlineData("public bool MultiLine { get; } = false;", "use 'True': declare it with [System.ComponentModel.DefaultValue(false)]")]
    [InlineData("public string SplitSize { get; set; } = \"16MB\";", "")]
    [InlineData(
        "public BadRowPolicy OnBadRow { get { return default; } }",
        "")]
    [InlineData(
        "public BadRowPolicy OnBadRow => BadRowPolicy.Skip;",
        "use 'Fail': declare it with [System.ComponentModel.DefaultValue(BadRowPolicy.Skip)]")]
    [InlineData(
        "[System.ComponentModel.DefaultValue(BadRowPolicy.SideOutput)] public BadRowPolicy OnBadRow => BadRowPolicy.Skip;",
        "use 'SideOutput': declare it with [System.ComponentModel.DefaultValue(BadRowPolicy.Skip)]")]
    [InlineData("public string Poll { get; } = poll;", "use 'none': declare it with a setter, without a parameter of the constructor")]
    public void A_default_that_pipelines_cannot_see_is_declared(string property, string message)
    {
        string[] names = ["Delimiter", "MultiLine", "SplitSize", "OnBadRow", "Poll"];
        var name = property.Split(' ', ';').First(names.Contains);
        Check(
            $$"""
            [AttributeUsage(AttributeTargets.Property), Connector(typeof(Both))]
            public sealed class TickSourceAttribute(string poll) : SourceAttribute
            {
                public string Other => poll;
                public FileFormat Format { get; set; }
                {{property}}
            }
            """,
            message.Length == 0 ? "" : name,
            message.Length == 0 ? "" : $"PEN553 The default of '{name}' is not visible to pipelines, which {message}");
    }

    private static void Check(string program, string marked, string message)
    {
        var build = TestCompiler.Build(Program + "\n" + program);
        if (message.Length == 0)
        {
            build.AssertClean();
            return;
        }

        var found = Assert.Single(build.Penstock);
        Assert.Equal(message, $"{found.Id} {found.GetMessage(CultureInfo.InvariantCulture)}");
        Assert.Equal(marked, found.MarkedText());
    }

    [Theory]
    [InlineData("MessageFormat.Raw", true)]
    [InlineData("MessageFormat.Raw, Key = nameof(BadRow.Source)", false)]
    [InlineData("MessageFormat.Json", false)]
    public void A_connector_that_writes_dead_letters_itself_gets_no_writer(string format, bool isOfDeadLetters)
    {
        var result = TestCompiler.Build($$"""
            public readonly record struct Click(string Page);

            [Pipeline]
            public sealed partial class Job
            {
                [Penstock.KafkaSource("clicks", OnBadRow = BadRowPolicy.SideOutput), FileSink("clicks.csv")]
                public partial Stream<Click> Clicks { get; }

                [SideOutput(nameof(Clicks), SideOutputs.BadRows)]
                [Penstock.KafkaSink("dead", Format = {{format}})]
                public partial Stream<BadRow> Bad { get; }
            }
            """).AssertClean();
        Assert.Equal(isOfDeadLetters, result.Tasks("Job").Contains(".CreateDeadLetterSink(", StringComparison.Ordinal));
        Assert.Equal(!isOfDeadLetters, result.Text("Job.Codecs.g.cs").Contains("IMessageWriter<", StringComparison.Ordinal));
    }
}
