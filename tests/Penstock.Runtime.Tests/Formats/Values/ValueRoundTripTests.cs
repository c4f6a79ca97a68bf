using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Penstock.Formats;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats.Values;

public sealed class ValueRoundTripTests
{
    private static readonly JsonSerializerOptions Peer = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly string[] MaybeColumns = [.. Codecs.MaybeCsvReader.Columns.Select(column => column.Name)];

    private static readonly Gen<Everything> Any =
        from integers in Gen.Select(Gen.SByte, Gen.Byte, Gen.Short, Gen.UShort, Gen.Int, Gen.UInt, Gen.Long, Gen.ULong)
        from numbers in Gen.Select(Gen.Single, Gen.Double, Gen.OneOf(Gen.Decimal, Gen.Int[-99999, 99999].Select(cents => cents / 100m)))
        from small in Gen.Select(Gen.Bool, Gen.Char['a', '~'], Gen.Enum<Color>(), Gen.String[Gen.Char[' ', 'ÿ'], 0, 40])
        from times in Gen.Select(Gen.DateTime, Gen.DateOnly, Gen.TimeOnly, Gen.TimeSpan, Gen.Int[-840, 840], Gen.Int[0, 3])
        from id in Gen.Guid
        select new Everything(
            small.Item1,
            small.Item2,
            integers.Item1,
            integers.Item2,
            integers.Item3,
            integers.Item4,
            integers.Item5,
            integers.Item6,
            integers.Item7,
            integers.Item8,
            numbers.Item1, numbers.Item2, numbers.Item3, small.Item4,
            DateTime.SpecifyKind(Rounded(times.Item1, times.Item6), DateTimeKind.Utc), Zoned(times.Item1, times.Item5),
            times.Item2, times.Item3, times.Item4, id, small.Item3);

    private static readonly Everything[] Extremes =
    [
        new(
            true,
            '"',
            sbyte.MinValue,
            byte.MaxValue,
            short.MinValue,
            ushort.MaxValue,
            int.MinValue,
            uint.MaxValue,
            long.MinValue,
            ulong.MaxValue,
            float.MinValue,
            double.MinValue,
            decimal.MinValue,
            "",
            DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
            DateTimeOffset.MinValue,
            DateOnly.MinValue, TimeOnly.MinValue, TimeSpan.MinValue, Guid.Empty, Color.Blue),
        new(
            false, ',', sbyte.MaxValue, 0, short.MaxValue, 0, int.MaxValue, 0, long.MaxValue, 0,
            float.Epsilon,
            double.Epsilon,
            decimal.MaxValue,
            " \",\r\n\0😀 ",
            DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
            DateTimeOffset.MaxValue,
            DateOnly.MaxValue, TimeOnly.MaxValue, TimeSpan.MaxValue, Guid.AllBitsSet, (Color)99),
        new(
            false, 'é', 0, 0, 0, 0, 0, 0, 0, 0, float.NaN, double.PositiveInfinity, 0.0000000000000000000000000001m, "NaN",
            new DateTime(2000, 2, 29, 23, 59, 59, 120, DateTimeKind.Utc),
            new DateTimeOffset(1999, 12, 31, 0, 0, 0, TimeSpan.FromMinutes(-330)),
            new DateOnly(1900, 2, 28), new TimeOnly(12, 0), TimeSpan.FromTicks(-1), Guid.Empty, (Color)(-1)),
        new(
            false, ' ', 0, 0, 0, 0, 99999999, 0, 9999999999999999, 0, float.NegativeInfinity, double.NaN, -0.10m, "x",
            DateTime.UnixEpoch, DateTimeOffset.UnixEpoch, default, default, default, default, default),
    ];

    [Fact]
    public void Every_type_survives_csv() => Any.Array[1, 3].Sample(
        rows => Assert.Equal(rows, ReadCsv<Everything, Codecs.EverythingCsvReader>(Csv(rows))),
        iter: 2000);

