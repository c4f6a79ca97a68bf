using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Validation.Connectors;

/// <summary>User classes that read or write columns instead of rows, or that receive the list of columns.</summary>
public sealed class ColumnConnectorTests
{
    [Theory]
    [InlineData("int Part", "")]
    [InlineData("byte[]? Part", "")]
    [InlineData("DayOfWeek? Part", "")]
    [InlineData("Inner Part", "")]
    [InlineData("Outer Part", "")]
    [InlineData("List<int> Part", "Row.Part holds more than one value")]
    [InlineData("int[] Part", "Row.Part holds more than one value")]
    [InlineData("Dictionary<string, int> Part", "Row.Part holds more than one value")]
    [InlineData("System.Text.Json.JsonElement Part", "Row.Part holds more than one value")]
    [InlineData("Inner? Part", "Row.Part.A is inside an object that can be null")]
    [InlineData("Outer? Part", "Row.Part.B.A is inside an object that can be null")]
    [InlineData("Endless Part", "Row.Part.Next holds more than one value")]
    [InlineData("Either Part", "Row.Part holds more than one value")]
    public void Members_of_rows_that_become_columns(string member, string expected)
    {
        foreach (var connectors in (string[])["[Source<In>] [Sink<Plain>]", "[Source<Plain>] [Sink<Out>]"])
        {
            var result = TestCompiler.Build(Program(member, connectors));
            if (expected.Length == 0)
            {
                result.AssertClean();
                continue;
            }

            var found = Assert.Single(result.Penstock);
            var type = connectors.Contains("<In>", StringComparison.Ordinal) ? "In" : "Out";
            Assert.Equal(
                $"{expected}, so it cannot be a column of '{type}': move its values to the row itself, exclude it with [Column(Ignore = true)], or let '{type}' take rows instead of columns",
                found.GetMessage(CultureInfo.InvariantCulture));
            Assert.Equal(
                "Row",
                found.MarkedText());
        }
    }

    [Theory]
    [InlineData("List<int> Part")]
    [InlineData("Inner? Part")]
    [InlineData("Endless Part")]
    [InlineData("Either Part")]
    [InlineData("List<string?>? Part")]
    public void Who_has_rows_learns_of_any_member(string member) =>
        TestCompiler.Build(Program(member, "[Source<Informed>] [Sink<Plain>]")).AssertClean();

    [Theory]
    [InlineData("[Source<In>] [Sink<Plain>]", "PEN503", "Row.Part: object")]
    [InlineData("[Source<Informed>] [Sink<Plain>]", "PEN503", "Row.Part: object")]
    public void A_member_that_is_no_column_of_any_format_is_reported_as_for_files(string connectors, string id, string what)
    {
        var found = Assert.Single(TestCompiler.Build(Program("object Part", connectors)).Penstock);
        Assert.Equal(id, found.Id);
        Assert.StartsWith(what, found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_for_nothing_learns_nothing() =>
        TestCompiler.Build(Program("object Part", "[Source<Plain>] [Sink<Plain>]")).AssertClean();

    private static string Program(string member, string connectors) => $$"""
        using Penstock.Connectors;

        public readonly record struct Inner(int A);
        public sealed record Outer(Inner B, string? C);
        public sealed record Endless(int A, Endless Next);
        [System.Text.Json.Serialization.JsonDerivedType(typeof(One), "one")] public abstract record Either(int A);
        public sealed record One(int A) : Either(A);
        public sealed record Row(int Id, {{member}});

        public class Plain : ISource<Row>, ISink<Row>
        {
            public IReadOnlyList<SourceSplit> Discover() => throw new NotSupportedException();
            public ISplitReader<Row> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) => throw new NotSupportedException();
            public ISinkWriter<Row> OpenWriter(int subtask) => throw new NotSupportedException();
            public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
        }

        public class Informed : Plain, IProjectionSource, ISchemaSink
        {
            public void SetProjection(RowSchema columns) => throw new NotSupportedException();
            public void SetSchema(RowSchema schema) => throw new NotSupportedException();
        }

        public sealed class In : Informed, IColumnSource<Row>;
        public sealed class Out : Informed, IColumnSink<Row>;

        [Pipeline]
        public sealed partial class Job
        {
            {{connectors}} public partial Stream<Row> Rows { get; }
        }
        """;
}
