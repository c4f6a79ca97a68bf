using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Plan.Keys;

namespace Penstock.Generator.Tests.Declarations.Origins;

/// <summary>The values of a row that identify the key of a changelog: different keys never have the same value.</summary>
public sealed class IdentifyingValueTests
{
    private const string Invariant = "System.Globalization.CultureInfo.InvariantCulture";

    // The type of the key, the type of the member, and the expression that computes the member from the key.
    [Theory]
    [InlineData("string", "string", "window.Key", true)]
    [InlineData("string", "string", "(window.Key)", true)]
    [InlineData("string", "string", "window.Key!", true)]
    [InlineData("string", "string?", "window.Key", true)]
    [InlineData("string", "string", "window.Key + \"!\"", true)]
    [InlineData("string", "string", "\"a\" + window.Key + 'b' + \"c\"", true)]
    [InlineData("string", "string", "Prefix + window.Key", true)]
    [InlineData("string", "string", "$\"{window.Key}\"", true)]
    [InlineData("string", "string", "$\"{Prefix}{window.Key}{'.'}\"", true)]
    [InlineData("string", "string", "$\"1{window.Key}1\"", true)]
    [InlineData("string", "string", "window.Key.ToString()", true)]
    [InlineData("string", "string", "window.Key.Trim()", false)]
    [InlineData("string", "string", "window.Key.ToUpperInvariant()", false)]
    [InlineData("string", "string", "window.Key.Substring(1)", false)]
    [InlineData("string", "string", "window.Key[..1]", false)]
    [InlineData("string", "string", "window.Key.Replace('a', 'b')", false)]
    [InlineData("string", "string", "$\"{window.Key.Trim()}\"", false)]
    [InlineData("string", "string", "\"a\" + window.Key.Trim()", false)]
    [InlineData("string", "string", "$\"{window.Key,5}\"", false)]
    [InlineData("string", "string", "window.Key == \"a\" ? \"b\" : window.Key", false)]
    [InlineData("string", "string", "window.Key + window.Key", false)]
    [InlineData("string", "string", "Same(window.Key)", false)]
    [InlineData("string", "int", "window.Key.Length", false)]
    [InlineData("string", "object", "window.Key", false)]
    [InlineData("string", "Upper", "window.Key", false)]
    [InlineData("string?", "string?", "window.Key", true)]
    [InlineData("string?", "string?", "window.Key!", true)]
    [InlineData("string?", "string", "window.Key!", false)]
    [InlineData("string?", "string", "$\"{window.Key}\"", false)]
    [InlineData("string?", "string?", "$\"{window.Key}\"", false)]
    [InlineData("string?", "string", "\"a\" + window.Key", false)]
    [InlineData("string?", "string", "window.Key!.ToString()", false)]
    [InlineData("int?", "int?", "window.Key", true)]
    [InlineData("int?", "long?", "window.Key", true)]
    [InlineData("int?", "decimal?", "window.Key", true)]
    [InlineData("int?", "long?", "(long?)window.Key", true)]
    [InlineData("long?", "int?", "(int?)window.Key", false)]
    [InlineData("int?", "int", "window.Key ?? 0", false)]
    [InlineData("int", "int", "window.Key", true)]
    [InlineData("int", "int?", "window.Key", true)]
    [InlineData("int", "long", "window.Key", true)]
    [InlineData("int", "long?", "window.Key", true)]
    [InlineData("int", "long", "(long)window.Key", true)]
    [InlineData("int", "decimal", "window.Key", true)]
    [InlineData("int", "float", "window.Key", false)]
    [InlineData("long", "double", "window.Key", false)]
    [InlineData("long", "int", "(int)window.Key", false)]
    [InlineData("int", "uint", "(uint)window.Key", false)]
    [InlineData("int", "int", "window.Key + 1", true)]
    [InlineData("int", "int", "1 + window.Key", true)]
    [InlineData("int", "int", "window.Key - 7", true)]
    [InlineData("int", "int", "-1 - window.Key", true)]
    [InlineData("int", "int", "window.Key - window.Key", false)]
    [InlineData("int", "long", "window.Key + 1L", true)]
    [InlineData("int", "double", "window.Key + 1.5", false)]
    [InlineData("int", "int", "window.Key * 2", false)]
    [InlineData("int", "int", "window.Key / 2", false)]
    [InlineData("int", "int", "window.Key % 2", false)]
    [InlineData("int", "int", "window.Key & 1", false)]
    [InlineData("int", "int", "Math.Abs(window.Key)", false)]
    [InlineData("int", "string", "$\"{window.Key}\"", false)]
    [InlineData("int", "string", "\"\" + window.Key", false)]
    [InlineData("int", "string", "window.Key.ToString()", false)]
    [InlineData("int", "string", "window.Key.ToString(" + Invariant + ")", true)]
    [InlineData("int", "string", "window.Key.ToString(\"D3\", " + Invariant + ")", false)]
    [InlineData("int", "string", "string.Create(" + Invariant + ", $\"{window.Key}\")", true)]
    [InlineData("int", "string", "string.Create(System.Globalization.CultureInfo.CurrentCulture, $\"{window.Key}\")", false)]
    [InlineData("int", "string", "FormattableString.Invariant($\"{window.Key}\")", true)]
    [InlineData("uint", "string", "$\"{window.Key}\"", true)]
    [InlineData("uint", "string", "window.Key + \"\"", true)]
    [InlineData("uint", "string", "$\"{window.Key:X}\"", false)]
    [InlineData("byte", "int", "window.Key + 1", true)]
    [InlineData("byte", "byte", "(byte)(window.Key + 1)", false)]
    [InlineData("char", "string", "$\"{window.Key}\"", true)]
    [InlineData("char", "int", "window.Key", true)]
    [InlineData("bool", "bool", "window.Key", true)]
    [InlineData("Guid", "string", "$\"{window.Key}\"", true)]
    [InlineData("Guid", "string", "window.Key.ToString()", true)]
    [InlineData("decimal", "decimal", "window.Key", true)]
    [InlineData("decimal", "decimal", "Math.Round(window.Key, 2)", false)]
    [InlineData("decimal", "string", "$\"{window.Key:F2}\"", false)]
    [InlineData("Plain", "Plain", "window.Key", true)]
    [InlineData("Plain", "string", "$\"{window.Key}\"", true)]
    [InlineData("Plain", "string", "window.Key.ToString()", true)]
    [InlineData("Plain", "long", "(long)window.Key", true)]
    [InlineData("Plain", "byte", "(byte)window.Key", false)]
    [InlineData("Twice", "Twice", "window.Key", true)]
    [InlineData("Twice", "string", "$\"{window.Key}\"", false)]
    [InlineData("Several", "string", "window.Key.ToString()", false)]
    [InlineData("DateTimeOffset", "DateTimeOffset", "window.Key", true)]
    [InlineData("DateTimeOffset", "DateTime", "window.Key.UtcDateTime", true)]
    [InlineData("DateTimeOffset", "long", "window.Key.UtcTicks", true)]
    [InlineData("DateTimeOffset", "DateTime", "window.Key.DateTime", false)]
    [InlineData("DateTimeOffset", "DateTime", "window.Key.LocalDateTime", false)]
    [InlineData("DateTimeOffset", "DateTime", "window.Key.Date", false)]
    [InlineData("DateTimeOffset", "long", "window.Key.Ticks", false)]
    [InlineData("DateTimeOffset", "long", "window.Key.ToUnixTimeSeconds()", false)]
    [InlineData("DateTimeOffset", "long", "window.Key.ToUnixTimeMilliseconds()", false)]
    [InlineData("DateTimeOffset", "DateTimeOffset", "window.Key.AddDays(1.5)", true)]
    [InlineData("DateTimeOffset", "DateTimeOffset", "window.Key.AddDays(-1).AddTicks(Tick)", true)]
    [InlineData("DateTimeOffset", "DateTimeOffset", "window.Key.AddMonths(1)", false)]
    [InlineData("DateTimeOffset", "DateTimeOffset", "window.Key.AddYears(1)", false)]
    [InlineData("DateTimeOffset", "DateTimeOffset", "window.Key.AddDays(window.Key.Day)", false)]
    [InlineData("DateTimeOffset", "string", "window.Key.ToString(\"O\")", true)]
    [InlineData("DateTimeOffset", "string", "window.Key.ToString(\"o\", " + Invariant + ")", true)]
    [InlineData("DateTimeOffset", "string", "$\"{window.Key:O}\"", true)]
    [InlineData("DateTimeOffset", "string", "$\"{window.Key}\"", false)]
    [InlineData("DateTimeOffset", "string", "$\"{window.Key:yyyy-MM-dd}\"", false)]
    [InlineData("DateTime", "long", "window.Key.Ticks", true)]
    [InlineData("DateTime", "DateTime", "window.Key.AddHours(-1)", true)]
    [InlineData("DateTime", "DateTime", "window.Key.Date", false)]
    [InlineData("DateTime", "DateTime", "window.Key.ToUniversalTime()", false)]
    [InlineData("DateTime", "string", "$\"{window.Key:O}\"", true)]
    [InlineData("DateOnly", "string", "$\"{window.Key:O}\"", true)]
    [InlineData("DateOnly", "string", "$\"{window.Key}\"", false)]
    [InlineData("TimeOnly", "string", "window.Key.ToString(\"O\")", true)]
    public void Of_a_key(string key, string member, string value, bool identifies) =>
        Assert.Equal(identifies ? "Id Bound" : "", KeyOf(Program(key, "10m", "", member, "DateTimeOffset", $"{value}, window.Start")));