    [Fact]
    public void Every_type_survives_json() => Any.Array[1, 3].Sample(
        rows => Assert.Equal(rows, ReadJson<Everything, Codecs.EverythingJsonReader>(Json(rows))),
        iter: 2000);

    [Fact]
    public void Json_is_what_System_Text_Json_reads_and_writes() => Any.Sample(
        row =>
        {
            Assert.Equal(row, JsonSerializer.Deserialize<Everything>(Json([row]), Peer));
            Assert.Equal([row], ReadJson<Everything, Codecs.EverythingJsonReader>(JsonSerializer.Serialize(row, Peer)));
        },
        iter: 2000);

    [Fact]
    public void Extremes_survive()
    {
        Assert.Equal(Extremes, ReadCsv<Everything, Codecs.EverythingCsvReader>(Csv(Extremes)));
        Assert.Equal(Extremes, ReadJson<Everything, Codecs.EverythingJsonReader>(Json(Extremes)));

        // Column order does not matter, although it takes another path through the code.
        var lines = Json(Extremes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "{\"other\":0," + line[1..]);
        Assert.Equal(Extremes, ReadJson<Everything, Codecs.EverythingJsonReader>(string.Join('\n', lines)));
        var csv = Csv(Extremes.Where(row => !row.Text.Contains('\n')).ToArray());
        var wider = string.Join('\n', csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "0," + line));
        Assert.Equal(Extremes.Where(row => !row.Text.Contains('\n')), ReadCsv<Everything, Codecs.EverythingCsvReader>(wider));
    }

    [Fact]
    public void Nulls_survive_in_every_type()
    {
        var full = ReadJson<Maybe, Codecs.MaybeJsonReader>(Json(Extremes[..2]));
        var rows = new List<Maybe> { new(), full[0], new() { Text = "" }, full[1], new() { I32 = -1 }, new() };
        using var csv = new Utf8Buffer(64);
        using var json = new Utf8Buffer(64);
        csv.Append(Codecs.MaybeCsvWriter.Header);
        foreach (var row in rows)
        {
            Codecs.MaybeCsvWriter.Write(csv, in row, RowKind.Insert);
            Codecs.MaybeJsonWriter.Write(json, in row, RowKind.Insert);
        }

        Assert.Equal(rows, ReadCsv<Maybe, Codecs.MaybeCsvReader>(Encoding.UTF8.GetString(csv.Written)));
        Assert.Equal(rows, ReadJson<Maybe, Codecs.MaybeJsonReader>(Encoding.UTF8.GetString(json.Written)));
        Assert.Equal([new Maybe()], ReadJson<Maybe, Codecs.MaybeJsonReader>("{}"));
    }

    [Fact]
    public void Whole_numbers_of_every_length_are_read_and_nothing_else() =>
        Gen.Select(
            Gen.OneOf("", "-", "+", "--"),
            Gen.String[Gen.OneOf('0', '1', '9', '5'), 0, 21],
            Gen.Int[0, 30],
            Gen.OneOf('-', ' ', 'x', '/', ':', '.')).Sample(
            (sign, digits, at, odd) =>
            {
                // In one of three cases, one character among the digits is not a digit.
                var number = sign + (at < digits.Length ? digits.Insert(at, odd.ToString()) : digits);
                var bad = new KeepBadRows();
                var csv = ReadCsv<Flight, Codecs.FlightCsvReader>(
                    $"scheduled,delay,distance,origin,destination\n2001-01-01,{number},1,A,B\n",
                    badRows: bad);
                Assert.Equal(
                    int.TryParse(number, NumberStyles.AllowLeadingSign, null, out var small) ? [small] : [],
                    csv.Select(row => row.Delay));

                var csvLong = ReadCsv<Maybe, Codecs.MaybeCsvReader>(string.Join(',', MaybeColumns)
                    + "\n"
                    + string.Join(',', MaybeColumns.Select(column => column == "i64" ? number : ""))
                    + "\n", badRows: bad);
                long?[] expected = long.TryParse(number, NumberStyles.AllowLeadingSign, null, out var wide)
                    ? [wide]
                    : number.Length == 0 ? [null] : [];
                Assert.Equal(expected, csvLong.Select(row => row.I64));
            },
            iter: 5000);

    [Fact]
    public void A_format_of_its_own_is_written_and_read()
    {
        var row = new Dates { Moment = new DateTime(2001, 3, 2, 14, 5, 0, DateTimeKind.Utc), Day = new DateOnly(2001, 3, 2), @class = 3 };
        using var csv = new Utf8Buffer(64);
        using var json = new Utf8Buffer(64);
        csv.Append(Codecs.DatesCsvWriter.Header);
        Codecs.DatesCsvWriter.Write(csv, in row, RowKind.Insert);
        Codecs.DatesJsonWriter.Write(json, in row, RowKind.Insert);
        Assert.Equal("moment,day,\"a \"\"note\"\"\",Class\n\"02.03.2001, 14:05\",02/03/2001,,3\n", Encoding.UTF8.GetString(csv.Written));
        Assert.Equal(
            "{\"moment\":\"02.03.2001, 14:05\",\"day\":\"02/03/2001\",\"a \\\"note\\\"\":null,\"Class\":3}\n",
            Encoding.UTF8.GetString(json.Written));
        Assert.Equal([row], ReadCsv<Dates, Codecs.DatesCsvReader>(Encoding.UTF8.GetString(csv.Written)));
        Assert.Equal([row], ReadJson<Dates, Codecs.DatesJsonReader>(Encoding.UTF8.GetString(json.Written)));
    }

    [Fact]
    public void A_column_that_is_not_read_may_contain_anything_or_be_missing()
    {
        var row = new Dates { Moment = new DateTime(2001, 3, 2, 14, 5, 0, DateTimeKind.Utc), @class = 3 };
        Assert.Equal(
            [row],
            ReadCsv<Dates, Codecs.DatesCsvReader>("moment,day,\"a \"\"note\"\"\",Class\n\"02.03.2001, 14:05\",,\"\"\"\n\",3\n"));
        Assert.Equal([row], ReadCsv<Dates, Codecs.DatesCsvReader>("moment,day,Class\n\"02.03.2001, 14:05\",,3\n"));
        Assert.Equal(
            [row],
            ReadJson<Dates, Codecs.DatesJsonReader>("{\"moment\":\"02.03.2001, 14:05\",\"day\":null,\"a \\\"note\\\"\":[1],\"Class\":3}"));
    }

    [Theory]
    [InlineData("2001-01-31", "2001-01-31T00:00:00Z")]
    [InlineData("2001-01-31T13:45", "2001-01-31T13:45:00Z")]
    [InlineData("2001-01-31 13:45", "2001-01-31T13:45:00Z")]
    [InlineData("2001-01-31T13:45:06", "2001-01-31T13:45:06Z")]
    [InlineData("2001-01-31T13:45:06.7", "2001-01-31T13:45:06.7Z")]
    [InlineData("2001-01-31T13:45:06.1234567", "2001-01-31T13:45:06.1234567Z")]
    [InlineData("2001-01-31T13:45:06.123456789Z", "2001-01-31T13:45:06.1234567Z")]
    [InlineData("2001-01-31T13:45Z", "2001-01-31T13:45:00Z")]
    [InlineData("2001-01-31T13:45+01:30", "2001-01-31T12:15:00Z")]
    [InlineData("2001-01-31 13:45:06.500-0230", "2001-01-31T16:15:06.5Z")]
    [InlineData("0001-01-01T00:00", "0001-01-01T00:00:00Z")]
    [InlineData("2000-02-29", "2000-02-29T00:00:00Z")]
    public void Instants_are_read_in_these_forms(string text, string written)
    {
        var csv = ReadCsv<Flight, Codecs.FlightCsvReader>($"scheduled,delay,distance,origin,destination\n{text},1,2,A,B\n");
        var json = ReadJson<Flight, Codecs.FlightJsonReader>(
            $"{{\"scheduled\":\"{text}\",\"delay\":1,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}}");
        Assert.Equal(csv, json);
        Assert.Equal(DateTimeKind.Utc, csv[0].Scheduled.Kind);
        using var output = new Utf8Buffer(64);
        new CsvRowWriter(output).Write(csv[0].Scheduled);
        Assert.Equal(written + ",", Encoding.UTF8.GetString(output.Written));
    }

    [Theory]
    [InlineData("1900-02-29")]
    [InlineData("2001-00-01")]
    [InlineData("2001-13-01")]
    [InlineData("2001-01-32")]
    [InlineData("0000-01-01")]
    [InlineData("2001-01-31T24:00")]
    [InlineData("2001-01-31T23:60")]
    [InlineData("2001-01-31T23:59:60")]
    [InlineData("2001-01-31T1:00")]
    [InlineData("2001-01-31T13:45:06.")]
    [InlineData("2001-01-31T13:45+15:00")]
    [InlineData("2001-01-31T13:45x")]
    [InlineData("2001-1-31")]
    [InlineData(" 2001-01-31")]
    [InlineData("0001-01-01T00:00+01:00")]
    [InlineData("today")]
    public void Other_texts_are_no_instants(string text)
    {
        var bad = new KeepBadRows();
        Assert.Empty(ReadCsv<Flight, Codecs.FlightCsvReader>(
            $"scheduled,delay,distance,origin,destination\n{text},1,2,A,B\n",
            badRows: bad));
        Assert.Equal(
            new BadRow("/in/rows.csv", 2, "scheduled", $"'{text}' is not a date and time such as 2001-01-31T13:45:00Z", $"{text},1,2,A,B"),
            Assert.Single(bad.Rows));
    }

    [Theory]
    [InlineData("red", Color.Red)]
    [InlineData("GREEN", Color.Green)]
    [InlineData("7", Color.Blue)]
    [InlineData("Blue", Color.Blue)]
    public void Enums_are_read_by_name_in_any_case_or_number(string text, Color color)
    {
        var wide = Json([Extremes[3]]).Replace("\"color\":\"Red\"", $"\"color\":\"{text}\"", StringComparison.Ordinal);
        Assert.Equal(color, ReadJson<Everything, Codecs.EverythingJsonReader>(wide)[0].Color);
    }

    private static string Csv(Everything[] rows)
    {
        using var output = new Utf8Buffer(16);
        output.Append(Codecs.EverythingCsvWriter.Header);
        foreach (var row in rows)
        {
            Codecs.EverythingCsvWriter.Write(output, in row, RowKind.Insert);
        }

        return Encoding.UTF8.GetString(output.Written);
    }

    private static string Json(Everything[] rows)
    {
        using var output = new Utf8Buffer(16);
        foreach (var row in rows)
        {
            Codecs.EverythingJsonWriter.Write(output, in row, RowKind.Insert);
        }

        return Encoding.UTF8.GetString(output.Written);
    }

    // Whole seconds, milliseconds, or all digits: fractions are written with different lengths.
    private static DateTime Rounded(DateTime time, int digits) => digits switch
    {
        0 => new DateTime(time.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond),
        1 => new DateTime(time.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond),
        _ => new DateTime(time.Ticks),
    };

    private static DateTimeOffset Zoned(DateTime time, int offset)
    {
        var day = TimeSpan.TicksPerDay;
        return new DateTimeOffset(Math.Clamp(time.Ticks, day, DateTime.MaxValue.Ticks - day), TimeSpan.FromMinutes(offset));
    }
}
