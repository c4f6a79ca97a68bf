using System.Text;
using System.Text.Json;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats;

/// <summary>
/// Strings are written as UTF-8. Parts of a .NET string that UTF-8 cannot represent are written as U+FFFD, which is EF BF BD.
/// </summary>
public sealed class HalfSurrogateTests
{
    // Attribute values are stored as UTF-8, which cannot contain half of a pair either.
    private static readonly (string Value, string Expected)[] Cases =
    [
        ("\ud800", "\ufffd"),
        ("\udc00", "\ufffd"),
        ("a\ud83db", "a\ufffdb"),
        ("a\ud83d", "a\ufffd"),
        ("\ud83d\ud83d\ude00", "\ufffd😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud800,\"", "\ufffd,\""),
        ("\ud800\n", "\ufffd\n"),
        ("\ufffd", "\ufffd"),
        (
            "a long text, long enough for a fast way \ud800 through it, if there is one",
            "a long text, long enough for a fast way \ufffd through it, if there is one"),
    ];

    [Fact]
    public void Half_of_a_surrogate_pair_is_written_as_the_replacement_character() =>
        Assert.All(Cases, static item => Check(item.Value, item.Expected));

    private static void Check(string value, string expected)
    {
        using var csv = new Utf8Buffer(16);
        var row = new CsvRowWriter(csv);
        row.WriteText(value);
        row.EndRow();
        var isQuoted = expected.IndexOfAny([',', '"', '\n']) >= 0;
        var field = isQuoted ? $"\"{expected.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : expected;
        Assert.Equal(Encoding.UTF8.GetBytes(field + "\n"), csv.Written.ToArray());

        using var json = new Utf8Buffer(16);
        var line = new JsonRowWriter(json);
        line.Name("{\"value\":"u8);
        line.WriteText(value);
        line.EndRow();
        using var read = JsonDocument.Parse(json.Written.ToArray());
        Assert.Equal(expected, read.RootElement.GetProperty("value").GetString());
    }
}
