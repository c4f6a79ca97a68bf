using System.Text.Json;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.Rows;

/// <summary>The nearest policy determines the names of columns. It divides names into words as System.Text.Json does.</summary>
public sealed class NamingTests
{
    [Fact]
    public void Words_are_those_of_the_serializer()
    {
        const string letters = "abXYZ01_éÉ";
        var random = new Random(11);
        string[] known = ["HTTPStatus2Code", "Id", "ID", "A", "aB", "ABc", "X2Y", "_id", "Order_Id", "HTML5", "iPhone", "IOStream"];
        foreach (var name in known
            .Concat(Enumerable.Range(0, 5_000).Select(_ => new string(random.GetItems<char>(letters, random.Next(1, 12)))))
            .Where(static name => !char.IsDigit(name[0])))
        {
            Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), Naming.NameOf(name, ColumnNaming.SnakeCase));
            Assert.Equal(JsonNamingPolicy.SnakeCaseUpper.ConvertName(name), Naming.NameOf(name, ColumnNaming.UpperSnakeCase));
            Assert.Equal(JsonNamingPolicy.KebabCaseLower.ConvertName(name), Naming.NameOf(name, ColumnNaming.KebabCase));
            Assert.Equal(JsonNamingPolicy.KebabCaseUpper.ConvertName(name), Naming.NameOf(name, ColumnNaming.UpperKebabCase));
            Assert.Equal(name, Naming.NameOf(name, ColumnNaming.AsDeclared));
        }
    }

    [Theory]
    [InlineData("", "", "", "unitPrice")]
    [InlineData("SnakeCase", "", "", "unit_price")]
    [InlineData("SnakeCase", "KebabCase", "", "unit-price")]
    [InlineData("SnakeCase", "KebabCase", "AsDeclared", "UnitPrice")]
    [InlineData("SnakeCase", "", "CamelCase", "unitPrice")]
    [InlineData("", "UpperSnakeCase", "", "UNIT_PRICE")]
    public void The_nearest_policy_applies(string pipeline, string type, string source, string expected)
    {
        var codecs = TestCompiler.Build($$"""
            {{(type.Length == 0 ? "" : $"[Columns(Naming = NamingPolicy.{type})]")}}
            public record Base;
            public record Row(int UnitPrice, [property: Column("own")] int OtherPrice) : Base;

            [Pipeline{{(pipeline.Length == 0 ? "" : $"(Naming = NamingPolicy.{pipeline})")}}]
            public sealed partial class Job
            {
                [FileSource("a.csv"{{(source.Length == 0 ? "" : $", Naming = NamingPolicy.{source}")}})]
                [FileSink("b.jsonl", Naming = NamingPolicy.UpperKebabCase)]
                public partial Stream<Row> Rows { get; }
            }
            """).AssertClean().Text("Job.Codecs.g.cs");

        Assert.Contains($"new(\"{expected}\"", codecs, StringComparison.Ordinal);
        Assert.Contains("new(\"own\"", codecs, StringComparison.Ordinal);
        Assert.Contains("UNIT-PRICE", codecs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sink", ".csv", "unit_price")]
    [InlineData("Sink", ".jsonl", "unit_price")]
    [InlineData("Stream", ".csv", "unit_price")]
    [InlineData("Pipeline", ".jsonl", "unit_price")]
    public void Each_sink_has_its_own_names_and_those_with_the_same_ones_share_a_writer(string place, string end, string expected)
    {
        var other = place switch
        {
            "Sink" => """[FileSink("c#", Naming = NamingPolicy.SnakeCase)]""",
            "Stream" =>
                """[FileSink("c#", Naming = NamingPolicy.SnakeCase)] public partial Stream<Row> Copy { get; } [Apply<Same>(nameof(Copy))]""",
            _ => """[FileSink("c#", Naming = NamingPolicy.AsDeclared)]""",
        };
        var codecs = TestCompiler.Build($$"""
            public record Row(int UnitPrice);

            [Operator]
            public sealed partial class Same
            {
                [Map] private Row Map(Row row) => row;
            }

            [Pipeline{{(place == "Pipeline" ? "(Naming = NamingPolicy.SnakeCase)" : "")}}]
            public sealed partial class Job
            {
                [FileSource("a.csv", Naming = NamingPolicy.UpperKebabCase)]
                [FileSink("b#")]
                public partial Stream<Row> Rows { get; }

                [Apply<Same>(nameof(Rows))]
                {{other}}
                [FileSink("d#")]
                public partial Stream<Row> More { get; }
            }
            """.Replace("#", end, StringComparison.Ordinal)).AssertClean().Text("Job.Codecs.g.cs");

        Assert.Contains(expected, codecs, StringComparison.Ordinal);
        Assert.Contains(
            place == "Pipeline" ? "UnitPrice" : "unitPrice",
            codecs.Replace("row.UnitPrice", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(2, codecs.Split("IRowWriter<global::Row>").Length - 1);
    }

    [Fact]
    public void Each_sink_of_messages_has_its_own_naming_policy()
    {
        var codecs = TestCompiler.Build("""
            using Penstock;

            public record Row(int UnitPrice, [property: Metadata("key")] string Key);

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")]
                [KafkaSink("b")]
                [KafkaSink("c", Naming = NamingPolicy.SnakeCase)]
                [KafkaSink("d")]
                [KafkaSink("e", Naming = NamingPolicy.SnakeCase, Format = MessageFormat.Csv)]
                public partial Stream<Row> Rows { get; }
            }
            """).AssertClean().Text("Job.Codecs.g.cs");

        Assert.Contains("\\\"unitPrice\\\":", codecs, StringComparison.Ordinal);
        Assert.Contains("\\\"unit_price\\\":", codecs, StringComparison.Ordinal);
        Assert.Equal(3, codecs.Split("IRowWriter<global::Row>").Length - 1);
    }
}
