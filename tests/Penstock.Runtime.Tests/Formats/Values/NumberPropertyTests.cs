using System.Globalization;
using System.Numerics;
using System.Text;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats.Messages;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats.Values;

/// <summary>
/// Numbers with more digits than a type can hold, and with any exponent, compared with exact arithmetic: each is read as the nearest value
/// or is a bad row, in every format.
/// </summary>
public sealed class NumberPropertyTests
{
    private const int Count = 4_000;

    [Theory]
    [InlineData("0.00000000000000000000000000000000001", "0")]
    [InlineData("8.000000000000000000000000000000000000000", "8")]
    [InlineData("-3.1415926535897932384626433832795028841971", "-3.1415926535897932384626433833")]
    [InlineData("0.33333333333333333333333333333", "0.3333333333333333333333333333")]
    public void Digits_of_a_decimal_beyond_the_28th_are_rounded(string text, string expected) =>
        Assert.All(
            Read<decimal, OneNullableReader<decimal>>([text]),
            found => Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), found));

    [Fact]
    public void A_decimal_is_the_nearest_one_with_28_digits_behind_the_point_or_as_many_as_fit() => Check<
        decimal,
        OneNullableReader<decimal>>(11, static (text, value) =>
    {
        var (digits, exponent) = Parse(text);
        if (value is not { } found)
        {
            // Half of the last digit above the largest value.
            return 2 * Scaled(BigInteger.Abs(digits), exponent, 40) >= ((2 * Largest) + 1) * BigInteger.Pow(10, 40);
        }

        var bits = decimal.GetBits(found);
        var scale = (bits[3] >> 16) & 0xFF;
        var mantissa = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];

        // All digits after the point, up to 28, as far as they fit.
        var most = 28;
        while (most > 0 && ((2 * Scaled(BigInteger.Abs(digits), exponent, most)) + 1) / 2 > Largest)
        {
            most--;
        }

        var isExact = Power(-exponent) is var needed && exponent <= 0 && needed <= BigInteger.Pow(10, most);
        var wide = 400;
        var difference =
            BigInteger.Abs(Scaled(digits, exponent, wide) - ((found < 0 ? -1 : 1) * mantissa * BigInteger.Pow(10, wide - scale)));
        return isExact ? difference.IsZero && scale == Math.Max(0, -exponent) : 2 * difference <= BigInteger.Pow(10, wide - most);
    });

    [Fact]
    public void A_double_is_the_nearest_one() => Check<double, OneNullableReader<double>>(12, static (text, value) =>
    {
        var (digits, exponent) = Parse(text);
        if (value is not { } found)
        {
            return Compare(BigInteger.Abs(digits), exponent, (BigInteger.One << 1024) - (BigInteger.One << 970), 0) >= 0;
        }

        // No neighbour is nearer: the number is between the midpoints on both sides.
        var size = Math.Abs(found);
        var isSameSide = digits.IsZero || found == 0 || (digits < 0) == (found < 0);
        var bits = BitConverter.DoubleToInt64Bits(size);
        return isSameSide
            && Compare(BigInteger.Abs(digits), exponent, Middle(bits), -1075) <= 0
            && (bits == 0 || Compare(BigInteger.Abs(digits), exponent, Middle(bits - 1), -1075) >= 0);
    });

    [Theory]
    [InlineData(TimeUnit.Seconds, 7)]
    [InlineData(TimeUnit.Milliseconds, 4)]
    [InlineData(TimeUnit.Microseconds, 1)]
    [InlineData(TimeUnit.Nanoseconds, -2)]
    public void An_instant_that_is_a_number_is_cut_off_toward_the_past(TimeUnit unit, int power)
    {
        var random = new Random(13);
        string[] known = [
            "0.999999999999999999999999999999999",
            "-5e-281",
            "-0.0000000000000000000000000000000000001",
            "253402300799.99999999999999999999999999999999999",
            "253402300800",
            "-62135596800.00000000000000000000000000001"
        ];
        foreach (var text in known.Concat(Enumerable.Range(0, Count).Select(_ => NumberOf(random))))
        {
            var isRead = EpochText.TryParse(Encoding.UTF8.GetBytes(text), unit, out DateTime instant);
            var (digits, exponent) = Parse(text);
            exponent += power;
            var quotient = BigInteger.DivRem(digits * Power(exponent), Power(-exponent), out var rest);
            var ticks = quotient - (rest.Sign < 0 ? 1 : 0) + DateTime.UnixEpoch.Ticks;
            BigInteger? expected = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : null;
            Assert.True(
                isRead == (expected != null) && (!isRead || instant.Ticks == expected),
                $"{text} {unit}: {instant.Ticks} is not {expected}");
        }
    }

    [Theory]
    [InlineData(".5", true)]
    [InlineData("5.", true)]
    [InlineData("+1.5e+1", true)]
    [InlineData("1E3", true)]
    [InlineData("1e-99999999999999999999", true)]
    [InlineData("-0e99999999999999999999", true)]
    [InlineData("1e99999999999999999999", false)]
    [InlineData(".", false)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData("1.2.3", false)]
    [InlineData("1e", false)]
    [InlineData("e5", false)]
    [InlineData("--1.5", false)]
    [InlineData("1.5 ", false)]
    [InlineData("1.5\0", false)]
    [InlineData("0x1.5", false)]
    public void Only_numbers_are_instants(string text, bool isInstant) =>
        Assert.Equal(isInstant, EpochText.TryParse(Encoding.UTF8.GetBytes(text), TimeUnit.Milliseconds, out DateTime _));

    // Every number is read as CSV and as JSON, with and without quotes, and as a message of either format.
    private static List<T?> Read<T, TReader>(string[] texts)
        where T : struct
        where TReader : struct, ICsvRowReader<One<T?>>, IJsonRowReader<One<T?>>
    {
        var all = new List<T?>();
        var isJson = texts.All(static text => text[0] != '+'
            && text.TrimStart('-') is var digits
            && (digits[0] != '0' || digits.Length == 1 || !char.IsAsciiDigit(digits[1])));
        all.AddRange(Of(static (text, bad) => ReadCsv<One<T?>, TReader>("value\n" + text + "\n", badRows: bad)));
        all.AddRange(Of(static (text, bad) => ReadCsv<One<T?>, TReader>("value\n\"" + text + "\"\n", badRows: bad)));
        all.AddRange(Of(static (text, bad) => ReadJson<One<T?>, TReader>("{\"value\":\"" + text + "\"}\n", badRows: bad)));
        all.AddRange(isJson ? Of(static (text, bad) => ReadJson<One<T?>, TReader>("{\"value\":" + text + "}\n", badRows: bad)) : []);
        all.AddRange(isJson
            ? Of(static (text, bad) => MessageReading.ReadJson<One<T?>, TReader>("{\"value\":" + text + "}", out _) is { } row
                ? [row]
                : Bad<T>(bad))
            : []);
        all.AddRange(Of(static (text, bad) => MessageReading.ReadCsv<One<T?>, TReader>(text, out _) is { } row ? [row] : Bad<T>(bad)));
        return all;

        IEnumerable<T?> Of(Func<string, KeepBadRows, List<One<T?>>> read)
        {
            foreach (var text in texts)
            {
                var bad = new KeepBadRows();
                var rows = read(text, bad);
                Assert.Equal(1, rows.Count + bad.Rows.Count);
                yield return rows.Count == 1 ? rows[0].Value : null;
            }
        }
    }

    private static List<One<T?>> Bad<T>(KeepBadRows bad)
        where T : struct
    {
        bad.Rows.Add(default);
        return [];
    }

    private static void Check<T, TReader>(int seed, Func<string, T?, bool> isRight)
        where T : struct
        where TReader : struct, ICsvRowReader<One<T?>>, IJsonRowReader<One<T?>>
    {
        var random = new Random(seed);
        for (var i = 0; i < Count; i++)
        {
            var text = NumberOf(random);
            Assert.All(
                Read<T, TReader>([text]),
                value => Assert.True(
                    isRight(text, value),
                    $"{text} is read as {(value == null ? "a bad row" : string.Create(CultureInfo.InvariantCulture, $"{value}"))}"));
        }
    }

    private static string NumberOf(Random random)
    {
        var whole = random.Next(3) == 0
            ? "0"
            : DigitsOf(random, random.Next(1, random.Next(2) == 0 ? 32 : 12)).TrimStart('0') is { Length: > 0 } some ? some : "0";
        var fraction = random.Next(4) == 0 ? "" : "." + DigitsOf(random, random.Next(1, random.Next(2) == 0 ? 60 : 20));
        var exponent = random.Next(3) != 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"e{(random.Next(2) == 0 ? random.Next(-330, 310) : random.Next(-30, 30))}");
        return (random.Next(2) == 0 ? "-" : "") + whole + fraction + exponent;
    }

    // Runs of one digit, for which rounding carries or has ties, among random digits.
    private static string DigitsOf(Random random, int count)
    {
        var digits = new StringBuilder();
        while (digits.Length < count)
        {
            digits.Append(
                random.Next(3) == 0 ? (char)('0' + random.Next(10)) : "0594"[random.Next(4)],
                random.Next(3) == 0 ? random.Next(1, 30) : 1);
        }

        return digits.ToString(0, count);
    }

    // A number as digits and a power of ten.
    private static (BigInteger Digits, int Exponent) Parse(string text)
    {
        var at = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = at < 0 ? 0 : int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture);
        var mantissa = at < 0 ? text : text[..at];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        return (BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), exponent);
    }

    private static BigInteger Largest { get; } = (BigInteger.One << 96) - 1;

    private static BigInteger Power(int exponent) => BigInteger.Pow(10, Math.Max(0, exponent));

    // The number times a power of ten, rounded toward 0.
    private static BigInteger Scaled(BigInteger digits, int exponent, int power) =>
        exponent + power >= 0 ? digits * Power(exponent + power) : digits / Power(-exponent - power);

    // Compares digits times a power of ten with a number times a power of two.
    private static int Compare(BigInteger digits, int exponent, BigInteger other, int two)
    {
        var left = digits * Power(exponent) * BigInteger.Pow(2, Math.Max(0, -two));
        var right = other * Power(-exponent) * BigInteger.Pow(2, Math.Max(0, two));
        return left.CompareTo(right);
    }

    // The midpoint between a double and the next one, in units of half the smallest double.
    private static BigInteger Middle(long bits) => HalfUnits(bits) + ((HalfUnits(bits + 1) - HalfUnits(bits)) / 2);

    private static BigInteger HalfUnits(long bits)
    {
        var exponent = (int)(bits >> 52);
        var mantissa = (BigInteger)(bits & ((1L << 52) - 1));
        return exponent == 0 ? mantissa << 1 : (mantissa + (BigInteger.One << 52)) << exponent;
    }
}
