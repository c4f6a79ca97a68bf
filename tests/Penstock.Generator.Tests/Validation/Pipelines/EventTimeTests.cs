using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Validation.Pipelines;

/// <summary>The declaration of event time: its possible errors, and programs without any.</summary>
public sealed class EventTimeTests
{
    // The marked text of each finding.
    [Theory]
    [InlineData("DateTime?", "OnNull = NullTimePolicy.Skip", null)]
    [InlineData("DateTimeOffset?", "OnNull = NullTimePolicy.Fail", null)]
    [InlineData("long?", "OnNull = NullTimePolicy.Skip, Unit = TimeUnit.Milliseconds", null)]
    [InlineData("int?", "OnNull = NullTimePolicy.Skip, Unit = TimeUnit.Seconds", null)]
    [InlineData("long?", "OnNull = NullTimePolicy.Skip", "PEN208 nameof(Scan.At)")]
    [InlineData("long?", "Unit = TimeUnit.Seconds", "PEN213 nameof(Scan.At)")]
    [InlineData("DateTime?", "MaxDelay = \"5s\"", "PEN213 nameof(Scan.At)")]
    [InlineData("DateTime?", "OnNull = NullTimePolicy.Skip, Unit = TimeUnit.Seconds", "PEN210 TimeUnit.Seconds")]
    [InlineData("DateTime?", "OnNull = (NullTimePolicy)3", "PEN215 (NullTimePolicy)3")]
    [InlineData("DateTime?", "OnNull = NullTimePolicy.SideOutput", "PEN216 NullTimePolicy.SideOutput")]
    [InlineData("DateTime", "OnNull = NullTimePolicy.Fail", "PEN214 NullTimePolicy.Fail")]
    [InlineData("double?", "OnNull = NullTimePolicy.Fail", "PEN202 nameof(Scan.At)")]
    [InlineData("string?", "OnNull = NullTimePolicy.Fail", "PEN202 nameof(Scan.At)")]
    public void Null_has_a_declared_meaning(string type, string settings, string? expected) => Check(
        $$"""
        public readonly record struct Scan(string Parcel, {{type}} At);

        [Pipeline]
        public sealed partial class Depots
        {
            [FileSource("scans.csv"), EventTime(nameof(Scan.At), {{settings}})]
            [FileSink("copy.csv")]
            public partial Stream<Scan> Scans { get; }
        }
        """,
        expected);

    [Theory]
    [InlineData("nameof(Scans), SideOutputs.Untimed", "Scan", null)]
    [InlineData("nameof(Scans), SideOutputs.Untimed", "Order", "PEN115 Order")]
    [InlineData("nameof(Scans), \"untimd\"", "Scan", "PEN114 \"untimd\"|PEN216 NullTimePolicy.SideOutput")]
    [InlineData("nameof(Copies), SideOutputs.Untimed", "Scan", "PEN216 NullTimePolicy.SideOutput|PEN217 nameof(Copies)")]
    public void Rows_without_event_time_are_a_stream_of_the_source(string read, string row, string? expected) => Check(
        $$"""
        public readonly record struct Scan(string Parcel, DateTime? At);

        [Operator]
        public sealed partial class All
        {
            [Filter] private static bool Keep(in Scan scan) => scan.Parcel.Length > 0;
        }

        [Pipeline]
        public sealed partial class Depots
        {
            [FileSource("scans.csv"), EventTime(nameof(Scan.At), OnNull = NullTimePolicy.SideOutput)]
            [FileSink("scans-out.csv")]
            public partial Stream<Scan> Scans { get; }

            [Apply<All>(nameof(Scans)), FileSink("copy.csv")]
            public partial Stream<Scan> Copies { get; }

            [SideOutput({{read}}), FileSink("untimed.csv")]
            public partial Stream<{{row}}> Untimed { get; }
        }
        """,
        expected);

