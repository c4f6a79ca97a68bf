namespace Penstock.Generator.Tests.Schemas;

/// <summary>Restores maps, lists and reducing states of an older program, and state with a scope wider than a window.</summary>
public sealed class CollectionEvolutionTests
{
    private const string Old = """
        [State] private partial MapState<int, short> Counts { get; }
        [State] private partial ListState<Item> Items { get; }
        [State] private partial ReducingState<int, Largest> Peak { get; }
        [State] private partial MapState<string, Item> Gone { get; }
        private void Add(int number) { Counts.GetOrAdd(number)++; Items.Add(new Item(number, "n")); Peak.Add(number); Gone.GetOrAdd("x" + number) = new Item(1, "y"); }
        private string Tell() => "";
        ---
        public sealed record Item(int Number, string Name);
        internal readonly struct Largest : IReducer<int> { public static int Reduce(int left, int right) => Math.Max(left, right); }
        """;

    private const string New = """
        [State, FormerName("Counts")] private partial MapState<int, long> Numbers { get; }
        [State] private partial ListState<Item> Items { get; }
        [State] private partial ReducingState<long, Largest> Peak { get; }
        [State] private partial ListState<int> New { get; }
        private void Add(int number) { Numbers.GetOrAdd(number)++; Items.Add(new Item("m", number, 0)); Peak.Add(number); New.Add(number); }
        private string Tell() => $"{Text()} {Items.Count} {Items.Get(0).Title} {Items.Get(0).Number} {Peak.Value} {New.Count}";
        private string Text()
        {
            var pairs = new List<string>();
            foreach (var (key, value) in Numbers) { pairs.Add($"{key:000}:{value}"); }
            pairs.Sort(StringComparer.Ordinal);
            return string.Join(",", pairs);
        }
        ---
        public sealed record Item([FormerName("Name")] string Title, decimal Number, int New);
        internal readonly struct Largest : IReducer<long> { public static long Reduce(long left, long right) => Math.Max(left, right); }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Collections_are_renamed_widened_added_and_removed(bool window) => EvolutionRun.Check(
        Old,
        New,
        static (before, after) =>
        {
            var all = before.Concat(after).ToList();
            var counts = string.Join(",", all.GroupBy(static number => number)
                .OrderBy(static group => group.Key)
                .Select(static group => $"{group.Key:000}:{group.Count()}"));
            return $"{counts} {all.Count} {(before.Length > 0 ? "n" : "m")} {all[0]} {all.Max()} {after.Length}";
        },
        window);

    [Fact]
    public void State_that_is_wider_than_a_window_changes_too() => EvolutionRun.Check(
        """
        [State(Scope = StateScope.Key)] private partial ref int Sum { get; }
        [State(Scope = StateScope.Key)] private partial MapState<int, int> Counts { get; }
        [State] private partial ref int Rows { get; }
        private void Add(int number) { Sum += number; Counts.GetOrAdd(number)++; Rows++; }
        private string Tell() => "";
        """,
        """
        [State(Scope = StateScope.Key), FormerName("Sum")] private partial ref decimal Total { get; }
        [State(Scope = StateScope.Key)] private partial MapState<int, double> Counts { get; }
        [State] private partial ref string? Rows { get; }
        [StateUpgrade(nameof(Rows))] private static string? OfNumber(int old) => new string('r', old);
        private void Add(int number) { Total += number; Counts.GetOrAdd(number)++; Rows += "r"; }
        private string Tell() => FormattableString.Invariant($"{Total} {Counts.Count} {Rows!.Length}");
        """,
        static (before, after) => $"{before.Sum() + after.Sum()} {before.Concat(after).Distinct().Count()} {before.Length + after.Length}",
        window: true);

    [Fact]
    public void The_state_over_all_windows_is_removed() => EvolutionRun.Check(
        """
        [State(Scope = StateScope.Key)] private partial ref int Sum { get; }
        [State(Scope = StateScope.Key)] private partial MapState<int, int> Counts { get; }
        [State] private partial MapState<int, int> Also { get; }
        private void Add(int number) { Sum += number; Counts.GetOrAdd(number)++; Also.GetOrAdd(number)++; }
        private string Tell() => "";
        """,
        EvolutionTests.Count,
        static (_, after) => $"{after.Length}",
        window: true);

    [Fact]
    public void The_values_of_a_map_are_upgraded() => EvolutionRun.Check(
        """
        [State] private partial MapState<string, long> Cents { get; }
        [State] private partial ListState<string> Texts { get; }
        private void Add(int number) { Cents.GetOrAdd("a") += number; Texts.Add("1" + number); }
        private string Tell() => "";
        """,
        """
        [State] private partial MapState<string, decimal> Cents { get; }
        [State] private partial ListState<int> Texts { get; }
        [StateUpgrade(nameof(Cents))] private static decimal FromCents(long old) => old / 100m;
        [StateUpgrade(nameof(Texts))] private static int Of(string old) => int.Parse(old);
        private void Add(int number) { Cents.GetOrAdd("a") += number / 100m; Texts.Add(number); }
        private string Tell() => FormattableString.Invariant($"{Cents.GetOrAdd("a"):0.00} {Texts.Get(0)}");
        """,
        static (before, after) => FormattableString.Invariant(
                $"{(before.Sum() + after.Sum()) / 100m:0.00} {(before.Length > 0 ? $"1{before[0]}" : $"{after[0]}")}"));

    [Theory]
    [InlineData(
        "MapState<int, long>",
        "MapState<int, int>",
        "Result.Kept",
        "field 'Value' was saved as int64 and is now int32, which does not hold every int64 exactly. Change it back, convert it with a [StateUpgrade] method")]
    [InlineData(
        "MapState<int, int>",
        "MapState<long, int>",
        "Result.Kept",
        "its key was saved as string,int32 and is now string,int64, but keys cannot change. Change it back, give the state another name")]
    public void What_does_not_fit_is_refused(string from, string to, string id, string reason) => Assert.Equal(
        $"PSR502: Checkpoint 1 of pipeline 'Shop' does not match the program: the state of '{id}' cannot be restored, because {reason}, or start over with an empty checkpoint folder and an empty output. Nothing has been changed.",
        EvolutionRun.Refusal(EvolvingProgram.Compile(Keep(from)), EvolvingProgram.Compile(Keep(to))));

    [Theory]
    [InlineData(
        "[State] private partial ref int Kept { get; }",
        "Kept++;",
        "[State] private partial MapState<int, int> Kept { get; }",
        "Kept.GetOrAdd(number)++;",
        "saved as a value per key and window and is now a map or list per key and window")]
    [InlineData(
        "[State] private partial ref int Kept { get; }",
        "Kept++;",
        "[State(Scope = StateScope.Key)] private partial ref int Kept { get; }",
        "Kept++;",
        "saved as a value per key and window and is now a value per key")]
    [InlineData(
        "[State(Scope = StateScope.Key)] private partial ref int Kept { get; }",
        "Kept++;",
        "[State] private partial ref int Kept { get; }",
        "Kept++;",
        "saved as a value per key and is now a value per key and window")]
    public void State_of_another_kind_or_scope_is_refused(string from, string add, string to, string addNow, string reason)
    {
        static string Window(string state, string add) => $$"""
            {{state}}
            [State] private partial ref int Rows { get; }
            private void Add(int number) { {{add}} Rows++; }
            private string Tell() => "";
            """;
        var error = EvolutionRun.Refusal(
            EvolvingProgram.Compile(Window(from, add), "\"1h\""), EvolvingProgram.Compile(Window(to, addNow), "\"1h\""));
        Assert.Contains(
            $"cannot be restored, because state 'Kept' was {reason}. Change it back, give the state another name",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_collections_of_an_operator_that_is_gone_can_be_dropped()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-evolution");
        try
        {
            EvolvingProgram.Compile(Old).Run(folder.FullName, [("a", 1), ("a", 2)]);
            Assert.Contains(
                "it contains state of 'Result",
                Assert.ThrowsAny<PipelineException>(() => EvolvingProgram.Compile(Old, id: "Other").Run(folder.FullName, [])).Message,
                StringComparison.Ordinal);
            Assert.Equal(
                ["a="],
                EvolvingProgram.Compile(Old, id: "Other", pipeline: ", RemovedState(\"Result\")").Run(folder.FullName, [("a", 3)]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Keep(string type) => $$"""
        [State] private partial {{type}} Kept { get; }
        private void Add(int number) => Kept.GetOrAdd(number)++;
        private string Tell() => "";
        """;
}
