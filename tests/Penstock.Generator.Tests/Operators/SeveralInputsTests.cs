using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Operators with an input for each of several [Process] methods: their possible errors, and valid ones.</summary>
public sealed class SeveralInputsTests
{
    private const string Rows = """
        public readonly record struct Placed(int Id, string Shop, decimal Amount, DateTime At);
        public readonly record struct Paid(int Order, string Shop, long Receipt, DateTime At);
        public readonly record struct Result(int Id);

        """;

    private const string Sources = """
        [FileSource("placed.csv")] [EventTime(nameof(Placed.At), MaxDelay = "5s")] public partial Stream<Placed> Orders { get; }
            [FileSource("paid.csv")] [EventTime(nameof(Paid.At), MaxDelay = "1m")] public partial Stream<Paid> Payments { get; }
            [FileSource("plan.csv"), FileSink("plan-copy.csv")] public partial Stream<Paid> Plan7 { get; }
        """;

    // Gives each source another consumer, so that it is not reported as unused.
    private const string Copies = """
        [Apply<CopyOrders>(nameof(Orders))] [FileSink("a.csv")] public partial Stream<Placed> Copy1 { get; }
            [Apply<CopyPayments>(nameof(Payments))] [FileSink("b.csv")] public partial Stream<Paid> Copy2 { get; }
        """;

    private const string OnPlaced = "[Process] private void OnPlaced(in Placed row, ref Output<Result> output) => Count++; ";
    private const string OnPaid = "[Process] private void OnPaid(in Paid row, ref Output<Result> output) => Count++; ";

    private const string OnTimer =
        "[OnTimer] private void OnTimer(in Timer<string> timer, ref Output<Result> output) => output.Emit(new(Count)); ";

    private const string ByMethod =
        "[Process, KeyBy(nameof(Placed.Id))] private void OnPlaced(in Placed row, ref Output<Result> output) => Count++; "
        + "[Process, KeyBy(nameof(Paid.Order))] private void OnPaid(in Paid row, ref Output<Result> output) => Count++; ";

