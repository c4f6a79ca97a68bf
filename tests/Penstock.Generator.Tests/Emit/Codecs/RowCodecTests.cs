using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Codecs;

/// <summary>Which rows get a codec, and which streams without a codec are reported.</summary>
public sealed class RowCodecTests
{
    private const int Levels = 30;

    [Theory]
    [InlineData("public sealed class Part { public int A { get; set; } }", "")]
    [InlineData(
        "public class Part { public int A { get; set; } }",
        "Row.Inner: Part, which is not sealed, so a derived class would be saved as its base class")]
    [InlineData("public sealed class Part { private int _a; public int A => _a++; }", "Row.Inner: Part, whose field '_a' is not public")]
    [InlineData("public sealed record Part(List<Part> Parts);", "Row.Inner.Parts[]: Part, which contains itself")]
    public void Rows_between_tasks_that_cannot_be_serialized_are_reported(string part, string expected)
    {
        var result = Build(part);
        Assert.Equal(expected.Length == 0, result.Files.Contains("Job.Rows.g.cs"));
        Assert.Equal(
            expected.Length == 0 ? [] : ["Rows", "OtherRows"],
            result.Penstock
                .Where(static found => found.Id == "PEN129")
                .Select(static found => found.GetMessage(CultureInfo.InvariantCulture).Split('\'')[1]));
        Assert.All(result.Penstock.Where(static found => found.Id == "PEN129"), found =>
        {
            Assert.Equal("Row", found.MarkedText());
            Assert.Contains($"({expected})", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Rows_of_exponentially_many_parts_do_not_slow_down_the_compiler()
    {
        var types = string.Concat(Enumerable
            .Range(0, Levels)
            .Select(static level => $"public sealed record L{level}(L{level + 1} A, L{level + 1} B);\n"))
            + $"public sealed record L{Levels}(int Value); public sealed record Part(L0 First);";
        Assert.Contains(
            "nested too deeply",
            Build(types).Penstock.First(static found => found.Id == "PEN129").GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_within_a_task_need_no_codec()
    {
        var result = TestCompiler.BuildShop(
            ProgramText.Pipeline("[FileSource(\"orders.csv\")] public partial Stream<Order> Orders { get; } [Apply<BigOrders>(nameof(Orders))] [FileSink(\"big.csv\")] public partial Stream<Order> Big { get; }", "Shop")).AssertClean();
        Assert.DoesNotContain("Shop.Rows.g.cs", result.Files);
    }

    private static BuildResult Build(string part) => TestCompiler.Build(ProgramText.Connectors, $$"""
        {{part}}
        public readonly record struct Row(string Name, Part Inner);

        [Pipeline]
        public sealed partial class Job
        {
            [Source<Nothing<Row>>] public partial Stream<Row> Rows { get; }
            [Source<Nothing<Row>>] public partial Stream<Row> OtherRows { get; }
            [Union(nameof(Rows), nameof(OtherRows))] [Sink<Nowhere<Row>>] public partial Stream<Row> All { get; }
        }
        """).AssertClean();
}
