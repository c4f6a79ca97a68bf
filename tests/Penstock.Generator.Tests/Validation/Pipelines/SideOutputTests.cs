using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Validation.Pipelines;

/// <summary>Side outputs that an operator declares: their possible errors.</summary>
public sealed class SideOutputTests
{
    private const string Form = "ref Output<Order> output, ref Output<string> rejected";

    // The marked text of the finding.
    [Theory]
    [InlineData(Form, "\"rejected\"", "string", null)]
    [InlineData(Form, "\"reject\"", "string", "PEN114 \"reject\"")]
    [InlineData(Form, "\"output\"", "Order", "PEN114 \"output\"")]
    [InlineData(Form, "\"rejected\"", "Order", "PEN115 Order")]
    [InlineData(Form, "SideOutputs.Late", "Order", "PEN207 nameof(Parts)")]
    [InlineData("ref Output<Order> output, ref Output<string> late", "SideOutputs.Late", "string", null)]
    [InlineData("ref Output<Order> output, ref Output<string> @class, ref Output<int> row", "\"class\"", "string", "PEN125 Split")]
    [InlineData("ref Output<Order> output, Output<string> rejected", "\"rejected\"", "string", "PEN008 Output<string> rejected")]
    [InlineData("ref Output<Order> output, ref string rejected", "\"rejected\"", "string", "PEN008 ref string rejected")]
    [InlineData("in Context context, ref Output<Order> output", "\"rejected\"", "string", "PEN008 in Context context")]
    [InlineData("ref Output<Order> output, ref Output<Secret> rejected", "\"rejected\"", "string", "PEN013 ref Output<Secret> rejected")]
    public void Outputs_of_a_flat_map(string outputs, string name, string row, string? expected)
    {
        var program = $$"""
            [Operator]
            public sealed partial class Split
            {
                private struct Secret { }
                [FlatMap] private static void Apart(in Order order, {{outputs}}) { }
            }

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("orders.csv")] public partial Stream<Order> Orders { get; }
                [Apply<Split>(nameof(Orders))] [FileSink("parts.csv")] public partial Stream<Order> Parts { get; }
                [SideOutput(nameof(Parts), {{name}})] [Sink<Nowhere<{{row}}>>] public partial Stream<{{row}}> Others { get; }
            }
            """;
        TestCompiler.BuildShop(ProgramText.Connectors + program).AssertFinds(expected?.Split('|') ?? []);
    }

    [Fact]
    public void The_contract_of_a_public_operator_is_as_hidden_as_what_it_puts_aside() => TestCompiler.BuildShop("""
        internal readonly record struct Hidden(string Shop);

        [Operator]
        public sealed partial class Split
        {
            [FlatMap] private static void Apart(in Order order, ref Output<Order> output, ref Output<Hidden> hidden) => hidden.Emit(new Hidden(order.Shop));
        }
        """).AssertClean();

    [Fact]
    public void A_name_that_is_nearly_right_is_suggested()
    {
        var result = TestCompiler.Build(Repository.Sample("Sorting").Replace("\"jumps\"", "\"jump\"", StringComparison.Ordinal));

        Assert.Contains(
            "Stream 'Smoothed' has no side output 'jump'; did you mean 'jumps'?",
            result.Penstock.Select(static found => found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void What_is_put_aside_needs_no_columns_but_those_that_the_operator_reads()
    {
        var sample = Repository.Sample("Sorting").Replace(
            "string Text, DateTimeOffset At);\n\npublic readonly record struct Reading",
            "string Text, DateTimeOffset At, string Note);\n\npublic readonly record struct Reading",
            StringComparison.Ordinal);
        Assert.Contains(
            "new(\"note\", isRead: false)",
            TestCompiler.Build(sample).AssertClean().Text("Sorting.Sensors.Codecs.g.cs"),
            StringComparison.Ordinal);
    }
}
