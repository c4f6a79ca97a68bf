using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>What an operator remembers in a collection of its own is found (PEN305), and tables that are only read are left alone.</summary>
public sealed class ContentAnalysisTests
{
    [Theory]
    [InlineData("private readonly List<int> _seen = [];", "_seen.Add(1);")]
    [InlineData("private readonly List<int> _seen = new();", "this._seen.Add(1);")]
    [InlineData("private readonly List<string> _seen = \"a b\".Split(' ').ToList();", "_seen.Clear();")]
    [InlineData("private readonly IList<int> _seen = new List<int>();", "_seen.Add(1);")]
    [InlineData("private readonly HashSet<string> _seen = [];", "if (_seen.Add(order.Shop)) { }")]
    [InlineData("private readonly Dictionary<string, int> _seen = [];", "_seen[order.Shop] = 1;")]
    [InlineData("private readonly Dictionary<string, int> _seen = [];", "_seen[order.Shop]++;")]
    [InlineData("private readonly Dictionary<string, int> _seen = [];", "_seen.Remove(order.Shop);")]
    [InlineData("private readonly Dictionary<string, int> _seen = [];", "System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seen, order.Shop, out _) = 1;")]
    [InlineData("private readonly Dictionary<string, int> _seen = [];", "CollectionsMarshal.GetValueRefOrAddDefault(_seen, order.Shop, out _)++;")]
    [InlineData("private readonly Dictionary<string, List<int>> _seen = [];", "_seen[order.Shop].Add(1);")]
    [InlineData("private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _seen = new();", "_seen.GetOrAdd(order.Shop, 1);")]
    [InlineData("private readonly Queue<int> _seen = new();", "_seen.Enqueue(1);")]
    [InlineData("private readonly Stack<int> _seen = new();", "_seen.Push(1);")]
    [InlineData("private readonly PriorityQueue<int, int> _seen = new();", "_seen.Enqueue(1, 1);")]
    [InlineData("private readonly System.Text.StringBuilder _seen = new();", "_seen.Append(order.Shop).Append(',');")]
    [InlineData("private readonly int[] _seen = new int[8];", "_seen[0] = 1;")]
    [InlineData("private readonly int[] _seen = [1, 2];", "_seen[0] += 1;")]
    [InlineData("private readonly int[] _seen = { 1, 2 };", "(_seen[0], _seen[1]) = (_seen[1], _seen[0]);")]
    [InlineData("private readonly int[,] _seen = new int[2, 2];", "--_seen[0, 1];")]
    [InlineData("private readonly int[] _seen = new int[8];", "System.Threading.Interlocked.Increment(ref _seen[0]);")]
    [InlineData("private readonly int[] _seen = new int[8];", "ref var first = ref _seen[0]; first++;")]
    [InlineData("private readonly int[] _seen = new int[8];", "Array.Clear(_seen);")]
    [InlineData("private readonly Total[] _seen = new Total[8]; private struct Total { public int Sum; }", "_seen[0].Sum = 1;")]
    [InlineData("private readonly int[] _seen; public Once() { _seen = new int[8]; }", "_seen[0] = 1;")]
    [InlineData("private readonly List<int> _seen; public Once() => this._seen = [];", "_seen.Add(1);")]
    [InlineData("private List<int> _seen { get; } = [];", "_seen.Add(1);")]
    [InlineData("private static readonly List<int> _seen = [];", "Once._seen.Add(1);")]
    public void Changed_content_is_reported(string field, string statement) => Assert.Equal(
        ["'_seen' is changed by 'On' but is no state, so a restart would lose it silently: make it [State], leave it as it is, or mark it with [Transient] if it may be lost"],
        Build(field, statement).Penstock.Select(static diagnostic => diagnostic.GetMessage()));

