using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Classes;

/// <summary>Which partial properties get a body, and that references in type arguments may be null.</summary>
public sealed class PartialPropertyTests
{
    [Fact]
    public void A_property_with_an_attribute_of_another_generator_is_left_to_that()
    {
        var result = TestCompiler.BuildShop("""
            [Operator]
            public sealed partial class Once
            {
                [System.Text.RegularExpressions.GeneratedRegex("a")] private static partial System.Text.RegularExpressions.Regex Letter { get; }
                [Map] private static Order Same(in Order order) => order;
            }
            """);
        Assert.Empty(result.Penstock);
        Assert.DoesNotContain("Letter", result.Text("Once.Operator.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_partial_class_that_is_not_ours_is_left_alone() =>
        Assert.Empty(TestCompiler.Build("public partial class Model { public partial int Count { get; set; } }").Files);

    [Fact]
    public void What_no_analyzer_is_asked_for_is_reported_by_the_generator()
    {
        var result = TestCompiler.BuildShop(
            "public class Outer { [Pipeline] public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } } }");
        Assert.Equal("Outer", Assert.Single(result.Run.Diagnostics, static diagnostic => diagnostic.Id == "PEN001").MarkedText());

        // If the analyzer runs, the generator reports nothing.
        var program = ProgramText.Pipeline("[FileSource(\"a.csv\")] [FileSink(\"b.txt\")] public partial Stream<Order> Orders { get; }", "Shop");
        Assert.Empty(TestCompiler.BuildShop(program).Run.Diagnostics);
    }

    [Fact]
    public void References_in_type_arguments_may_be_null() => TestCompiler.Build(ProgramText.Connectors, """
        public readonly record struct Pair<T>(string? Key, T Value, DateTime At);

        [Operator]
        public sealed partial class Same { [Map] private static Pair<string?> Copy(in Pair<string?> row) => row; }

        [Operator, KeyBy("Key")]
        public sealed partial class Known
        {
            [State] private partial ref List<string?>? Values { get; }
            [State] private partial MapState<string, string?> Last { get; }
            [Process] private void On(in Pair<string?> row, ref Output<Pair<string?>> output) => output.Emit(in row);
        }

        [Operator, KeyBy("Key"), TumblingWindow("1h")]
        public sealed partial class PerKey
        {
            [State] private partial ref int Count { get; }
            [Accumulate] private void Add(in Pair<string?> row) => Count++;
            [Fire] private Pair<string?> Close(in Window<string?> window) => new(window.Key, window.Key, default);
        }

        public sealed class From : Nothing<Pair<string?>>;
        public sealed class To : Nowhere<Pair<string?>>;

        [Pipeline]
        public sealed partial class Pairs
        {
            [Source<From>] [EventTime("At")] public partial Stream<Pair<string?>> Rows { get; }
            [Apply<Same>(nameof(Rows))] public partial Stream<Pair<string?>> Copies { get; }
            [Apply<Known>(nameof(Copies))] [Sink<To>] public partial Stream<Pair<string?>> Once { get; }
            [Apply<PerKey>(nameof(Copies))] [Sink<To>(Id = "hours")] public partial Stream<Pair<string?>> Hours { get; }
        }
        """).AssertClean();

    [Theory]
    [InlineData("[Pipeline] internal sealed partial class Shop", "public")]
    [InlineData("[Pipeline] public sealed partial class Shop", "internal")]
    public void Internal_rows_go_through_what_is_internal(string head, string access) => TestCompiler.Build($$"""
        internal readonly record struct Row(int A);
        [Operator] internal sealed partial class Same { [Map] private static Row Copy(in Row row) => row; }
        {{head}}
        {
            [FileSource("a.csv")] {{access}} partial Stream<Row> Rows { get; }
            [Apply<Same>(nameof(Rows))] [FileSink("b.csv")] {{access}} partial Stream<Row> Copies { get; }
        }
        """).AssertClean();
}
