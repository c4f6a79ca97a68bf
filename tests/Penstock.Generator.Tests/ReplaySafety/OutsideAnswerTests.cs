using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.ReplaySafety;

/// <summary>Code whose result would differ in a replay is reported at its place (PEN308), and no other code is.</summary>
public sealed class OutsideAnswerTests
{
    private const string Clock = "reads the clock";
    private const string Chance = "is random";

    [Theory]
    [InlineData("_ = ^DateTime.Now^;", Clock)]
    [InlineData("_ = ^System.DateTime.UtcNow^.AddDays(1);", Clock)]
    [InlineData("_ = ^DateTime.Today^;", Clock)]
    [InlineData("_ = ^DateTimeOffset.Now^;", Clock)]
    [InlineData("_ = ^global::System.DateTimeOffset.UtcNow^;", Clock)]
    [InlineData("_ = ^System.Diagnostics.Stopwatch.GetTimestamp^();", Clock)]
    [InlineData("var watch = System.Diagnostics.Stopwatch.StartNew(); _ = ^watch.Elapsed^;", Clock)]
    [InlineData("_ = ^Environment.TickCount^;", Clock)]
    [InlineData("_ = ^Environment.TickCount64^;", Clock)]
    [InlineData("_ = ^TimeProvider.System^.GetUtcNow();", Clock)]
    [InlineData("_ = ^Guid.NewGuid^();", Chance)]
    [InlineData("_ = ^Guid.CreateVersion7^();", Chance)]
    [InlineData("Func<Guid> make = ^Guid.NewGuid^; _ = make();", Chance)]
    [InlineData("_ = ^Random.Shared^.Next();", Chance)]
    [InlineData("_ = ^new Random()^.Next();", Chance)]
    [InlineData("Random random = ^new()^; _ = random.Next();", Chance)]
    [InlineData("_ = ^System.Security.Cryptography.RandomNumberGenerator.GetInt32^(3);", Chance)]
    [InlineData("_ = ^order.Shop.GetHashCode^();", "differs between processes")]
    [InlineData("_ = order.Shop?^.GetHashCode^();", "differs between processes")]
    [InlineData("_ = ^HashCode.Combine^(order.Shop, 1);", "differs between processes")]
    [InlineData("_ = Local(); static DateTime Local() => ^DateTime.UtcNow^;", Clock)]
    [InlineData("Func<DateTime> read = static () => ^DateTime.UtcNow^; _ = read();", Clock)]
    [InlineData("_ = ^UtcNow^;", Clock)]
    [InlineData("_ = ^Time.UtcNow^;", Clock)]
    public void A_nondeterministic_read_is_reported(string statement, string why) => AssertReported($"{statement} return true;", "", why);

    [Theory]
    [InlineData("return Seen() > 0;", "private int Seen() => Deep; private int Deep => ^Random.Shared^.Next();", Chance)]
    [InlineData("return this.Seen() > 0;", "private int Seen() { return ^Environment.TickCount^; }", Clock)]
    [InlineData("return _random.Next() > 0;", "private readonly Random _random = ^new()^;", Chance)]
    [InlineData("return _random.Next() > 0;", "private readonly Random _random = ^new Random(7)^;", "starts over at each start of the program")]
    [InlineData(
        "return _random.Next() > 0;",
        "private readonly Random _random; public Keep() { _random = ^new Random(7)^; }",
        "starts over at each start of the program")]
    [InlineData("return order.PlacedAt > Begun;", "private DateTime Begun { get; } = ^DateTime.UtcNow^;", Clock)]
    [InlineData("return order.PlacedAt > s_begun;", "private static readonly DateTime s_begun = ^DateTime.UtcNow^;", Clock)]
    public void Nondeterminism_elsewhere_in_the_class_is_reported(string body, string members, string why) =>
        AssertReported(body, members, why);

    [Fact]
    public void A_base_class_is_looked_into()
    {
        const string program = """
            public abstract class Base { protected bool IsLate(DateTime at) => at < ^DateTime.UtcNow^; protected static Guid Unused() => Guid.NewGuid(); }
            [Operator] public sealed partial class Keep : Base { [Filter] private bool On(in Order order) => IsLate(order.PlacedAt); }
            """;
        AssertReported(program, Clock);
    }

    [Theory]
    [InlineData("return order.PlacedAt > DateTime.UnixEpoch;", "")]
    [InlineData("return new Random(order.Shop.Length).Next() > 0;", "")]
    [InlineData("return nameof(DateTime.UtcNow).Length > 0;", "")]
    [InlineData("var Now = 1; return Now > 0;", "")]
    [InlineData("return order.Amount.GetHashCode() > 0;", "")]
    [InlineData(
        "return Mine.UtcNow > 0 && new Mine().Shared > 0;",
        "private sealed class Mine { public static int UtcNow => 1; public int Shared => 1; }")]
    [InlineData("return clock.GetUtcNow() > order.PlacedAt;", "", "TimeProvider clock")]
    [InlineData("return new Guid(1, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8]) != Guid.Empty;", "")]
    [InlineData("return true;", "public static Guid Unreached() => Guid.NewGuid();")]
    [InlineData("return _random.Next() > 0;", "[Transient] private readonly Random _random = new(7);")]
    public void What_a_replay_answers_again_is_left_alone(string body, string members, string service = "") =>
        Build(Operator(body, members, service)).AssertClean();

    [Fact]
    public void Other_classes_are_left_alone() =>
        Build("public static class Ids { public static Guid Next() => Guid.NewGuid(); } "
            + Operator("return Ids.Next() != Guid.Empty;", "")).AssertClean();

    private static void AssertReported(string body, string members, string why) => AssertReported(Operator(body, members), why);

    private static void AssertReported(string program, string why)
    {
        var parts = program.Split('^');
        var found = Assert.Single(Build(string.Concat(parts)).Penstock);
        Assert.Equal(
            ("PEN308", parts[1].TrimStart('.')),
            (found.Id, found.MarkedText()));
        Assert.StartsWith(
            $"'{parts[1].TrimStart('.')}' {why}, so operator 'Keep' may give other results when rows are processed again after a restart: ",
            found.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    private static string Operator(string body, string members, string service = "") =>
        $"[Operator] public sealed partial class Keep{(service.Length == 0 ? "" : $"({service})")} {{ {members} [Filter] private bool On(in Order order) {{ {body} }} }}";

    private static BuildResult Build(string program) =>
        TestCompiler.BuildShop("using static System.DateTime; using Time = System.DateTime; " + program);
}
