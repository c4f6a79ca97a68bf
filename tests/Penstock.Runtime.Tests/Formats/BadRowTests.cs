using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats;

public sealed class BadRowTests
{
    private const string Header = "scheduled,delay,distance,origin,destination\n";
    private const string Good = "2001-01-01T00:03,-20,1946,LAX,ATL\n";

    [Theory]
    [InlineData("2001-01-01T00:03,-20,1946,LAX", "", "the row has 4 fields, but the header has 5")]
    [InlineData("2001-01-01T00:03,-20,1946,LAX,ATL,", "", "the row has 6 fields, but the header has 5")]
    [InlineData(
        "2001-01-01T00:03,,1946,LAX,ATL",
        "delay",
        "the field is empty, but a whole number from -2147483648 to 2147483647 was expected")]
    [InlineData("2001-01-01T00:03,12x,1946,LAX,ATL", "delay", "'12x' is not a whole number from -2147483648 to 2147483647")]
    [InlineData("2001-01-01T00:03,2147483648,1946,LAX,ATL", "delay", "'2147483648' is not a whole number from -2147483648 to 2147483647")]
    [InlineData("2001-01-01T00:03,1, 5,LAX,ATL", "distance", "' 5' is not a whole number from -2147483648 to 2147483647")]
    [InlineData("2001-01-01T00:03,-,1946,LAX,ATL", "delay", "'-' is not a whole number from -2147483648 to 2147483647")]
    [InlineData("2001-01-01T00:03,1,5,\"LAX\"x,ATL", "origin", "field 4 goes on after its closing quote")]
    public void A_bad_csv_row_names_file_line_column_and_what_was_expected(string line, string column, string error)
    {
        foreach (var splitSize in new[] { long.MaxValue, 40 })
        {
            var bad = new KeepBadRows();
            var rows = ReadCsv<Flight, Codecs.FlightCsvReader>(Header + Good + Good + "\n" + line + "\r\n" + Good, splitSize, badRows: bad);
            Assert.Equal(3, rows.Count);
            Assert.Equal(new BadRow("/in/rows.csv", 5, column, error, line), Assert.Single(bad.Rows));
        }
    }

    [Fact]
    public void An_empty_field_is_no_value_of_any_type_but_text()
    {
        var names = Codecs.EverythingCsvReader.Columns.Select(column => column.Name).ToArray();
        string[] values =
        [
            "true", "x", "1", "1", "1", "1", "1", "1", "1", "1", "1.5", "1.5", "1.5", "text", "2001-01-01", "2001-01-01", "2001-01-01",
            "12:00", "1.02:03:04",
            "01234567-89ab-cdef-0123-456789abcdef", "Red",
        ];
        for (var i = 0; i < names.Length; i++)
        {
            var bad = new KeepBadRows();
            var row = string.Join(',', values.Select((value, column) => column == i ? "" : value));
            var rows = ReadCsv<Everything, Codecs.EverythingCsvReader>(
                $"{string.Join(',', names)}\n{row}\n{string.Join(',', values)}\n",
                badRows: bad);
            Assert.Equal(names[i] == "text" ? 2 : 1, rows.Count);
            Assert.Equal(names[i] == "text" ? [] : [names[i]], bad.Rows.Select(row => row.Column));
        }
    }

