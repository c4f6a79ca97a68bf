using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.State;

/// <summary>A state with an invalid form is reported once, at its name, with the correct form.</summary>
public sealed class StateFormTests
{
    [Theory]
    [InlineData("[State] private int n;", "n", "private partial ref int N { get; }", "it is a field")]
    [InlineData("[State] private readonly string? _last;", "_last", "private partial ref string? Last { get; }", "it is a field")]
    [InlineData("[State] public static decimal Sum;", "Sum", "private partial ref decimal Sum { get; }", "it is a field")]
    [InlineData(
        "[State(Ttl = \"1h\")] private MapState<string, int> _seen;",
        "_seen",
        "private partial MapState<string, int> Seen { get; }",
        "it is a field")]
    [InlineData("[field: State] private int Count { get; set; }", "Count", "private partial ref int Count { get; }", "it is a field")]
    [InlineData("[State] private int Count { get; set; }", "Count", "private partial ref int Count { get; }", "it has a setter")]
    [InlineData(
        "[State] private partial ref int Count { get; set; }",
        "Count",
        "private partial ref int Count { get; }",
        "it has a setter")]
    [InlineData(
        "[State] private ListState<long> Seen { get; set; }",
        "Seen",
        "private partial ListState<long> Seen { get; }",
        "it has a setter")]
    public void The_message_is_the_declaration(string member, string name, string form, string why)
    {
        var program = $$"""
            [Operator, KeyBy("Shop")]
            public sealed partial class Counts
            {
                {{member}}
                [Process] private void On(in Order order, ref Output<Order> output) { }
            }
            """;
        var result = TestCompiler.BuildShop(program);
        var found = Assert.Single(result.Penstock);
        Assert.Empty(result.Ours);
        Assert.False(result.HidesDiagnostics);
        Assert.Equal("PEN302", found.Id);
        Assert.Equal(name, found.MarkedText());
        Assert.Equal($"State '{name}' must be declared as '{form}', but {why}", found.GetMessage(CultureInfo.InvariantCulture));

        TestCompiler.BuildShop(program.Replace(member, "[State] " + form, StringComparison.Ordinal)).AssertClean();
    }
}
