using CsCheck;
using Penstock.Formats;
using Penstock.Tests;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats.Csv;

public sealed class CsvPropertyTests
{
    private static readonly Gen<Texts> Row = Gen.Select(CsvOracle.Text, CsvOracle.TextOrNull, CsvOracle.Text)
        .Select((a, b, c) => new Texts(a, b, c));

    private static readonly Gen<(Texts[] Rows, CsvOracle.Style Style)> File = Gen.Select(Row.Array[0, 12], CsvOracle.Styles);

    [Fact]
    public void The_rows_are_those_of_the_oracle_whatever_the_style_the_splits_the_batches_and_the_buffer() =>
        Gen.Select(File, Gen.Int[1, 200], Gen.Int[1, 5], Gen.OneOf(1, 64, 300, 65536)).Sample(
            (file, splitSize, batchSize, bufferSize) =>
            {
                var text = Text(file.Rows, file.Style, "a,b,c");
                var expected = Parse(text);
                Assert.Equal(file.Rows, expected);
                Assert.Equal(expected, ReadCsv<Texts, Codecs.TextsCsvReader>(text, splitSize, batchSize, bufferSize));
            },
            iter: 800);

    [Fact]
    public void Splits_of_every_size_give_the_same_rows() =>
        File.Sample(
            file =>
            {
                var text = Text(file.Rows, file.Style, "a,b,c");
                for (var size = 1; size <= text.Length + 1; size++)
                {
                    Assert.Equal(file.Rows, ReadCsv<Texts, Codecs.TextsCsvReader>(text, size));
                }
            },
            iter: Thoroughness.Times(15, brief: 5));

    [Fact]
    public void Columns_are_found_by_name_in_any_order_and_case_among_others() =>
        File.Sample(
            file =>
            {
                var rows = file.Rows.Select(row => new[] { "1", row.C, "", row.A, "\"", row.B });
                var text = CsvOracle.Write([["x", "C", "y", "a", "z", "b"], .. rows], file.Style);
                Assert.Equal(file.Rows, ReadCsv<Texts, Codecs.TextsCsvReader>(text, 50));
            },
            iter: 300);

    [Fact]
    public void What_the_writer_writes_the_oracle_and_the_reader_read_back() =>
        Row.Array[0, 12].Sample(
            rows =>
            {
                using var output = new Utf8Buffer(16);
                output.Append(Codecs.TextsCsvWriter.Header);
                foreach (var row in rows)
                {
                    Codecs.TextsCsvWriter.Write(output, in row, RowKind.Insert);
                }

                // Null is written as an empty field. In a column that is not nullable, the empty string is too.
                var text = System.Text.Encoding.UTF8.GetString(output.Written);
                Assert.Equal(rows, Parse(text));
                Assert.Equal(rows, ReadCsv<Texts, Codecs.TextsCsvReader>(text));
            },
            iter: 800);

    [Fact]
    public void In_a_file_of_one_column_null_is_an_empty_line()
    {
        using var output = new Utf8Buffer(16);
        output.Append(Codecs.OneTextCsvWriter.Header);
        Codecs.OneTextCsvWriter.Write(output, new OneText(null), RowKind.Insert);
        Codecs.OneTextCsvWriter.Write(output, new OneText(""), RowKind.Insert);
        Codecs.OneTextCsvWriter.Write(output, new OneText("x"), RowKind.Insert);
        Assert.Equal("text\n\n\"\"\nx\n", System.Text.Encoding.UTF8.GetString(output.Written));
    }

    private static string Text(Texts[] rows, CsvOracle.Style style, string header) =>
        CsvOracle.Write([header.Split(','), .. rows.Select(row => new[] { row.A, row.B, row.C })], style);

    private static List<Texts> Parse(string text) =>
        [.. CsvOracle.Parse(text).Skip(1).Select(row => new Texts(row[0] ?? "", row[1], row[2] ?? ""))];
}