    // The size and offset of the window.
    [Theory]
    [InlineData("10m", "0", "DateTimeOffset", "window.Start", true)]
    [InlineData("10m", "0", "DateTimeOffset", "window.End.AddDays(1)", true)]
    [InlineData("10m", "0", "DateTimeOffset", "window.End.AddMonths(1)", false)]
    [InlineData("10m", "0", "DateTime", "window.Start.UtcDateTime", true)]
    [InlineData("10m", "0", "DateTime", "window.Start.DateTime", true)]
    [InlineData("10m", "0", "DateTime", "window.Start.AddSeconds(-1).DateTime", true)]
    [InlineData("10m", "0", "long", "window.End.Ticks", true)]
    [InlineData("1d", "0", "DateTime", "window.Start.Date", false)]
    [InlineData("10m", "0", "long", "window.StartMicros", true)]
    [InlineData("10m", "0", "long", "window.EndMicros + 1", true)]
    [InlineData("10m", "0", "long", "window.End.ToUnixTimeSeconds()", true)]
    [InlineData("10m", "90s", "long", "window.End.ToUnixTimeSeconds()", true)]
    [InlineData("10m", "500ms", "long", "window.End.ToUnixTimeSeconds()", false)]
    [InlineData("1500ms", "0", "long", "window.End.ToUnixTimeSeconds()", false)]
    [InlineData("1500ms", "0", "long", "window.End.ToUnixTimeMilliseconds()", true)]
    [InlineData("1500us", "0", "long", "window.End.ToUnixTimeMilliseconds()", false)]
    [InlineData("1500ms", "0", "long", "window.StartMicros / 1_000", true)]
    [InlineData("1500ms", "0", "long", "window.StartMicros / 500_000", true)]
    [InlineData("1500ms", "0", "long", "window.StartMicros / 1_000_000", false)]
    [InlineData("10m", "500ms", "long", "window.StartMicros / 1_000_000", false)]
    [InlineData("10m", "0", "long", "(window.StartMicros + 5) / 1_000", false)]
    [InlineData("10m", "0", "long", "window.StartMicros / 1_000 / 1_000_000", false)]
    [InlineData("10m", "0", "int", "(int)(window.StartMicros / 1_000_000)", false)]
    [InlineData("10m", "0", "double", "window.StartMicros / 1_000.0", false)]
    [InlineData("10m", "0", "string", "$\"{window.Start:O}\"", true)]
    [InlineData("10m", "0", "string", "$\"{window.Start:HH:mm}\"", false)]
    [InlineData("10m", "0", "string", "$\"{window.StartMicros}\"", false)]
    public void Of_a_window(string size, string offset, string member, string value, bool identifies) =>
        Assert.Equal(
            identifies ? "Id Bound" : "",
            KeyOf(Program("string", size, offset == "0" ? "" : $", Offset = \"{offset}\"", "string", member, $"window.Key, {value}")));

