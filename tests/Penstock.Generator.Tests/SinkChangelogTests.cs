using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>What sinks take of streams of updates, and what their formats can write.</summary>
public sealed class SinkChangelogTests
{
    private const string NoDeletes = "Totals";
    private const string Deletes = "Small";

    // The sink, the stream that it is on, and the marked text of what is found.
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
    [InlineData("KafkaSink(\"t\", Format = MessageFormat.Csv, Changelog = ChangelogFormat.Debezium)", Deletes, "PEN541 ChangelogFormat.Debezium")]
    [InlineData("KafkaSink(\"t\", Changelog = ChangelogFormat.Debezium)", Deletes, "")]
    [InlineData("KafkaSink(\"t\", Changelog = ChangelogFormat.EveryVersion)", Deletes, "PEN542 ChangelogFormat.EveryVersion")]
    [InlineData("KafkaSink(\"t\", Format = MessageFormat.Csv, Changelog = ChangelogFormat.OpColumn)", "Taken", "PEN544 ChangelogFormat.OpColumn")]
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
        var result = TestCompiler.Build(DiagnosticPage.Shared, Program(sink, stream));
        if (expected.Length == 0)
        {
            result.AssertClean();
            return;
        }

        Assert.Equal([expected], result.Penstock.Select(static found => $"{found.Id} {found.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(found.Location.SourceSpan)}"));
    }

    [Fact]
    public void Messages_name_the_key_and_the_remedy()
    {
        var refused = Assert.Single(TestCompiler.Build(DiagnosticPage.Shared, Program("FileSink(\"t.csv\")", NoDeletes)).Penstock);
        Assert.Equal(
            "Sink 'Totals/t.csv' takes new rows alone, and stream 'Totals' is upsert by Shop, End: a row replaces the one before with the same key. Set Changelog, such as to ChangelogFormat.OpColumn, or remove AllowedLateness from the window of 'Totals'.",
            refused.GetMessage(CultureInfo.InvariantCulture));
        var key = Assert.Single(TestCompiler.Build(DiagnosticPage.Shared, Program("KafkaSink(\"t\", Key = \"Shop\", Changelog = ChangelogFormat.Upsert)", Deletes)).Penstock);
        Assert.Equal(
            "The key of the messages of sink 'Small/t' must be the key of stream 'Small', which is upsert by Shop, End: else a message would replace those of other rows, or not that of the version before. Set Key to a member that is made of 'Shop' and 'End' and nothing else.",
            key.GetMessage(CultureInfo.InvariantCulture));
    }

    private static string Program(string sink, string stream) => $$"""
        using Penstock.Kafka;
        using Penstock.S3;
        using Penstock.Sinks;

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
