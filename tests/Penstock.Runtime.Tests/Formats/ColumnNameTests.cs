using CsCheck;
using Penstock.Runtime.Tests.Formats.Messages;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats;

/// <summary>Which property or field is a column if names differ only in case or are duplicated.</summary>
public sealed class ColumnNameTests
{
    [Theory]
    [InlineData("{\"a\":\"exact\",\"A\":\"other\",\"c\":\"z\"}", "exact")]
    [InlineData("{\"A\":\"other\",\"a\":\"exact\",\"c\":\"z\"}", "exact")]
    [InlineData("{\"a\":\"exact\",\"b\":null,\"c\":\"z\",\"A\":\"other\"}", "exact")]
    [InlineData("{\"a\":\"first\",\"b\":null,\"c\":\"z\",\"a\":\"last\"}", "last")]
    [InlineData("{\"\\u0041\":\"other\",\"c\":\"z\"}", "other")]
    public void An_exact_name_wins_wherever_it_stands(string line, string a)
    {
        Assert.Equal([new Texts(a, null, "z")], ReadJson<Texts, Codecs.TextsJsonReader>(line));
        Assert.Equal(new Texts(a, null, "z"), MessageReading.ReadJson<Texts, Codecs.TextsJsonReader>(line, out _));
    }

    [Fact]
    public void Of_exact_names_the_last_one_counts_and_only_without_them_one_in_another_case() =>
        Gen.Select(Gen.OneOf("a", "A", "b", "B", "c", "C", "x", "X"), Gen.Int[0, 99]).Array[0, 8].Sample(
            properties =>
            {
                var line = "{" + string.Join(",", properties.Select(property => $"\"{property.Item1}\":\"{property.Item2}\"")) + "}";
                var (a, b, c) = (Find("a"), Find("b"), Find("c"));
                var expected = a == null || c == null ? null : new Texts(a, b, c);
                var bad = new KeepBadRows();
                Assert.Equal(expected == null ? [] : [expected], ReadJson<Texts, Codecs.TextsJsonReader>(line, badRows: bad));
                Assert.Equal(expected == null ? 1 : 0, bad.Rows.Count);
                Assert.Equal(expected, MessageReading.ReadJson<Texts, Codecs.TextsJsonReader>(line, out _));

                string? Find(string name)
                {
                    string? exact = null, other = null;
                    foreach (var (given, value) in properties)
                    {
                        exact = given == name ? value.ToString() : exact;
                        other = given == name.ToUpperInvariant() ? value.ToString() : other;
                    }

                    return exact ?? other;
                }
            },
            iter: 3000);

    [Fact]
    public void Columns_whose_names_differ_in_case_have_their_own_fields()
    {
        Assert.Equal([new Cased("1", "2")], ReadJson<Cased, Codecs.CasedJsonReader>("{\"p\":\"1\",\"P\":\"2\"}"));
        Assert.Equal([new Cased("1", "2")], ReadJson<Cased, Codecs.CasedJsonReader>("{\"P\":\"2\",\"p\":\"1\"}"));
        Assert.Equal([new Cased("1", "2")], ReadCsv<Cased, Codecs.CasedCsvReader>("P,p\n2,1\n"));
        Assert.Null(MessageReading.ReadJson<Cased, Codecs.CasedJsonReader>("{\"P\":\"2\"}", out var error));
        Assert.Equal("the property is missing, but a text was expected", error);
        var missing = Assert.Throws<PipelineException>(() => ReadCsv<Cased, Codecs.CasedCsvReader>("P\n2\n"));
        Assert.StartsWith("PSR302: /in/rows.csv: there is no column 'p'. The header has: P.", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void A_property_that_nothing_reads_may_be_nested_to_any_depth(int depth)
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            var line = $"{{\"other\":{nested},\"a\":\"x\",\"c\":\"z\"}}";
            Assert.Equal([new Texts("x", null, "z")], ReadJson<Texts, Codecs.TextsJsonReader>(line));
            Assert.Equal(new Texts("x", null, "z"), MessageReading.ReadJson<Texts, Codecs.TextsJsonReader>(line, out _));
        }
    }
}