    [Fact]
    public void Two_stray_quotes_spoil_one_row_and_one_spoils_all_up_to_the_next()
    {
        var bad = new KeepBadRows();
        Assert.Equal(
            2,
            ReadCsv<Flight, Codecs.FlightCsvReader>(Header + Good + "2001-01-01T00:03,1,2,L\"A\"X,ATL\n" + Good, badRows: bad).Count);
        Assert.Equal(
            new BadRow(
                "/in/rows.csv",
                3,
                "origin",
                "field 4 has a quote inside, but only a field that begins with a quote may have one",
                "2001-01-01T00:03,1,2,L\"A\"X,ATL"),
            Assert.Single(bad.Rows));
        bad.Rows.Clear();
        Assert.Single(ReadCsv<Flight, Codecs.FlightCsvReader>(Header + Good + "2001-01-01T00:03,1,2,\"LAX,ATL\n" + Good, badRows: bad));
        Assert.Equal(
            new BadRow(
                "/in/rows.csv",
                3,
                "origin",
                "the quote that opens field 4 is never closed, so the row contains the next line, too",
                "2001-01-01T00:03,1,2,\"LAX,ATL\n" + Good[..^1]),
            Assert.Single(bad.Rows));
        bad.Rows.Clear();
        Assert.Single(ReadCsv<Flight, Codecs.FlightCsvReader>(
            Header + Good + "2001-01-01T00:03,1,2,\"LAX,ATL\n" + Good + "2001-01-01T00:03,1,2,L\"A,ATL\n",
            badRows: bad));
        Assert.Equal("field 4 goes on after its closing quote, so the row contains the next 2 lines, too", Assert.Single(bad.Rows).Error);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_not_guessed()
    {
        var content = System.Text.Encoding.Latin1.GetBytes(Header + "2001-01-01T00:03,1,2,Zürich,ATL\n" + Good);
        var bad = new KeepBadRows();
        var source = new Penstock.Sources.Files.CsvFileSource<Flight, Codecs.FlightCsvReader>(Options(FileWith("/in/a.csv", content), "/in/a.csv"));
        Assert.Single(ReadAll(source, badRows: bad));
        Assert.Equal(("origin", "the text is not valid UTF-8"), (bad.Rows[0].Column, bad.Rows[0].Error));
    }

    [Fact]
    public void A_row_that_is_too_long_is_reported_once_and_the_next_one_is_read()
    {
        var bad = new KeepBadRows();
        var text = Header + Good + "\"" + new string('x', 20 * 1024 * 1024) + "\n\",1,2,A,B\n" + Good;
        Assert.Equal(2, ReadCsv<Flight, Codecs.FlightCsvReader>(text, badRows: bad).Count);
        Assert.Equal(
            (3, "", "the row is longer than 16 MB; a quote that is never closed may be the reason"),
            (bad.Rows[0].Position, bad.Rows[0].Column, bad.Rows[0].Error));
        Assert.Single(bad.Rows);
    }

    [Theory]
    [InlineData("[1]", "", "the line is not a JSON object")]
    [InlineData(
        "{\"scheduled\":\"2001-01-01\",\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}",
        "delay",
        "the property is missing, but a whole number from -2147483648 to 2147483647 was expected")]
    [InlineData(
        "{\"scheduled\":\"2001-01-01\",\"delay\":null,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}",
        "delay",
        "the value is null, but a whole number from -2147483648 to 2147483647 was expected")]
    [InlineData(
        "{\"scheduled\":\"2001-01-01\",\"delay\":1.5,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}",
        "delay",
        "'1.5' is not a whole number from -2147483648 to 2147483647")]
    [InlineData(
        "{\"scheduled\":\"2001-01-01\",\"delay\":1,\"distance\":2,\"origin\":5,\"destination\":\"B\"}",
        "origin",
        "'5' is not a text in quotes")]
    [InlineData(
        "{\"scheduled\":\"2001-01-01\",\"delay\":1,\"distance\":2,\"origin\":\"A\",\"destination\":null}",
        "destination",
        "the value is null, but a text was expected")]
    [InlineData(
        "{\"scheduled\":\"2001-01-01\",\"delay\":{},\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}",
        "delay",
        "'{' is not a whole number from -2147483648 to 2147483647")]
    public void A_bad_json_line_names_file_line_column_and_what_was_expected(string line, string column, string error)
    {
        var bad = new KeepBadRows();
        var good = "{\"scheduled\":\"2001-01-01\",\"delay\":1,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}\n";
        Assert.Equal(2, ReadJson<Flight, Codecs.FlightJsonReader>(good + "\n" + line + "\r\n" + good, 60, badRows: bad).Count);
        Assert.Equal(new BadRow("/in/rows.jsonl", 3, column, error, line), Assert.Single(bad.Rows));
    }

    [Theory]
    [InlineData("{\"scheduled\":\"2001-01-01\",\"delay\":01,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}")]
    [InlineData("{\"scheduled\":\"2001-01-01\",\"delay\":1,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"")]
    [InlineData("{\"scheduled\":\"2001-01-01\",\"delay\":1,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"} x")]
    [InlineData("{\"scheduled\":\"2001-01-01\",\"delay\":1,\"distance\":2,\"origin\":\"A\tB\",\"destination\":\"B\"}")]
    [InlineData("scheduled,delay")]
    public void What_is_not_json_is_refused(string line)
    {
        var bad = new KeepBadRows();
        Assert.Empty(ReadJson<Flight, Codecs.FlightJsonReader>(line, badRows: bad));
        Assert.StartsWith("the line is not valid JSON (byte ", Assert.Single(bad.Rows).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", bad.Rows[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_handler_may_end_the_reading() =>
        Assert.Throws<BadRowException>(() => ReadCsv<Flight, Codecs.FlightCsvReader>(Header + "x\n"));

    [Theory]
    [InlineData(
        "scheduled,delay,origin,destination\n",
        "PSR302: /in/rows.csv: there is no column 'distance'. The header has: scheduled, delay, origin, destination.")]
    [InlineData(
        "scheduled;delay;distance;origin;destination\n",
        "PSR302: /in/rows.csv: there is no column 'scheduled'. The header has: scheduled;delay;distance;origin;destination.")]
    [InlineData("scheduled,delay,Delay,distance,origin,destination,DELAY\n", null)]
    [InlineData(
        "scheduled,DELAY,Delay,distance,origin,destination\n",
        "PSR303: /in/rows.csv: the column 'delay' is there twice (fields 2 and 3).")]
    [InlineData(
        "scheduled,\"delay\"x,distance,origin,destination\n",
        "PSR303: /in/rows.csv: the header cannot be read: field 2 goes on after its closing quote.")]
    public void A_header_that_does_not_fit_is_refused(string header, string? message)
    {
        if (message == null)
        {
            Assert.Empty(ReadCsv<Flight, Codecs.FlightCsvReader>(header));
            return;
        }

        var error = Assert.Throws<PipelineException>(() => ReadCsv<Flight, Codecs.FlightCsvReader>(header));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
