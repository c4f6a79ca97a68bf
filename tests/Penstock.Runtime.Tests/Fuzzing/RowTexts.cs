using Penstock.Runtime.Tests.Formats;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Strings, most of them valid, for the columns of the row type with all types.</summary>
internal static class RowTexts
{
    public static string[] Names { get; } = [.. Codecs.MaybeCsvReader.Columns.Select(static column => column.Name)];

    public static string Value(Random random, string column) => column switch
    {
        "flag" => random.Pick("true", "false", "1", "True"),
        "letter" => random.Pick("x", "é", "7"),
        "text" => random.Pick("LAX", "", " a ", "a text of more than sixteen", "é", new string('x', random.Next(300))),
        "moment" or "zoned" => random.Pick(
            "2001-01-31",
            "2001-01-31T13:45",
            "2001-01-31 13:45:06.1234567+01:30",
            "2001-01-31T13:45:06Z",
            "2001-01-31T13:45-02"),
        "day" => random.Pick("2001-01-31", "1600-02-29"),
        "clock" => random.Pick("12:00", "12:00:01.5"),
        "span" => random.Pick("1.02:03:04", "-00:00:01", "00:00:00.0000001"),
        "id" => "01234567-89ab-cdef-0123-456789abcdef",
        "color" => random.Pick("Red", "green", "7", "99"),
        "f32" or "f64" => random.Pick("1.5", "-0", "1e10", "123456789.123456789", Long(random)),
        "money" => random.Pick("1.50", "-79228162514264337593543950335", "0", Long(random)),
        _ => random.Pick("0", "1", "100", "127"),
    };

    // More digits than any type can hold.
    private static string Long(Random random) =>
        $"{new string('9', random.Next(1, 40))}.{new string('0', random.Next(40))}{new string('1', random.Next(1, 40))}";

    public static bool IsNumber(string column) =>
        column is "f32" or "f64" or "money" || (column.Length is 2 or 3 && column[0] is 'i' or 'u' && char.IsAsciiDigit(column[1]));
}