    [Theory]
    [InlineData("Untimed", "use another stream, because the rows of this side output have none")]
    [InlineData("Bare", "add [EventTime(nameof(Row.Member))] to 'Bare'")]
    public void A_window_over_rows_without_event_time_names_the_stream(string stream, string remedy)
    {
        var found = Assert.Single(Build($$"""
            public readonly record struct Scan(string Shop, DateTime? At);

            [Operator, KeyBy(nameof(Scan.Shop)), TumblingWindow("10m")]
            public sealed partial class Counts
            {
                [State] private partial ref int Count { get; }
                [Accumulate] private void Add(in Scan scan) => Count++;
                [Fire] private int Close(in Window<string> window) => Count;
            }

            [Operator]
            public sealed partial class All
            {
                [Filter] private static bool Keep(in Scan scan) => scan.Shop.Length > 0;
            }

            [Pipeline]
            public sealed partial class Depots
            {
                [FileSource("scans.csv"), EventTime(nameof(Scan.At), OnNull = NullTimePolicy.SideOutput)]
                [FileSink("scans-out.csv")]
                public partial Stream<Scan> Scans { get; }

                [SideOutput(nameof(Scans), SideOutputs.Untimed), FileSink("untimed.csv")]
                public partial Stream<Scan> Untimed { get; }

                [FileSource("bare.csv"), FileSink("bare-out.csv")]
                public partial Stream<Scan> Bare { get; }

                [Apply<All>(nameof({{stream}}))]
                public partial Stream<Scan> Copies { get; }

                [Apply<Counts>(nameof(Copies)), Sink<Taker>]
                public partial Stream<int> PerShop { get; }
            }

            public sealed class Taker : Penstock.Connectors.ISink<int>
            {
                public Penstock.Connectors.ISinkWriter<int> OpenWriter(int subtask) => null!;
                public Penstock.Connectors.ISinkCommitter CreateCommitter() => null!;
            }
            """).Penstock);
        Assert.Equal(
            $"Operator 'Counts' has event-time windows, but stream '{stream}', from which its rows come, has no event time: {remedy}",
            found.GetMessage(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_column_that_only_untimed_rows_need_is_read()
    {
        var sample = Repository.Sample("Clocks");
        Assert.Contains("new(\"note\", isRead: false", Codecs(sample), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "isRead: false",
            Codecs(sample.Replace("scan.Depot.Length > 0", "scan.Note != null", StringComparison.Ordinal)),
            StringComparison.Ordinal);

        static string Codecs(string program) => TestCompiler.Build(program).AssertClean().Text("Clocks.Depots.Codecs.g.cs");
    }

    [Theory]
    [InlineData("", "[IngestionTime]", "[Apply<Sums>(nameof(Orders))]", null)]
    [InlineData("", "[IngestionTime, EventTime(nameof(Order.PlacedAt))]", "[Apply<Sums>(nameof(Orders))]", "PEN218 IngestionTime")]
    [InlineData("", "[IngestionTime]", "[Apply<Sums>(nameof(Orders)), IngestionTime]", "PEN203 IngestionTime")]
    [InlineData("", "", "[Apply<Sums>(nameof(Orders)), EventTime(nameof(Order.PlacedAt))]", "PEN203 EventTime")]
    [InlineData("(Deterministic = true)", "[EventTime(nameof(Order.PlacedAt))]", "[Apply<Sums>(nameof(Orders))]", null)]
    [InlineData("(Deterministic = true)", "[IngestionTime]", "[Apply<Sums>(nameof(Orders))]", "PEN219 IngestionTime")]
    [InlineData("(Deterministic = true)", "[EventTime(nameof(Order.PlacedAt))]", "[Apply<Fading>(nameof(Orders))]", "PEN219 Fading")]
    [InlineData("(Deterministic = false)", "[IngestionTime]", "[Apply<Fading>(nameof(Orders))]", null)]
    [InlineData("(Deterministic = true)", "", "[Apply<Sums>(nameof(Orders))]", "PEN219 Sums")]
    [InlineData("(Deterministic = true)", "", "[Apply<Fading>(nameof(Orders))]", "PEN219 Fading")]
    [InlineData("(Deterministic = true)", "", "[Apply<Lasting>(nameof(Orders))]", null)]
    [InlineData("(Deterministic = true)", "", "[Apply<ByTime>(nameof(Orders))]", "PEN325 ByTime")]
    [InlineData("(Deterministic = true)", "", "[Apply<Sums>(nameof(Ordrs))]", "PEN101 nameof(Ordrs)")]
    [InlineData("(Deterministic = false)", "", "[Apply<Sums>(nameof(Orders))]", null)]
    public void Time_from_the_clock(string pipeline, string time, string derived, string? expected) => Check(
        $$"""
        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Sums
        {
            [State(Ttl = "1h")] private partial ref decimal Total { get; }
            [Process] private void Add(in Order order, ref Output<Order> output) => output.Emit(order with { Amount = Total += order.Amount });
        }

        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Fading
        {
            [State(Ttl = "1h", TtlTime = TtlTime.ProcessingTime)] private partial ref decimal Total { get; }
            [Process] private void Add(in Order order, ref Output<Order> output) => output.Emit(order with { Amount = Total += order.Amount });
        }

        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class ByTime
        {
            [State(Ttl = "1h", TtlTime = TtlTime.EventTime)] private partial ref decimal Total { get; }
            [Process] private void Add(in Order order, ref Output<Order> output) => output.Emit(order with { Amount = Total += order.Amount });
        }

        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Lasting
        {
            [State] private partial ref decimal Total { get; }
            [Process] private void Add(in Order order, ref Output<Order> output) => output.Emit(order with { Amount = Total += order.Amount });
        }

        [Pipeline{{pipeline}}]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")] {{time}} [FileSink("copy.csv")]
            public partial Stream<Order> Orders { get; }

            {{derived}} [FileSink("sums.csv")]
            public partial Stream<Order> Summed { get; }
        }
        """,
        expected);

    [Theory]
    [InlineData("Untimed", "use another stream, because the rows of this side output have none")]
    [InlineData("Bare", "add [EventTime(nameof(Row.Member))] to 'Bare'")]
    [InlineData("Both", "add [EventTime(nameof(Row.Member))] to 'Bare'")]
    public void State_without_event_time_expires_by_the_clock(string stream, string remedy)
    {
        var found = Assert.Single(Build($$"""
            public readonly record struct Scan(string Shop, DateTime? At);

            [Operator, KeyBy(nameof(Scan.Shop))]
            public sealed partial class Counts
            {
                [State] private partial ref int All { get; }
                [State(Ttl = "1h")] private partial ref int Recent { get; }
                [Process] private void Add(in Scan scan, ref Output<int> output) => output.Emit(++Recent + ++All);
            }

            [Operator]
            public sealed partial class Named
            {
                [Filter] private static bool Keep(in Scan scan) => scan.Shop.Length > 0;
            }

            [Pipeline(Deterministic = true)]
            public sealed partial class Depots
            {
                [FileSource("scans.csv"), EventTime(nameof(Scan.At), OnNull = NullTimePolicy.SideOutput)]
                [FileSink("scans-out.csv")]
                public partial Stream<Scan> Scans { get; }

                [SideOutput(nameof(Scans), SideOutputs.Untimed), FileSink("untimed.csv")]
                public partial Stream<Scan> Untimed { get; }

                [FileSource("bare.csv"), FileSink("bare-out.csv")]
                public partial Stream<Scan> Bare { get; }

                [Union(nameof(Bare), nameof(Untimed)), FileSink("both.csv")]
                public partial Stream<Scan> Both { get; }

                [Apply<Named>(nameof({{stream}})), FileSink("copies.csv")]
                public partial Stream<Scan> Copies { get; }

                [Apply<Counts>(nameof(Copies)), Sink<Taker>]
                public partial Stream<int> PerShop { get; }
            }

            public sealed class Taker : Penstock.Connectors.ISink<int>
            {
                public Penstock.Connectors.ISinkWriter<int> OpenWriter(int subtask) => null!;
                public Penstock.Connectors.ISinkCommitter CreateCommitter() => null!;
            }
            """).Penstock);
        Assert.Equal(
            $"PEN219 Pipeline 'Depots' is declared Deterministic, but state 'Recent' of 'Counts' expires by the clock, because stream '{stream.Replace("Both", "Bare")}' has no event time: {remedy}, or remove Deterministic",
            $"{found.Id} {found.GetMessage(CultureInfo.InvariantCulture)}");
        Assert.Equal("Counts", found.Location.SourceTree!.ToString()[found.Location.SourceSpan.Start..found.Location.SourceSpan.End]);
    }

    [Theory]
    [InlineData("static DateTimeOffset? On(in Order order, DateTimeOffset time) => time", null)]
    [InlineData("static long? On(in Order order, DateTimeOffset time) => 1", null)]
    [InlineData("public static long? On(in Order order, DateTimeOffset time) => 1", null)]
    [InlineData("DateTimeOffset? On(in Order order, DateTimeOffset time) => time", "PEN223 On")]
    [InlineData("static DateTimeOffset? On<T>(in Order order, DateTimeOffset time) => time", "PEN223 On")]
    [InlineData("static DateTimeOffset On(in Order order, DateTimeOffset time) => time", "PEN223 DateTimeOffset")]
    [InlineData("static DateTime? On(in Order order, DateTimeOffset time) => null", "PEN223 DateTime?")]
    [InlineData("static long On(in Order order, DateTimeOffset time) => 1", "PEN223 long")]
    [InlineData("static void On(in Order order, DateTimeOffset time) { }", "PEN223 void")]
    [InlineData("static DateTimeOffset? On(Order order, DateTimeOffset time) => time", "PEN223 Order order")]
    [InlineData("static DateTimeOffset? On(in ShopTotal total, DateTimeOffset time) => time", "PEN223 in ShopTotal total")]
    [InlineData("static DateTimeOffset? On(in Order order, long time) => null", "PEN223 long time")]
    [InlineData("static DateTimeOffset? On(in Order order, in DateTimeOffset time) => null", "PEN223 in DateTimeOffset time")]
    [InlineData("static DateTimeOffset? On(in Order order, DateTimeOffset time, int more) => null", "PEN223 int more")]
    [InlineData("static DateTimeOffset? On(in Order order) => null", "PEN223 On")]
    public void The_method_that_decides_watermarks(string method, string? expected) => Check(
        $$"""
        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv"), EventTime(nameof(Order.PlacedAt))] [FileSink("copy.csv")]
            public partial Stream<Order> Orders { get; }

            [Watermark(nameof(Orders))]
            {{method}}{{(method.EndsWith('}') ? "" : ";")}}
        }
        """,
        expected);

    [Theory]
    [InlineData("\"Orders\"", "", null)]
    [InlineData("nameof(Orders)", ", Idle = \"5s\"", null)]
    [InlineData("nameof(Orders)", ", MaxDelay = \"5s\"", "PEN222 \"5s\"")]
    [InlineData("\"Ordrs\"", "", "PEN101 \"Ordrs\"")]
    [InlineData("nameof(Big)", "", "PEN220 nameof(Big)")]
    public void The_stream_of_watermarks(string stream, string more, string? expected) => Check(
        $$"""
        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv"), EventTime(nameof(Order.PlacedAt){{more}})]
            public partial Stream<Order> Orders { get; }

            [Apply<BigOrders>(nameof(Orders)), FileSink("big.csv")]
            public partial Stream<Order> Big { get; }

            [Watermark({{stream}})]
            private static DateTimeOffset? On(in Order order, DateTimeOffset time) => time;
        }
        """,
        expected);

    [Fact]
    public void An_operator_decides_no_watermarks() => Check(
        """
        [Operator]
        public sealed partial class Big
        {
            [Filter] private static bool Keep(in Order order) => order.Amount > 1;
            [Watermark("Orders")] private static DateTimeOffset? On(in Order order, DateTimeOffset time) => time;
        }
        """,
        "PEN015 On");

    [Fact]
    public void A_column_that_only_the_watermark_needs_is_read()
    {
        var sample = Repository.Sample("Clocks");
        Assert.DoesNotContain("new(\"note\", isRead: false", Codecs(sample), StringComparison.Ordinal);
        Assert.Contains(
            "new(\"parcel\", isRead: false)",
            Codecs(sample),
            StringComparison.Ordinal);

        static string Codecs(string program)
        {
            var text = TestCompiler.Build(program).AssertClean().Text("Clocks.Gates.Codecs.g.cs");
            return text[text.IndexOf("struct MarkedReader", StringComparison.Ordinal)..];
        }
    }

    private static BuildResult Build(string program) => TestCompiler.Build(DiagnosticPage.Shared, program);

    private static void Check(string program, string? expected)
    {
        var result = Build(program);
        Assert.Empty(result.Ours);
        Assert.Equal(
            expected?.Split('|').Order() ?? Enumerable.Empty<string>(),
            result.Penstock
                .Select(static found =>
                    $"{found.Id} {found.Location.SourceTree!.ToString()[found.Location.SourceSpan.Start..found.Location.SourceSpan.End]}")
                .Order());
    }
}
