using System.Globalization;
using System.Text;
using CsCheck;
using Penstock.Formats;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats.Values;

/// <summary>Dates and times with custom formats: the output of a sink can be read, and nothing else is accepted.</summary>
public sealed class TimeFormatTests
{
    private static readonly Gen<Formatted> Row =
        from times in Gen.Select(Gen.DateTime, Gen.DateTime, Gen.DateTime, Gen.DateTime, Gen.DateTime)
        from offset in Gen.Int[-840, 840]
        from days in Gen.Select(Gen.DateOnly, Gen.DateOnly, Gen.Bool)
        from clock in Gen.TimeOnly
        from span in Gen.Int[0, 100_000]
        select new Formatted(
            Cut(times.Item1, TimeSpan.TicksPerMillisecond),
            Cut(times.Item2, TimeSpan.TicksPerMinute),
            days.Item3 ? null : Cut(times.Item3, TimeSpan.TicksPerSecond),
            Zoned(Cut(times.Item4, TimeSpan.TicksPerMillisecond), offset),
            Zoned(Cut(times.Item5, TimeSpan.TicksPerMinute), 0),
            days.Item1,
            days.Item3 ? days.Item2 : null,
            new TimeOnly(clock.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond),
            TimeSpan.FromMinutes(span));

    [Fact]
    public void Generated_code_reads_what_it_writes() => Row.Array[1, 4].Sample(
        rows =>
        {
            using var csv = new Utf8Buffer(64);
            using var json = new Utf8Buffer(64);
            csv.Append(Codecs.FormattedCsvWriter.Header);
            foreach (var row in rows)
            {
                Codecs.FormattedCsvWriter.Write(csv, in row, RowKind.Insert);
                Codecs.FormattedJsonWriter.Write(json, in row, RowKind.Insert);
            }

            var text = Encoding.UTF8.GetString(csv.Written);
            Assert.Equal(rows, ReadCsv<Formatted, Codecs.FormattedCsvReader>(text));
            Assert.Equal(rows, ReadJson<Formatted, Codecs.FormattedJsonReader>(Encoding.UTF8.GetString(json.Written)));

            // Another path through the code.
            var wider = string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "0," + line));
            Assert.Equal(rows, ReadCsv<Formatted, Codecs.FormattedCsvReader>(wider));
        },
        iter: 1000);

    [Fact]
    public void An_instant_without_its_offset_is_written_in_utc()
    {
        var row = new Formatted(
            default,
            default,
            null,
            DateTimeOffset.UnixEpoch,
            new DateTimeOffset(2001, 3, 2, 14, 5, 0, TimeSpan.FromHours(2)),
            default,
            null,
            default,
            default);
        using var csv = new Utf8Buffer(64);
        csv.Append(Codecs.FormattedCsvWriter.Header);
        Codecs.FormattedCsvWriter.Write(csv, in row, RowKind.Insert);
        Assert.Contains(",2001-03-02 12:05,", Encoding.UTF8.GetString(csv.Written), StringComparison.Ordinal);
        Assert.Equal(row.Naive, Assert.Single(ReadCsv<Formatted, Codecs.FormattedCsvReader>(Encoding.UTF8.GetString(csv.Written))).Naive);
    }

    [Theory]
    [InlineData("milli", "2001-03-02 14:05:06.007", "date and time written as 'yyyy-MM-dd HH:mm:ss,fff'")]
    [InlineData("milli", "2001-03-02 14:05:06", "date and time written as 'yyyy-MM-dd HH:mm:ss,fff'")]
    [InlineData("minute", "2001-03-02 14:05", "date and time written as 'yyyy-MM-ddTHH:mm'")]
    [InlineData("minute", "2001-03-02T14:05:06", "date and time written as 'yyyy-MM-ddTHH:mm'")]
    [InlineData("minute", "2001-03-02", "date and time written as 'yyyy-MM-ddTHH:mm'")]
    [InlineData("second", "2001-03-02T14:05:06", "date and time written as 'yyyy-MM-dd HH:mm:ss'")]
    [InlineData("second", "2001-03-02 14:05+05", "date and time written as 'yyyy-MM-dd HH:mm:ss'")]
    [InlineData("naive", "2001-03-02T14:05", "date and time written as 'yyyy-MM-dd HH:mm'")]
    [InlineData("day", "2001-3-2", "date written as 'yyyy-MM-dd'")]
    [InlineData("compact", "2001-03-02", "date written as 'yyyyMMdd'")]
    [InlineData("clock", "14:05:06", "time written as 'HH:mm:ss.fff'")]
    public void Another_form_is_a_bad_row_that_shows_the_format(string column, string text, string expected)
    {
        var names = Codecs.FormattedCsvReader.Columns.Select(known => known.Name).ToArray();
        string[] good = [
            "\"2001-03-02 14:05:06,007\"",
            "2001-03-02T14:05",
            "2001-03-02 14:05:06",
            "2001-03-02T14:05:06.007+02:00",
            "2001-03-02 14:05",
            "2001-03-02",
            "20010302",
            "14:05:06.007",
            "1.02:03"
        ];
        var values = good.Select((value, i) => names[i] == column ? text : value).ToArray();
        var bad = new KeepBadRows();
        Assert.Single(ReadCsv<Formatted, Codecs.FormattedCsvReader>(
            $"{string.Join(',', names)}\n{string.Join(',', good)}\n{string.Join(',', values)}\n",
            badRows: bad));
        Assert.Equal((column, $"'{text}' is not a {expected}"), (Assert.Single(bad.Rows).Column, bad.Rows[0].Error));
        var line = "{" + string.Join(',', names.Select((name, i) => $"\"{name}\":\"{values[i].Trim('"')}\"")) + "}";
        Assert.Empty(ReadJson<Formatted, Codecs.FormattedJsonReader>(line, badRows: bad));
        Assert.Equal(bad.Rows[0].Error, bad.Rows[1].Error);
    }

    /// <summary>Formats that keep the whole instant, down to the last digit of the fraction that they show.</summary>
    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss,fff", TimeSpan.TicksPerMillisecond)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fffffff", 1)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fffZ", TimeSpan.TicksPerMillisecond)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", 1)]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", TimeSpan.TicksPerSecond)]
    [InlineData("yyyy-MM-dd HH:mm:ss zz", TimeSpan.TicksPerSecond)]
    [InlineData("yyyy-MM-dd'T'HH:mm", TimeSpan.TicksPerMinute)]
    [InlineData("yyyyMMddHHmmss", TimeSpan.TicksPerSecond)]
    [InlineData("dd/MMM/yyyy:HH:mm:ss zzz", TimeSpan.TicksPerSecond)]
    [InlineData("MM/dd/yyyy hh:mm:ss tt", TimeSpan.TicksPerSecond)]
    [InlineData("ddd, d MMM yyyy HH:mm", TimeSpan.TicksPerMinute)]
    [InlineData("yyyy-MM-dd\\zHH:mm", TimeSpan.TicksPerMinute)]
    [InlineData("\"z\"yyyy-MM-dd HH", TimeSpan.TicksPerHour)]
    [InlineData("o", 1)]
    [InlineData("s", TimeSpan.TicksPerSecond)]
    [InlineData("u", TimeSpan.TicksPerSecond)]
    [InlineData("r", TimeSpan.TicksPerSecond)]
    public void An_instant_in_any_format_is_read_back(string format, long unit) =>
        Gen.Select(Gen.DateTime, Gen.Int[-14, 14], Gen.OneOf(DateTimeKind.Utc, DateTimeKind.Unspecified)).Sample(
            (time, hours, kind) =>
            {
                var instant = Cut(time, unit);
                Assert.Equal(instant, Again(DateTime.SpecifyKind(instant, kind), format));
                var zoned = Zoned(instant, hours * 60);
                Assert.Equal(zoned.UtcDateTime, Again(zoned, format).UtcDateTime);
            },
            iter: 300);

    [Fact]
    public void What_a_format_leaves_out_does_not_depend_on_the_day()
    {
        Assert.True(TextValues.TryParse("14:05"u8, "HH:mm", out DateTime time));
        Assert.Equal(new DateTime(1, 1, 1, 14, 5, 0), time);
    }

    [Theory]
    [InlineData("2001-01-31T13:45+05", "2001-01-31T08:45:00")]
    [InlineData("2001-01-31T13:45:06-03", "2001-01-31T16:45:06")]
    [InlineData("2001-01-31 13:45:06.5+00", "2001-01-31T13:45:06.5")]
    [InlineData("2001-01-31T13:45+14", "2001-01-30T23:45:00")]
    [InlineData("2001-01-31T13:45+15", null)]
    [InlineData("2001-01-31T13:45+5", null)]
    [InlineData("2001-01-31T13:45+05:", null)]
    [InlineData("2001-01-31T13:45+053", null)]
    [InlineData("2001-01-31T13:45+05:3", null)]
    [InlineData("2001-01-31T13:45+05:60", null)]
    public void Offsets_may_be_whole_hours(string text, string? utc)
    {
        var expected = utc == null ? (DateTime?)null : DateTime.Parse(utc, CultureInfo.InvariantCulture);
        var bad = new KeepBadRows();
        var csv = ReadCsv<Flight, Codecs.FlightCsvReader>($"scheduled,delay,distance,origin,destination\n{text},1,2,A,B\n", badRows: bad);
        var json = ReadJson<Flight, Codecs.FlightJsonReader>(
            $"{{\"scheduled\":\"{text}\",\"delay\":1,\"distance\":2,\"origin\":\"A\",\"destination\":\"B\"}}",
            badRows: bad);
        Assert.Equal(expected, csv.Count == 0 ? null : csv[0].Scheduled);
        Assert.Equal(csv, json);
        Assert.Equal(expected == null ? 2 : 0, bad.Rows.Count);
    }

    private static T Again<T>(T value, string format)
        where T : struct
    {
        using var output = new Utf8Buffer(64);
        TextFormats.Write(output, value, format);
        Assert.True(TextValues.TryParse(output.Written, format, out T again), Encoding.UTF8.GetString(output.Written));
        return again;
    }

    private static DateTime Cut(DateTime time, long unit) => new(time.Ticks / unit * unit, DateTimeKind.Utc);

    // The offset must not exceed the calendar.
    private static DateTimeOffset Zoned(DateTime time, int offset)
    {
        var day = TimeSpan.TicksPerDay;
        return new DateTimeOffset(Math.Clamp(time.Ticks, day, DateTime.MaxValue.Ticks / day * day - day), TimeSpan.FromMinutes(offset));
    }
}