    [Theory]
    [InlineData("private readonly Dictionary<string, int> _table = new() { [\"a\"] = 1 };", "if (_table.TryGetValue(order.Shop, out var found) && found == _table[\"a\"]) { }")]
    [InlineData("private readonly Dictionary<string, int> _table = []; public Once() { _table.Add(\"a\", 1); }", "_ = _table[order.Shop];")]
    [InlineData("private readonly int[] _table = [1, 2];", "foreach (var one in _table) { _ = one; } _ = _table[0] + _table.Length;")]
    [InlineData("private readonly int[] _table = [1, 2];", "_ = System.Linq.Enumerable.ToList(_table.Append(3)); _ = _table.Reverse();")]
    [InlineData("private readonly int[] _table = [1, 2];", "ref readonly var first = ref _table[0]; _ = first;")]
    [InlineData("private readonly int[] _table = [1, 2];", "ref var first = ref _table[0]; _ = first;")]
    [InlineData("private readonly int[] _table = [1, 2];", "Array.Copy(_table, new int[2], 2); _ = Array.IndexOf(_table, 1);")]
    [InlineData("private readonly TimeSpan[] _table = new TimeSpan[2];", "_ = _table[0].Add(TimeSpan.Zero);")]
    [InlineData("private readonly List<string> _table = [\"a\"];", "var other = new List<string>(_table); other.Add(_table[0].Replace('a', 'b').Insert(0, \"c\"));")]
    [InlineData("private readonly List<string> _table = [\"a\"];", "List<string> copy = [.. _table]; copy.Add(nameof(_table.Add));")]
    [InlineData("private readonly List<int> _table = [1];", "{ var _table = new List<int>(); _table.Add(1); }")]
    [InlineData("private readonly List<int> _table = [1];", "var other = new Holder(); other._table.Add(1); _ = _table.Count;", "public sealed class Holder { public readonly List<int> _table = []; }")]
    [InlineData("private readonly System.Collections.Immutable.ImmutableList<int> _table = [];", "_ = _table.Add(1);")]
    [InlineData("private readonly System.Collections.Frozen.FrozenSet<int> _table = System.Collections.Frozen.FrozenSet.Create(1);", "_ = _table.Contains(1);")]
    [InlineData("private readonly IReadOnlyList<int> _table = [1];", "_ = _table[0];")]
    [InlineData("private readonly string _table = \"abc\";", "_ = _table.Replace('a', 'b').Insert(0, \"d\");")]
    [InlineData("private readonly List<int> _table; public Once(List<int> injected) { _table = injected; }", "_table.Add(1);")]
    [InlineData("private readonly Tracker _table; public Once(Tracker injected) => _table = injected;", "_table.Add(1);", "public sealed class Tracker { public void Add(int value) => _ = value; }")]
    [InlineData("[Transient] private readonly List<int> _table = [];", "_table.Clear(); _table.Add(1);")]
    [InlineData("[field: Transient] private List<int> Table { get; } = [];", "Table.Add(1);")]
    public void What_is_not_plainly_changed_is_left_alone(string field, string statement, string more = "") => Build(field, statement, more).AssertClean();

    [Fact]
    public void Injection_by_a_primary_constructor_is_no_content_of_the_operators_own() => TestCompiler.Build(DiagnosticPage.Shared, """
        [Operator]
        public sealed partial class Once(List<int> seen)
        {
            private readonly List<int> _seen = seen;
            [Map] private Order On(in Order order) { _seen.Add(1); return order; }
        }
        """).AssertClean();

    [Fact]
    public void Only_behaviours_are_looked_at_and_each_of_them()
    {
        var result = TestCompiler.Build(DiagnosticPage.Shared, """
            [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m")]
            public sealed partial class Once
            {
                private readonly List<decimal> _filled = [];
                private readonly List<decimal> _added = [];
                private readonly List<decimal> _fired = [];

                public Once() => Fill();

                [Accumulate] private void Add(in Order order) => _added.Add(order.Amount);
                [Fire] private ShopTotal Close(in Window<string> window)
                {
                    _fired.Clear();
                    return new(window.Key, _filled.Count);
                }

                private void Fill() => _filled.Add(1);
            }
            """);

        Assert.Equal(["_added", "_fired"], result.Penstock.Select(static diagnostic => Text(diagnostic)));
    }

    [Fact]
    public void A_reference_to_itself_is_survived()
    {
        var result = Build("private readonly int[] _seen = new int[8];", "ref var a = ref b[0]; ref var b = ref a[0]; ref var c = ref c[0]; ref var d = ref _seen[0]; ref var e = ref d;");
        Assert.DoesNotContain(result.Diagnostics, static diagnostic => diagnostic.Id is "AD0001" or "PEN305");
    }

    private static BuildResult Build(string field, string statement, string more = "") => TestCompiler.Build(DiagnosticPage.Shared, $$"""
        using System.Linq;
        using System.Runtime.InteropServices;

        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Once
        {
            {{field}}
            [Process] private void On(in Order order, ref Output<Order> output) { {{statement}} output.Emit(in order); }
        }

        {{more}}
        """);

    private static string Text(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
