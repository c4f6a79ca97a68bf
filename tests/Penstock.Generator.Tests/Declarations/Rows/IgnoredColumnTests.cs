using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Schemas;

namespace Penstock.Generator.Tests.Declarations.Rows;

/// <summary>
/// Members that are not columns, although they are parameters of the constructor of the row: they are not written, and when read they have
/// the default of the parameter.
/// </summary>
public sealed class IgnoredColumnTests
{
    private const string Csv = "name,secret,age\nx,y,9\n";
    private const string Json = "{\"name\":\"x\",\"secret\":\"y\",\"age\":9}\n";

    // The row type, and the expected text of a row that was read from input with all members.
    [Theory]
    [InlineData(
        "public sealed record Row([property: Column(Ignore = true)] string? Secret, string Name, [property: Column(Ignore = true)] int Age = 7);",
        "Row { Secret = , Name = x, Age = 7 }")]
    [InlineData(
        "public sealed record Row([property: Column(Ignore = true)] string Secret = \"s\", string Name = \"n\");",
        "Row { Secret = s, Name = x }")]
    [InlineData(
        "public readonly record struct Row(string Name, [Column(Ignore = true)] Guid Secret, [Column(\"age\")] long Number);",
        "Row { Name = x, Secret = 00000000-0000-0000-0000-000000000000, Number = 9 }")]
    [InlineData(
        "public sealed record Row(string Name, [property: Column(Ignore = true)] Action? Secret) { public int Age { get; init; } }",
        "Row { Name = x, Secret = , Age = 9 }")]
    [InlineData(
        "public sealed class Row(string name, int age = 3) { public string Name { get; } = name; [Column(Ignore = true)] public int Age { get; } = age; public override string ToString() => $\"{Name} {Age}\"; }",
        "x 3")]
    [InlineData(
        "public sealed class Row { public Row(int age, string name) { Age = age; Name = name; } [Column(Ignore = true)] public int Age { get; } public string Name { get; } public string Both => Name + Age; public override string ToString() => Both; }",
        "x0")]
    [InlineData("public sealed record Row([property: Column(Ignore = true)] dynamic? Secret, string Name);", "Row { Secret = , Name = x }")]
    [InlineData(
        "public sealed record Row(string Name) { public Row(int Secret, string Name) : this(Name) { } [Column(Ignore = true)] public int Secret { get; } = 5; }",
        "Row { Name = x, Secret = 5 }")]
    public void A_member_that_is_no_column_gets_its_default(string row, string expected)
    {
        var program = $$"""
            using System.Linq;
            using Penstock.Testing;

            {{row}}

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv"), FileSink("b.csv")] public partial Stream<Row> Rows { get; }
                [FileSource("a.jsonl"), FileSink("b.jsonl")] public partial Stream<Row> Objects { get; }
            }

            public static class Driver
            {
                public static string[] Run(string csv, int parallelism, bool end, string[] json, int[] numbers)
                {
                    using var test = PipelineTest.For<Job>(options => options.Parallelism = parallelism);
                    test.SendText("Rows", csv);
                    test.SendText("Objects", json[0]);
                    return [.. test.Read<Row>("Rows").Concat(test.Read<Row>("Objects")).Select(row => row.ToString()!)];
                }
            }
            """;
        var codecs = TestCompiler.Build(program).AssertClean().Text("Job.Codecs.g.cs");
        Assert.DoesNotContain("secret", codecs, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([expected, expected], EvolvingProgram.Load(program).Run(Csv, [(Json, 0)]));
    }

    [Fact]
    public void A_row_that_has_nothing_else_has_no_columns()
    {
        var found =
            TestCompiler.Build(
                "public sealed record Row([property: Column(Ignore = true)] int A); [Pipeline] public sealed partial class Job { [FileSource(\"a.csv\"), FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }").Penstock;
        Assert.Equal(["PEN515"], found.Select(static one => one.Id).Distinct());
    }
}
