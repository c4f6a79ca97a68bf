namespace Penstock.Generator.Tests.Schemas;

/// <summary>State that begins to expire counts as written at the restore. State that no longer expires is kept.</summary>
public sealed class TtlEvolutionTests
{
    private const string Lasting = """
        [State] private partial ref int Count { get; }
        [State] private partial MapState<int, int> Numbers { get; }
        [State] private partial ListState<int> List { get; }
        [State] private partial ReducingState<int, Sum> Total { get; }
        """;

    private const string Expiring = """
        [State(Ttl = "1h")] private partial ref int Count { get; }
        [State(Ttl = "1h", TtlRefresh = TtlRefresh.OnReadAndWrite)] private partial MapState<int, int> Numbers { get; }
        [State(Ttl = "1h")] private partial ListState<int> List { get; }
        [State(Ttl = "1h", TtlTime = TtlTime.ProcessingTime)] private partial ReducingState<int, Sum> Total { get; }
        """;

    private const string Rest = "\n" + """
        private void Add(int number) { Count++; Numbers.GetOrAdd(number)++; List.Add(number); Total.Add(number); }
        private string Tell() => FormattableString.Invariant($"{Count} {Numbers.Count} {List.Count} {Total.Value}");
        ---
        internal readonly struct Sum : IReducer<int> { public static int Reduce(int left, int right) => left + right; }
        """;

    [Fact]
    public void A_ttl_comes() => EvolutionRun.Check(Lasting + Rest, Expiring + Rest, Tell);

    [Fact]
    public void A_ttl_goes() => EvolutionRun.Check(Expiring + Rest, Lasting + Rest, Tell);

    [Fact]
    public void A_ttl_changes() => EvolutionRun.Check(Expiring + Rest, Expiring.Replace("1h", "2h", StringComparison.Ordinal) + Rest, Tell);

    [Fact]
    public void A_state_with_a_ttl_has_another_name() => EvolutionRun.Check(
        Expiring + Rest,
        (Expiring + Rest)
            .Replace("private partial ref int Count", "[FormerName(\"Count\")] private partial ref int Rows", StringComparison.Ordinal)
            .Replace("Count++", "Rows++", StringComparison.Ordinal).Replace("{Count}", "{Rows}", StringComparison.Ordinal)
            .Replace(
                "private partial ListState<int> List",
                "[FormerName(\"List\")] private partial ListState<int> All",
                StringComparison.Ordinal).Replace("List.", "All.", StringComparison.Ordinal),
        Tell);

    private static string Tell(int[] before, int[] after)
    {
        var all = before.Concat(after).ToList();
        return FormattableString.Invariant($"{all.Count} {all.Distinct().Count()} {all.Count} {all.Sum()}");
    }
}