    // The types of the parts A, B and C of the key, and a string that must identify the whole key.
    [Theory]
    [InlineData("string", "$\"{window.Key} {window.Start:O}\"", true)]
    [InlineData("string", "$\"{window.Start:O}{window.Key}\"", true)]
    [InlineData("string", "window.Key + window.Start.ToString(\"O\")", true)]
    [InlineData("string", "$\"{window.Key} {window.Start.UtcDateTime:O}\"", true)]
    [InlineData("string", "$\"{window.Key}{window.Start.DateTime.AddDays(1):O}\"", true)]
    [InlineData("string", "$\"{window.Key}{window.Start.UtcDateTime.AddMonths(1):O}\"", false)]
    [InlineData("string A, DateTime B", "$\"{window.Key.A}{window.Key.B:O}{window.Start:O}\"", false)]
    [InlineData("DateTime A, string B", "$\"{window.Key.A:O}{window.Key.B}{window.Start:O}\"", false)]
    [InlineData("string? A, uint B", "$\"{window.Key.A}/{window.Key.B}/{window.Start:O}\"", false)]
    [InlineData("string", "string.Create(" + Invariant + ", $\"{window.Key}@{window.StartMicros}\")", true)]
    [InlineData("string", "string.Create(" + Invariant + ", $\"{window.Key}-{window.StartMicros}\")", false)]
    [InlineData("string", "string.Create(" + Invariant + ", $\"{window.Key}{window.StartMicros}\")", false)]
    [InlineData("string", "$\"{window.Key}{window.Start:O}\".Trim()", false)]
    [InlineData("string", "window.Key", false)]
    [InlineData("string A, string B", "$\"{window.Key.A} {window.Key.B} {window.Start:O}\"", false)]
    [InlineData("string A, uint B", "$\"{window.Key.A} {window.Key.B} {window.Start:O}\"", true)]
    [InlineData("string A, uint B", "$\"{window.Key.A}{window.Key.B} {window.Start:O}\"", false)]
    [InlineData("string A, uint B", "$\"{window.Key.A}7{window.Key.B} {window.Start:O}\"", false)]
    [InlineData("string A, uint B", "window.Key.A + \"/\" + window.Key.B + \"/\" + window.Start.ToString(\"O\")", true)]
    [InlineData("uint A, uint B", "$\"{window.Key.A}{window.Key.B} {window.Start:O}\"", false)]
    [InlineData("uint A, uint B", "$\"{window.Key.A}-{window.Key.B} {window.Start:O}\"", false)]
    [InlineData("uint A, uint B", "$\"{window.Key.A}x{window.Key.B}{window.Start:O}\"", true)]
    [InlineData("uint A, uint B", "$\"{window.Key.A}x{window.Key.B}x{window.Start:O}\"", true)]
    [InlineData("uint A, string B, uint C", "$\"{window.Start:O}{window.Key.A}/{window.Key.B}/{window.Key.C}\"", true)]
    [InlineData("uint A, string B, uint C", "$\"{window.Start:O}{window.Key.A}{window.Key.B}/{window.Key.C}\"", false)]
    [InlineData("Guid A, string B, char C", "$\"{window.Key.A}{window.Key.B}{window.Key.C}{window.Start:O}\"", true)]
    [InlineData("string A, Guid B, string C", "$\"{window.Key.A}{window.Key.B}{window.Key.C}{window.Start:O}\"", false)]
    [InlineData("string A, Plain B", "$\"{window.Key.A}/{window.Key.B}/{window.Start:O}\"", false)]
    public void Of_a_text_of_several(string parts, string text, bool identifies) =>
        Assert.Equal(
            identifies ? "Id" : "",
            KeyOf(Program(
                parts.Contains(',', StringComparison.Ordinal) ? $"({parts})" : parts,
                "10m",
                "",
                "string",
                "decimal",
                $"{text}, Count")));

