using System.Text;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Changes valid inputs a little: at any byte, and with pieces that have a meaning in the formats.</summary>
internal static class Mutator
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\"", "\"\"", "\r", "\n", "\r\n", ",", ",,", "\0", " ", "\t", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ":", "null",
            "true", "NaN", "Infinity",
            "-0", "1e400", "-1e39", "1e-400", "00", "9223372036854775808", "-9223372036854775809", "79228162514264337593543950336",
            "0.1234567890123456789012345678901",
            "9999-12-31T23:59:59.9999999+14", "0001-01-01T00:00-14:00", "2001-02-29", "\uFEFF", "é", "😀", "A,B", "\"a\":",
            "{\"a\":{\"a\":", "~", "|", "<", ">", "record{a:int32}",
        }.Select(Encoding.UTF8.GetBytes),
        [0x80], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE], [0x1F, 0x8B], [0x1F, 0x8B, 8, 0],
    ];

    /// <summary>Returns a changed copy.</summary>
    /// <param name="random">The source of random decisions.</param>
    /// <param name="input">A valid input.</param>
    /// <param name="most">The maximum number of changes; there may be none.</param>
    public static byte[] Mutate(Random random, ReadOnlySpan<byte> input, int most = 6)
    {
        List<byte> bytes = [.. input];
        for (var i = random.Next(most + 1); i > 0; i--)
        {
            Change(random, bytes);
        }

        return [.. bytes];
    }

    /// <summary>The same for a string.</summary>
    public static string Mutate(Random random, string input, int most = 6) =>
        Encoding.UTF8.GetString(Mutate(random, Encoding.UTF8.GetBytes(input), most));

    /// <summary>Returns one of several values.</summary>
    public static T Pick<T>(this Random random, params ReadOnlySpan<T> values) => values[random.Next(values.Length)];

    private static void Change(Random random, List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, random.Pick(1, 1, 2, 8, 100, 5_000));
        switch (random.Next(8))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when length > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5 when random.Next(8) == 0:
                bytes.InsertRange(at, Enumerable.Repeat(random.Pick(Pieces), random.Pick(2, 70, 3_000)).SelectMany(static piece => piece));
                break;
            default:
                bytes.InsertRange(at, random.Pick(Pieces));
                break;
        }
    }
}