    [Theory]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Payments))]", "")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Payments), Prefer = nameof(Payments))]", "")]
    [InlineData("[Apply<Match>([nameof(Orders), nameof(Payments)], Id = \"all\")]", "")]
    [InlineData("[Apply<Match>(nameof(Orders))]", "PEN137 Apply<Match>")]
    [InlineData("[Apply<Match>]", "PEN137 Apply<Match>")]
    [InlineData("[Apply<Match>()]", "PEN137 Apply<Match>")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Payments), nameof(Plan7))]", "PEN137 nameof(Plan7)")]
    [InlineData("[Apply<Match>(nameof(Payments), nameof(Orders))]", "PEN105 nameof(Payments)|PEN105 nameof(Orders)")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Orders))]", "PEN105 nameof(Orders)|PEN123 nameof(Orders)")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Payment))]", "PEN101 nameof(Payment)")]
    [InlineData("[Apply<Match>(nameof(Orders), null)]", "PEN101 null")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(All))]", "PEN104 nameof(All)|PEN105 nameof(All)")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Payments), Prefer = nameof(Plan7))]", "PEN132 nameof(Plan7)")]
    [InlineData("[Apply<CopyOrders>(nameof(Orders), nameof(Payments))]", "PEN137 nameof(Payments)")]
    [InlineData("[Apply<Match>(nameof(Orders), nameof(Payments))] [KeyBy(nameof(Placed.Shop))]", "PEN116 KeyBy")]
    public void Attribute_of_the_stream(string attributes, string expected) => Check(
        Match("[Operator, KeyBy(nameof(Placed.Shop))]", OnPlaced + OnPaid) + Pipeline(attributes),
        expected);

    [Theory]
    [InlineData("[Operator, KeyBy(nameof(Placed.Shop))]", OnPlaced + OnPaid + OnTimer, "")]
    [InlineData("[Operator]", ByMethod, "")]
    [InlineData("[Operator, KeyBy(\"Shop\", \"At\")]", OnPlaced + OnPaid, "")]
    [InlineData("[Operator]", OnPlaced + OnPaid, "PEN110 Match")]
    [InlineData("[Operator, KeyBy(nameof(Placed.Id))]", OnPlaced + OnPaid, "PEN108 nameof(Placed.Id)")]
    [InlineData("[Operator, KeyBy(\"Nothing\")]", OnPlaced + OnPaid, "PEN108 \"Nothing\"|PEN108 \"Nothing\"")]
    [InlineData("[Operator, KeyBy(\"Shop\", \"Shop\")]", OnPlaced + OnPaid, "PEN112 \"Shop\"")]
    [InlineData("[Operator, KeyBy(\"Shop\")]", ByMethod, "PEN116 KeyBy|PEN116 KeyBy")]
    [InlineData(
        "[Operator]",
        "[Process, KeyBy(nameof(Placed.Id))] private void OnPlaced(in Placed row, ref Output<Result> output) => Count++; " + OnPaid,
        "PEN138 OnPaid")]
    [InlineData(
        "[Operator]",
        "[Process, KeyBy(\"Id\")] private void OnPlaced(in Placed row, ref Output<Result> output) => Count++; "
            + "[Process, KeyBy(\"Receipt\")] private void OnPaid(in Paid row, ref Output<Result> output) => Count++; ",
        "PEN139 \"Receipt\"")]
    [InlineData(
        "[Operator]",
        "[Process, KeyBy(\"Id\", \"Shop\")] private void OnPlaced(in Placed row, ref Output<Result> output) => Count++; "
            + "[Process, KeyBy(\"Shop\", \"Order\")] private void OnPaid(in Paid row, ref Output<Result> output) => Count++; ",
        "PEN139 KeyBy")]
    [InlineData(
        "[Operator]",
        "[Process, KeyBy(\"Id\")] private void On(in Placed row, ref Output<Result> output) => Count++; "
            + "[Process, KeyBy(\"Ordr\")] private void On(in Paid row, ref Output<Result> output) => Count++; ",
        "PEN108 \"Ordr\"")]
    [InlineData("[Operator]", ByMethod + OnTimer, "PEN113 in Timer<string> timer")]
    [InlineData(
        "[Operator, KeyBy(\"Shop\")]",
        OnPlaced + "[Process] private void OnPaid(in Paid row, ref Output<Paid> output) => Count++; ",
        "PEN225 OnPaid")]
    [InlineData(
        "[Operator, KeyBy(\"Shop\")]",
        OnPlaced + OnPaid + "[OnTimer, KeyBy(\"Shop\")] private void OnTimer(in Timer<string> timer, ref Output<Result> output) { }",
        "PEN140 KeyBy")]
    [InlineData("[Operator, KeyBy(\"Shop\")]", OnPlaced + OnPaid + "[KeyBy(\"Shop\")] private void Other() { } ", "PEN140 KeyBy")]
    [InlineData(
        "[Operator, KeyBy(\"Shop\")]",
        OnPlaced + OnPaid + OnTimer + "[OnTimer] private void Again(in Timer<string> timer, ref Output<Result> output) { }",
        "PEN007 Again")]
    [InlineData(
        "[Operator, KeyBy(\"Shop\")]",
        OnPlaced + "[Process] private int OnPaid(in Paid row, ref Output<Result> output) => 1; ",
        "PEN008 int")]
    public void Class_of_the_operator(string attributes, string members, string expected) =>
        Check(Match(attributes, members) + Pipeline("[Apply<Match>(nameof(Orders), nameof(Payments))]"), expected);

    [Theory]
    [InlineData("nameof(Placed.Shop)", "")]
    [InlineData("nameof(Placed.Id)", "PEN108 nameof(Placed.Id)")]
    [InlineData("\"At\", \"Shop\"", "")]
    public void Key_of_the_stream(string members, string expected) => Check(
        Match("[Operator]", OnPlaced + OnPaid) + Pipeline($"[Apply<Match>(nameof(Orders), nameof(Payments))] [KeyBy({members})]"),
        expected);

    // Without timers, the rows that it emits have no event time; with them, the input without it is an error.
    [Theory]
    [InlineData(OnPlaced + OnPaid, "")]
    [InlineData(OnPlaced + OnPaid + OnTimer, "PEN224 nameof(Plan7)")]
    [InlineData(
        OnPlaced + OnPaid + "[State(Ttl = \"1h\", TtlTime = TtlTime.EventTime)] private partial ref int Other { get; } ",
        "PEN325 nameof(Plan7)")]
    [InlineData(OnPlaced + OnPaid + "[State(Ttl = \"1h\")] private partial ref int Other { get; } ", "")]
    public void An_input_without_event_time(string members, string expected) => Check(
        Match("[Operator, KeyBy(nameof(Placed.Shop))]", members) + Pipeline("[Apply<Match>(nameof(Orders), nameof(Plan7))]"),
        expected);

    [Fact]
    public void A_window_names_the_input_without_event_time()
    {
        const string PerHour = """
            [Operator, KeyBy(nameof(Result.Id)), TumblingWindow("1h")]
            public sealed partial class PerHour
            {
                [State] private partial ref int Count { get; }
                [Accumulate] private void Add(in Result row) => Count++;
                [Fire] private Result Close(in Window<int> window) => new(Count);
            }

            """;
        var result = TestCompiler.BuildShop(
            Rows + PerHour + Match("[Operator, KeyBy(nameof(Placed.Shop))]", OnPlaced + OnPaid) + Pipeline(
                "[Apply<PerHour>(nameof(All))] [FileSink(\"hours.csv\")] public partial Stream<Result> Hours { get; } "
                    + "[Apply<Match>(nameof(Orders), nameof(Plan7))]"));
        var found = Assert.Single(result.Penstock);
        Assert.Equal("PEN204", found.Id);
        Assert.Contains("stream 'Plan7'", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Updates_go_only_to_the_method_that_accepts_them()
    {
        const string Totals = """
            [Operator, KeyBy(nameof(Placed.Shop)), TumblingWindow("1h", AllowedLateness = "1h")]
            public sealed partial class Totals
            {
                [State] private partial ref int Count { get; }
                [Accumulate] private void Add(in Placed row) => Count++;
                [Fire] private Total Close(in Window<string> window) => new(window.Key, window.Start, Count);
            }

            public readonly record struct Total(string Shop, DateTimeOffset Start, int Count);

            """;
        const string Streams =
            "[Apply<Totals>(nameof(Orders))] public partial Stream<Total> PerHour { get; } [Apply<Match>(nameof(PerHour), nameof(Payments))]";
        const string Method = "private void OnTotal(in Total row, in Context context, ref Output<Result> output) => Count++; ";

        Check(Totals + Match("[Operator, KeyBy(\"Shop\")]", "[Process] " + Method + OnPaid) + Pipeline(Streams), "PEN118 nameof(PerHour)");
        Check(
            Totals + Match("[Operator, KeyBy(\"Shop\")]", "[Process(AcceptsUpdates = true)] " + Method + OnPaid) + Pipeline(Streams),
            "");
        Check(
            Totals + Match(
                "[Operator]",
                "[Process(AcceptsUpdates = true), KeyBy(\"Count\")] " + Method
                    + "[Process, KeyBy(\"Order\")] private void OnPaid(in Paid row, ref Output<Result> output) => Count++; ")
                + Pipeline(Streams),
            "PEN130 nameof(PerHour)");
    }

    [Fact]
    public void Methods_in_several_parts_of_a_class_have_no_order()
    {
        var other = "public sealed partial class Match { " + OnPaid + "}";
        var program = Rows + Match("[Operator, KeyBy(\"Shop\")]", OnPlaced)
            + Pipeline("[Apply<Match>(nameof(Orders), nameof(Payments))]");
        var found = Assert.Single(TestCompiler.Build(program, other).Penstock);
        Assert.Equal("PEN141", found.Id);
        Assert.Equal("OnPaid", found.MarkedText());
        Assert.Equal(
            "The inputs of operator 'Match' have the order of its [Process] methods, but 'OnPaid' is in another part of the class than 'OnPlaced': put them in one part",
            found.GetMessage(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Only_what_the_methods_read_is_parsed_in_each_source()
    {
        var codecs = TestCompiler.BuildSample("Settlements").AssertClean().Text("Settlements.SettledOrders.Codecs.g.cs");
        Assert.Contains("new(\"note\", isRead: false)", codecs, StringComparison.Ordinal);
        Assert.Contains("new(\"customer\", isRead: false)", codecs, StringComparison.Ordinal);
        Assert.Contains("new(\"bank\")", codecs, StringComparison.Ordinal);
    }

    [Fact]
    public void Computed_keys_and_three_inputs_are_compiled() => Check(
        """
        public readonly record struct Shipped(string Number, DateTime At) { public int Order => int.Parse(Number); }

        """ + Match("[Operator]", ByMethod
            + "[Process, KeyBy(nameof(Shipped.Order))] private void OnShipped(in Shipped row, in Context context, ref Output<Result> output) => context.Timers.Set(row.At); "
            + "[OnTimer] private void OnTimer(in Timer<int> timer, ref Output<Result> output) => output.Emit(new(timer.Key)); ")
        + Pipeline("[FileSource(\"shipped.csv\"), EventTime(nameof(Shipped.At))] public partial Stream<Shipped> Shipments { get; } [Apply<Match>(nameof(Orders), nameof(Payments), nameof(Shipments))]"),
        "");

    [Fact]
    public void The_message_names_the_rows_in_their_order()
    {
        var result = TestCompiler.BuildShop(
            Rows + Match("[Operator, KeyBy(\"Shop\")]", OnPlaced + OnPaid) + Pipeline("[Apply<Match>(nameof(Orders))]"));
        Assert.Equal(
            "Operator 'Match' has 2 inputs, but stream 'All' names 1: name a stream for each [Process] method, in their order (Placed, Paid)",
            Assert.Single(result.Penstock).GetMessage(CultureInfo.InvariantCulture));
    }

    private static string Match(string attributes, string members) =>
        $"{attributes} public sealed partial class Match {{ [State] private partial ref int Count {{ get; }} {members}}}\n";

    private static string Pipeline(string attributes) => $$"""
        [Operator] public sealed partial class CopyOrders { [Filter] private static bool Keep(in Placed row) => true; }
        [Operator] public sealed partial class CopyPayments { [Filter] private static bool Keep(in Paid row) => true; }

        [Pipeline]
        public sealed partial class Shop
        {
            {{Sources}}
            {{Copies}}
            {{attributes}} [FileSink("all.csv")] public partial Stream<Result> All { get; }
        }
        """;

    // The marked text of each finding, in the order of the code.
    private static void Check(string program, string expected)
    {
        var result = TestCompiler.BuildShop(Rows + program);
        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(),
            result.Penstock.Select(static found => $"{found.Id} {found.MarkedText()}").Order());
        if (expected.Length == 0)
        {
            result.AssertClean();
        }
    }
}
