using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.Rows;

/// <summary>Members of rows that keep their default, and file options without effect, are reported.</summary>
public sealed class RowMemberTests
{
    [Theory]
    [InlineData(
        "public sealed record Row { public Row(string name) => Name = name; public string Name { get; } }",
        "member 'Name' is not a column, because it has no public setter, and no constructor takes it whose parameters all match members by exact name and type")]
    [InlineData(
        "public sealed record Row { public Row(string line, int number) => Name = line + number; public string Name { get; } }",
        "member 'Name' is not a column, because it has no public setter, and no constructor takes it whose parameters all match members by exact name and type")]
    [InlineData(
        "public sealed class Row(string text) { public int Name { get; } = text.Length; }",
        "member 'Name' is not a column, because it has no public setter, and no constructor takes it whose parameters all match members by name and type")]
    [InlineData(
        "public readonly struct Row(int name) { public readonly long Name = name; }",
        "member 'Name' is not a column, because it has no public setter, and no constructor takes it whose parameters all match members by name and type")]
    [InlineData(
        "public sealed record Row { [Column(Ignore = true)] public int Name { get; set; } }",
        "all of its members have [Column(Ignore = true)]")]
    [InlineData("public sealed record Row { internal int Name { get; } }", "use a record with public properties")]
    [InlineData("public sealed record Row;", "use a record with public properties")]
    public void The_reason_why_a_row_has_no_columns_is_reported(string row, string reason)
    {
        var result = TestCompiler.Build(
            row,
            ProgramText.Pipeline("[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; }"));
        Assert.Equal([$"'Row' has no columns to write or read: {reason}"], result.Penstock.Where(static found => found.Id == "PEN515")
            .Select(static found => found.GetMessage(CultureInfo.InvariantCulture))
            .Distinct());
    }