    // Whether a key may be null depends on the key member of the rows, not on how the window declares it. In code without nullable
    // annotations, strings count as never null.
    [Theory]
    [InlineData("string? A", "string", "string", "window.Key", "")]
    [InlineData("string? A", "string", "string", "$\"{window.Key}\"", "")]
    [InlineData("string? A", "string", "string?", "window.Key", "Id Bound")]
    [InlineData("string A", "string?", "string", "window.Key!", "Id Bound")]
    public void Of_a_key_that_the_window_calls_otherwise(string part, string key, string member, string value, string identified) =>
        Assert.Equal(
            identified,
            KeyOf(Program("string", "10m", "", member, "DateTimeOffset", $"{value}, window.Start")
                .Replace("Event(string A", $"Event({part}", StringComparison.Ordinal)
                .Replace("Window<string>", $"Window<{key}>", StringComparison.Ordinal)));

    [Fact]
    public void Of_a_key_of_code_that_does_not_say_what_can_be_null() =>
        Assert.Equal(
            "Id Bound",
            KeyOf("#nullable disable\n" + Program("string", "10m", "", "string", "DateTimeOffset", "$\"{window.Key}\", window.Start")));

    // A map after the window: the members of its row, and their expressions.
    [Theory]
    [InlineData("string", "public string Get => Id;", "row.Get", true)]
    [InlineData("string", "public string Get { get { return Id; } }", "row.Get", true)]
    [InlineData("string", "public string Get => this.Id;", "$\"a{row.Get}\"", true)]
    [InlineData("string", "public string Get => Id.Trim();", "row.Get", false)]
    [InlineData("string", "public string Get { get => Id; set { } }", "row.Get", false)]
    [InlineData("string", "public string Get => field = Id;", "row.Get", false)]
    [InlineData("string?", "public string Get => Id!;", "row.Get", false)]
    [InlineData("string?", "public string? Get => Id;", "$\"{row.Get}\"", false)]
    [InlineData("string?", "public string? Get => Id;", "row.Get!", false)]
    public void Of_a_member_that_returns_another(string key, string getter, string value, bool identifies)
    {
        var program = Program(key, "10m", "", key, "DateTimeOffset", "window.Key, window.Start").Replace(
            "Bound);\n",
            $"Bound) {{ {getter} }}\npublic readonly record struct Short(string Text, DateTimeOffset Bound);\n[Operator] public sealed partial class Shorten {{ [Map] private static Short On(in Total row) => new({value}, row.Bound); }}\n",
            StringComparison.Ordinal)
            .Replace("public readonly record struct Total", "public record struct Total", StringComparison.Ordinal)
            .Replace(
                "public partial Stream<Total> Totals { get; }",
                "public partial Stream<Total> Totals { get; } [Apply<Shorten>(\"Totals\")] [Sink<Versions<Short>>] public partial Stream<Short> Shorts { get; }",
                StringComparison.Ordinal);
        Assert.Equal(identifies ? "Text Bound" : "", KeyOf(program, "Shorts"));
    }

