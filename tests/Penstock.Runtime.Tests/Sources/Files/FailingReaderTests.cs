using Penstock.Errors;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>
/// Any exception while a row is read is reported with the place of the row, even an exception of a built-in reader that does not occur when
/// the row is read field by field.
/// </summary>
public sealed class FailingReaderTests
{
    private const int Bad = 1_500;

    private static readonly string[] Lines = [.. Enumerable.Range(0, 3_000).Select(static i => i == Bad ? "\u00E9" : $"a{i % 7}")];

    [Theory]
    [InlineData("\n", 1024)]
    [InlineData("\r\n", 1024)]
    [InlineData("\n", 1)]
    public void Csv_names_the_line(string lineEnd, int batchSize)
    {
        var text = "value" + lineEnd + string.Concat(Lines.Select(line => line + lineEnd));
        var error = Assert.Throws<RowFailedException>(() => ReadCsv<One<string>, Throwing>(text, batchSize: batchSize, bufferSize: 700));
        Assert.Equal($"PSR307: A row cannot be made at /in/rows.csv, line {Bad + 2}: FormatException: A fault.", error.Message);
        Assert.Equal(("\u00E9", false), (error.Text, error.IsTime));
    }

    [Fact]
    public void A_row_whose_fields_stand_in_another_order_is_named_too()
    {
        var text = "other,value\n" + string.Concat(Lines.Select(static line => $"x,{line}\n"));
        var error = Assert.Throws<RowFailedException>(() => ReadCsv<One<string>, Throwing>(text));
        Assert.Equal(($"/in/rows.csv, line {Bad + 2}", "x,\u00E9"), (error.Place, error.Text));
    }

    [Fact]
    public void Json_names_the_line()
    {
        var text = string.Concat(Lines.Select(static line => $"{{\"value\":\"{line}\"}}\n"))[..^1];
        var error = Assert.Throws<RowFailedException>(() => ReadJson<One<string>, Throwing>(text));
        Assert.Equal(($"/in/rows.jsonl, line {Bad + 1}", "{\"value\":\"\u00E9\"}"), (error.Place, error.Text));
    }

    /// <summary>Fails at a row only when it is read in the usual way.</summary>
    private readonly struct Throwing : ICsvRowReader<One<string>>, IJsonRowReader<One<string>>
    {
        public static TextColumn[] Columns => OneTextReader.Columns;

        public static bool TryRead(ref CsvCursor cursor, out One<string> row) => OneTextReader.TryRead(ref cursor, out row) && Checked(row);

        public static bool TryRead(ref JsonCursor cursor, out One<string> row) =>
            OneTextReader.TryRead(ref cursor, out row) && Checked(row);

        public static bool TryRead(TextRow fields, out One<string> row) => OneTextReader.TryRead(fields, out row);

        private static bool Checked(One<string> row) => row.Value != "\u00E9" ? true : throw new FormatException("A fault.");
    }
}