    [Theory]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get; } }", "B")]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get; private set; } }", "B")]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get; private init; } }", "B")]
    [InlineData("public record struct Row(int A) { public string? B { get; } }", "B")]
    [InlineData(
        "public class Base { public int B { get; private set; } } public sealed class Row : Base { public int A { get; set; } }",
        "B")]
    [InlineData(
        "public sealed class Row { public int A { get; set; } public int B { get; } public Row() { } public Row(string b) { B = b.Length; } }",
        "B")]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get; internal set; } }", null)]
    [InlineData("public sealed class Row { public int A { get; set; } public int B => A * 2; }", null)]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get { return A * 2; } } }", null)]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get; } = 3; }", null)]
    [InlineData("public sealed class Row { public int A { get; set; } public int B { get; } public Row() { B = 2; } }", null)]
    [InlineData(
        "public sealed class Row { public int A { get; set; } public int B { get; } public Row(int c) { B = c; } public Row() : this(2) { } }",
        null)]
    [InlineData("public sealed class Row { public int A { get; } public int B { get; } public Row(int a) { A = a; B = a * 2; } }", null)]
    [InlineData(
        "public sealed class Row { public int A { get; set; } public int B { get; private set; } public Row With(int b) => new() { A = A, B = b }; }",
        null)]
    [InlineData(
        "public sealed class Row { public int A { get; set; } public int B { get; private set; } public void Count() => B++; }",
        null)]
    [InlineData(
        "public sealed class Row { public int A { get; set; } public int B { get; private set; } public static void Count(Row row) { row.B = 1; } }",
        null)]
    [InlineData("public sealed class Row { public int A { get; set; } [Column(Ignore = true)] public int B { get; } }", null)]
    [InlineData("public sealed class Row { public int A { get; set; } public static int B { get; } }", null)]
    [InlineData("public sealed record Row(int A, int B);", null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; } public int B { get; } public partial Row(int a); } public sealed partial class Row { public partial Row(int a) { A = a; B = a * 2; } }",
        null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; } public int B { get; } public partial Row(int a) { A = a; B = a * 2; } } public sealed partial class Row { public partial Row(int a); }",
        null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; } public int B { get; } public partial Row(int a); } public sealed partial class Row { public partial Row(int a) { A = a; } }",
        "B")]
    [InlineData(
        "public sealed partial class Row { public int A { get; set; } public int B { get; } public Row() : this(2) { } } public sealed partial class Row { private Row(int c) { B = c; } }",
        null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; set; } public int B { get; private set; } public Row() { } public partial Row(string b); } public sealed partial class Row { public partial Row(string b) { B = b.Length; } }",
        "B")]
    [InlineData(
        "public sealed partial class Row { public int B { get; private set; } public partial int A { get; set; } } public sealed partial class Row { public partial int A { get => B; set => B = value; } }",
        null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; set; } public partial int B { get; } } public sealed partial class Row { public partial int B => field = A * 2; }",
        null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; set; } public int B { get; private set; } } public sealed partial class Row { public void Count() => ((A), (B)) = (1, 2); }",
        null)]
    [InlineData(
        "public sealed partial class Row { public int A { get; set; } public int B { get; private set; } } public sealed partial class Row { public static void Count(Row? row) => row?.B = 2; }",
        null)]
    [InlineData(
        "public class Base { public int B { get; } protected Base(int b) { B = b; } } public sealed class Row : Base { public int A { get; } public Row(int a) : base(a * 2) { A = a; } }",
        null)]
    [InlineData(
        "public class Base { public int B { get; } protected Base(int b) { B = b; } } public sealed class Row() : Base(2) { public int A { get; set; } }",
        null)]
    [InlineData(
        "public sealed class Row { public int A { get; set; } public int B { get; private set; } public sealed class Maker { public Maker(int b) => Made = new() { B = b }; public Row Made { get; } } }",
        null)]
    public void A_member_that_nothing_sets_is_reported(string row, string? member)
    {
        var result =
            TestCompiler.Build(row
                + " [Pipeline] public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }");
        if (member == null)
        {
            result.AssertClean();
            return;
        }

        var found = Assert.Single(result.Penstock);
        Assert.Equal(("PEN531", "Row"), (found.Id, found.MarkedText()));
        Assert.StartsWith($"Row.{member} always has its default", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FileSource(\"a.jsonl\", Delimiter = ';')", "Delimiter ';'")]
    [InlineData("FileSource(\"a.jsonl.gz\", MultiLine = false)", "MultiLine false")]
    [InlineData("FileSource(\"a.jsonl\", Delimiter = '\\n', MultiLine = true)", "Delimiter '\\n'", "MultiLine true")]
    [InlineData("FileSource(\"a.csv\", Format = FileFormat.JsonLines, Delimiter = ';')", "Delimiter ';'")]
    [InlineData("FileSource(\"a.csv\", Delimiter = ';', MultiLine = false)")]
    [InlineData("FileSource(\"a.jsonl\", Format = FileFormat.Csv, Delimiter = ';')")]
    [InlineData("FileSource(\"a.jsonl\")")]
    public void Options_of_CSV_mean_nothing_for_JSON(string source, params string[] expected)
    {
        var result = TestCompiler.BuildShop("[Pipeline] public sealed partial class Shop { ["
            + source
            + "] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } }");
        Assert.All(result.Penstock, static found => Assert.Equal("PEN537", found.Id));
        Assert.Equal(
            expected,
            result.Penstock.Select(static found =>
                $"{found.GetMessage(CultureInfo.InvariantCulture).Split(' ')[0]} {found.MarkedText()}"));
        Assert.All(
            result.Penstock,
            static found => Assert.EndsWith(
                "has no effect without Format = FileFormat.Csv: set it, or remove "
                    + found.GetMessage(CultureInfo.InvariantCulture).Split(' ')[0],
                found.GetMessage(CultureInfo.InvariantCulture),
                StringComparison.Ordinal));
    }

    [Fact]
    public void An_asynchronous_operator_is_reported()
    {
        var found =
            Assert.Single(TestCompiler.BuildShop(
                "[Operator] public sealed partial class Twice { [Map] private static System.Threading.Tasks.Task<Order> On(in Order order) => System.Threading.Tasks.Task.FromResult(order); }").Penstock);
        Assert.Equal("System.Threading.Tasks.Task<Order>", found.MarkedText());
        Assert.Equal(
            "[Map] method 'On' cannot be called: it returns a Task<Order>, and only an [AsyncMap] method can wait: make it one, or take a service that already has the result. Declare it as 'TOut Method(in TIn row)'.",
            found.GetMessage(CultureInfo.InvariantCulture));
    }
}
