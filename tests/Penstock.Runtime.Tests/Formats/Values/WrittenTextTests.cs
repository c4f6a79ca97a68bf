using System.Globalization;
using System.Text;
using System.Text.Json;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats.Values;

/// <summary>
/// Values for which the row writers have their own code, compared with the result of .NET and with the rules of CSV and JSON.
/// </summary>
public sealed class WrittenTextTests
{
    private const int Count = 20_000;

    [Fact]
    public void Whole_numbers_are_written_as_dotnet_writes_them()
    {
        Assert.All(Numbers(), static number =>
        {
            Check((sbyte)number);
            Check((byte)number);
            Check((short)number);
            Check((ushort)number);
            Check((int)number);
            Check((uint)number);
            Check(number);
            Check((ulong)number);
        });
        Check(int.MinValue);
        Check(int.MaxValue);
        Check(uint.MaxValue);

        static void Check<T>(T value)
            where T : struct, IFormattable
        {
            var text = value.ToString(null, CultureInfo.InvariantCulture);
            Assert.Equal(text + ",", Csv(value, static (ref csv, value) => csv.Write(value)));
            Assert.Equal(text, Json(value, static (json, value) => json.Write(value)));
        }
    }

    [Fact]
    public void Instants_are_numbers_as_dotnet_writes_them() => Assert.All(Times(), static time =>
    {
        var seconds = (time - DateTime.UnixEpoch).Ticks;
        var text = ((seconds / TimeSpan.TicksPerMillisecond) - (seconds % TimeSpan.TicksPerMillisecond < 0
            ? 1
            : 0)).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(text + ",", Csv(time, static (ref csv, time) => csv.Write(time, TimeUnit.Milliseconds)));
    });

    [Fact]
    public void Dates_and_times_in_formats_of_iso_8601_are_written_as_dotnet_writes_them()
    {
        var parts = new[] { "HH:mm", "HH:mm:ss" }
            .Concat(Enumerable.Range(1, 7).Select(static digits => "HH:mm:ss." + new string('f', digits)))
            .ToList();
        var formats = parts.SelectMany(static part => new[] { "yyyy-MM-ddT" + part, "yyyy-MM-dd " + part }).Append("yyyy-MM-dd").ToList();
        var times = Times().Take(300).ToList();
        Assert.All(formats, format => Assert.All(times, time =>
        {
            var local = DateTime.SpecifyKind(time, DateTimeKind.Local);
            var zoned = new DateTimeOffset(
                Math.Clamp(time.Ticks, TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay) / TimeSpan.TicksPerMinute
                    * TimeSpan.TicksPerMinute,
                TimeSpan.FromMinutes(-330));
            Check(time, time, format);
            Check(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), time, format);
            Check(local, local.ToUniversalTime(), format);
            Check(zoned, zoned.UtcDateTime, format);
        }));
        Assert.All(times, static time => Check(DateOnly.FromDateTime(time), time, "yyyy-MM-dd"));
        Assert.All(parts, part => Assert.All(times, time => Check(TimeOnly.FromDateTime(time), time, part)));

        static void Check<T>(T value, DateTime utc, string format)
            where T : struct
        {
            var text = utc.ToString(format, CultureInfo.InvariantCulture);
            Assert.Equal(text + ",", Csv((value, format), static (ref csv, item) => csv.WriteIso(item.value, item.format)));
            Assert.Equal(text + ",", Csv((value, format), static (ref csv, item) => csv.WriteNullableIso<T>(item.value, item.format)));
            Assert.Equal($"\"{text}\"", Json((value, format), static (json, item) => json.WriteIso(item.value, item.format)));
            Assert.Equal($"\"{text}\"", Json((value, format), static (json, item) => json.WriteNullableIso<T>(item.value, item.format)));
        }
    }

    [Fact]
    public void No_date_is_an_empty_field_and_null()
    {
        Assert.Equal(",", Csv(0, static (ref csv, _) => csv.WriteNullableIso<DateTime>(null, "yyyy-MM-dd")));
        Assert.Equal("null", Json(0, static (json, _) => json.WriteNullableIso<DateTime>(null, "yyyy-MM-dd")));
    }

    // The last ones have the low byte of a comma, of a quote and of a backslash.
    [Theory]
    [InlineData("x")]
    [InlineData(",")]
    [InlineData("\"")]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData("\\")]
    [InlineData("\0")]
    [InlineData("\u001f")]
    [InlineData("~")]
    [InlineData("\u007f")]
    [InlineData("\u0080")]
    [InlineData("é")]
    [InlineData("\u022c")]
    [InlineData("\u2022")]
    [InlineData("\u205c")]
    [InlineData("😀")]
    public void A_character_is_written_the_same_wherever_it_stands(string character)
    {
        for (var length = 0; length <= 40; length++)
        {
            for (var at = 0; at <= length; at++)
            {
                var text = new string('a', at) + character + new string('b', length - at);
                var isQuoted = text.IndexOfAny([',', '"', '\r', '\n']) >= 0 || text[0] == ' ' || text[^1] == ' ';
                Assert.Equal(
                    (isQuoted ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text) + ",",
                    Csv(text, static (ref csv, text) => csv.WriteText(text)));
                var json = Json(text, static (json, text) => json.WriteText(text));
                Assert.Equal(text, JsonDocument.Parse(json).RootElement.GetString());
                Assert.True(json == $"\"{text}\"" || character is "\"" or "\\" || character[0] < ' ', json);
            }
        }
    }

    private delegate void WriteField<T>(ref CsvRowWriter writer, T value);

    private delegate void WriteValue<T>(JsonRowWriter writer, T value);

    // A buffer of the minimum size, so that a write without space fails.
    private static string Csv<T>(T value, WriteField<T> write)
    {
        using var output = new Utf8Buffer(1);
        var writer = new CsvRowWriter(output);
        write(ref writer, value);
        return Encoding.UTF8.GetString(output.Written);
    }

    private static string Json<T>(T value, WriteValue<T> write)
    {
        using var output = new Utf8Buffer(1);
        write(new JsonRowWriter(output), value);
        return Encoding.UTF8.GetString(output.Written);
    }

    // Every power of ten and of two with its neighbours, and numbers of every length.
    private static IEnumerable<long> Numbers()
    {
        var random = new Random(1);
        var around = Enumerable.Range(0, 19)
            .Select(static power => (long)Math.Pow(10, power))
            .Concat(Enumerable.Range(0, 64).Select(static power => 1L << power));
        return around.SelectMany(static number => new[] { number - 1, number, number + 1, -number })
            .Concat([long.MinValue, long.MaxValue, 12_345_678, 123_456_789, 100_000_000_000_000_007])
            .Concat(Enumerable.Range(0, Count).Select(_ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)));
    }

    private static IEnumerable<DateTime> Times()
    {
        var random = new Random(2);
        return new[]
        {
            DateTime.MinValue, DateTime.MaxValue, DateTime.UnixEpoch, new DateTime(
                2000,
                2,
                29,
                23,
                59,
                59), new DateTime(1999, 12, 31, 0, 0, 0).AddTicks(1), new DateTime(2001, 1, 1, 9, 8, 7).AddTicks(1_020_300),
        }.Concat(Enumerable.Range(0, Count).Select(_ => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)))).Select(static time =>
            DateTime.SpecifyKind(time, DateTimeKind.Utc));
    }
}