    private static string KeyOf(string program, string stream = "Totals")
    {
        var result = TestCompiler.BuildShop(program);
        result.AssertClean();
        return ChangelogKeyTests.KeyIn(result, stream) ?? "";
    }

    // A key of several parts consists of several members.
    private static string Program(string key, string size, string window, string id, string bound, string fired)
    {
        var parts = key.StartsWith('(') ? key[1..^1].Split(", ") : [$"{key} A"];
        return $$"""
            public enum Plain { One, Two }
            public enum Twice { One, First = One }
            [Flags] public enum Several { One = 1, Two = 2 }
            public readonly record struct Upper(string Text) { public static implicit operator Upper(string text) => new(text.ToUpperInvariant()); }
            public readonly record struct Event({{string.Join(", ", parts)}}, DateTime At);
            public readonly record struct Total({{id}} Id, {{bound}} Bound);

            {{ProgramText.Connectors}}
            [Operator, KeyBy({{string.Join(", ", parts.Select(static part => $"\"{part.Split(' ')[1]}\""))}}), TumblingWindow("{{size}}", AllowedLateness = "1m"{{window}})]
            public sealed partial class Sums
            {
                private const string Prefix = "-";
                private const long Tick = 1;
                [State] private partial ref decimal Count { get; }
                [Accumulate] private void Add(in Event one) => Count++;
                [Fire] private Total Close(in Window<{{key}}> window) => new({{fired}});
                private static string Same(string text) => text;
            }

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("events.csv")] [EventTime("At")] public partial Stream<Event> Events { get; }
                [Apply<Sums>("Events")] [Sink<Versions<Total>>] public partial Stream<Total> Totals { get; }
            }
            """;
    }
}
