using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.ReplaySafety;

/// <summary>Data that an operator keeps in its own collection is reported (PEN305); tables that are only read are not.</summary>
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
    [InlineData(
        "private readonly Dictionary<string, int> _seen = [];",
        "System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seen, order.Shop, out _) = 1;")]
    [InlineData(
        "private readonly Dictionary<string, int> _seen = [];",
        "CollectionsMarshal.GetValueRefOrAddDefault(_seen, order.Shop, out _)++;")]
    [InlineData("private readonly Dictionary<string, List<int>> _seen = [];", "_seen[order.Shop].Add(1);")]
    [InlineData(
        "private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _seen = new();",
        "_seen.GetOrAdd(order.Shop, 1);")]
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
        ["'_seen' is changed by 'On' but is not state, so a restart would lose its value silently: make it [State], do not change it, or mark it with [Transient] if it may be lost"],
        Build(field, statement).Penstock.Select(static diagnostic => diagnostic.GetMessage()));

    [Theory]
    [InlineData(
        "private readonly Dictionary<string, int> _table = new() { [\"a\"] = 1 };",
        "if (_table.TryGetValue(order.Shop, out var found) && found == _table[\"a\"]) { }")]
    [InlineData("private readonly Dictionary<string, int> _table = []; public Once() { _table.Add(\"a\", 1); }", "_ = _table[order.Shop];")]
    [InlineData("private readonly int[] _table = [1, 2];", "foreach (var one in _table) { _ = one; } _ = _table[0] + _table.Length;")]
    [InlineData("private readonly int[] _table = [1, 2];", "_ = System.Linq.Enumerable.ToList(_table.Append(3)); _ = _table.Reverse();")]
    [InlineData("private readonly int[] _table = [1, 2];", "ref readonly var first = ref _table[0]; _ = first;")]
    [InlineData("private readonly int[] _table = [1, 2];", "ref var first = ref _table[0]; _ = first;")]
    [InlineData("private readonly int[] _table = [1, 2];", "Array.Copy(_table, new int[2], 2); _ = Array.IndexOf(_table, 1);")]
    [InlineData("private readonly TimeSpan[] _table = new TimeSpan[2];", "_ = _table[0].Add(TimeSpan.Zero);")]
    [InlineData(
        "private readonly List<string> _table = [\"a\"];",
        "var other = new List<string>(_table); other.Add(_table[0].Replace('a', 'b').Insert(0, \"c\"));")]
    [InlineData("private readonly List<string> _table = [\"a\"];", "List<string> copy = [.. _table]; copy.Add(nameof(_table.Add));")]
    [InlineData("private readonly List<int> _table = [1];", "{ var _table = new List<int>(); _table.Add(1); }")]
    [InlineData(
        "private readonly List<int> _table = [1];",
        "var other = new Holder(); other._table.Add(1); _ = _table.Count;",
        "public sealed class Holder { public readonly List<int> _table = []; }")]
    [InlineData("private readonly System.Collections.Immutable.ImmutableList<int> _table = [];", "_ = _table.Add(1);")]
    [InlineData(
        "private readonly System.Collections.Frozen.FrozenSet<int> _table = System.Collections.Frozen.FrozenSet.Create(1);",
        "_ = _table.Contains(1);")]
    [InlineData("private readonly IReadOnlyList<int> _table = [1];", "_ = _table[0];")]
    [InlineData("private readonly string _table = \"abc\";", "_ = _table.Replace('a', 'b').Insert(0, \"d\");")]
    [InlineData("private readonly List<int> _table; public Once(List<int> injected) { _table = injected; }", "_table.Add(1);")]
    [InlineData(
        "private readonly Tracker _table; public Once(Tracker injected) => _table = injected;",
        "_table.Add(1);",
        "public sealed class Tracker { public void Add(int value) => _ = value; }")]
    [InlineData("[Transient] private readonly List<int> _table = [];", "_table.Clear(); _table.Add(1);")]
    [InlineData("[field: Transient] private List<int> Table { get; } = [];", "Table.Add(1);")]
    public void What_is_not_plainly_changed_is_left_alone(string field, string statement, string more = "") =>
        Build(field, statement, more).AssertClean();

    [Fact]
    public void Injection_by_a_primary_constructor_is_no_content_of_the_operators_own() => TestCompiler.BuildShop("""
        [Operator]
        public sealed partial class Once(List<int> seen)
        {
            private readonly List<int> _seen = seen;
            [Map] private Order On(in Order order) { _seen.Add(1); return order; }
        }
        """).AssertClean();

    [Theory]
    [InlineData("private readonly Box _seen = new();", "_seen.N++;")]
    [InlineData("private readonly Box _seen = new();", "_seen.Inner.N = 1;")]
    [InlineData("private readonly Box _seen = new();", "_seen.Bump();")]
    [InlineData("private readonly Box _seen = new();", "_seen?.Bump();")]
    [InlineData("private readonly Box _seen = new();", "_seen.ByWayOfAnother();")]
    [InlineData("private readonly Box _seen = new();", "_seen.Inherited();")]
    [InlineData("private readonly Box _seen = new();", "_seen.Remember(order.Shop);")]
    [InlineData("private readonly Box _seen = new();", "_seen.Inner.Bump();")]
    [InlineData("private readonly Box _seen = Box.Create();", "_seen.Bump();")]
    [InlineData("private readonly Box _seen = new();", "var alias = _seen; alias.N++;")]
    [InlineData("private readonly List<int> _seen = [];", "var alias = _seen; alias.Add(1);")]
    [InlineData("private readonly Box[] _seen = [new()];", "foreach (var one in _seen) { one.N++; }")]
    [InlineData("private readonly Counter[] _seen = new Counter[2];", "_seen[0].Bump();")]
    [InlineData("private readonly System.Runtime.CompilerServices.StrongBox<int> _seen = new();", "_seen.Value++;")]
    [InlineData("private readonly Seen _seen = [];", "_seen.Add(order.Shop);")]
    [InlineData("private static readonly Box _seen = new();", "_seen.N++;")]
    public void Changed_object_of_the_users_own_class_is_reported(string field, string statement) =>
        Assert.Equal(["_seen: is changed by 'On'"], Lost(Build(field, statement, Boxes)));

    [Theory]
    [InlineData("private readonly Box _box = new();", "_ = _box.N + _box.Read() + _box.Inner.N;")]
    [InlineData("private readonly Box _box = new();", "_box.Cached();")]
    [InlineData("private readonly Box _box = new() { N = 3 };", "var other = new Box(); other.N++; other.Bump();")]
    [InlineData("private readonly Counter _box;", "_box.Bump();")]
    [InlineData("private readonly Point _box = new(1, 2);", "_ = _box with { X = 1 };")]
    [InlineData("private readonly Box _box; public Once(Box injected) => _box = injected;", "_box.N++; _box.Bump();")]
    [InlineData("private readonly IBox _box; public Once(IBox injected) => _box = injected;", "_box.Bump();")]
    [InlineData(
        "private readonly Microsoft.Extensions.Logging.ILogger _box; public Once(Microsoft.Extensions.Logging.ILogger<Once> log) => _box = log;",
        "_ = _box;")]
    [InlineData("[Transient] private readonly Box _box = new();", "_box.N++; _box.Bump();")]
    [InlineData("[field: Transient] private event Action? Changed;", "Changed?.Invoke();")]
    [InlineData("private event Action Changed { add { } remove { } }", "")]
    [InlineData(
        "private const int Most = 3; private static readonly TimeSpan Pause = TimeSpan.Zero; public int Length { get; init; }",
        "_ = Most;")]
    public void Object_that_is_read_or_injected_is_left_alone(string field, string statement) =>
        Build(field, statement, Boxes).AssertClean();

    [Theory]
    [InlineData("private void Deep() => Deeper(); private void Deeper() { _seen.Add(1); }", "Deep();", "Deeper")]
    [InlineData("private int Next { get { _seen.Add(1); return 1; } }", "_ = Next;", "Next")]
    [InlineData("private static void Into(List<int> list) => list.Add(1);", "Into(_seen);", "On")]
    [InlineData("private void Each(int value) => _seen.Add(value);", "new List<int>().ForEach(Each);", "Each")]
    public void Changes_by_what_a_behaviour_calls_are_found(string more, string statement, string by) =>
        Assert.Equal([$"_seen: is changed by '{by}'"], Lost(Build("private readonly List<int> _seen = []; " + more, statement)));

    [Theory]
    [InlineData("private event Action? Seen;", "Seen?.Invoke();", "Seen: can change")]
    [InlineData("private static int s_seen;", "s_seen++;", "s_seen: can change")]
    [InlineData("public string? Seen { get; set; }", "Seen = order.Shop;", "Seen: can change")]
    [InlineData("private string? Seen { get => field; set => field = value; }", "Seen = order.Shop;", "Seen: can change")]
    [InlineData("private Counter _seen;", "_seen.Bump();", "_seen: can change")]
    public void What_can_be_assigned_is_reported(string field, string statement, string expected) =>
        Assert.Equal([expected], Lost(Build(field, statement, Boxes)));

    [Fact]
    public void Parameter_of_a_primary_constructor_that_is_assigned_is_reported_and_one_that_is_used_is_not()
    {
        var result = TestCompiler.BuildShop("""
            [Operator]
            public sealed partial class Once(List<int> seen, Box box, Box? last)
            {
                [Map] private Order On(in Order order) { seen.Add(1); box.N++; last = box; return order; }
            }
            """ + Boxes);
        Assert.Equal(["last: is changed by 'On'"], Lost(result));
    }

    [Theory]
    [InlineData("protected int Count;", "Count++;", "Count: can change")]
    [InlineData("private int _count; protected void Bump() => _count++;", "Bump();", "_count: can change")]
    [InlineData("protected int Count { get; set; }", "Count++;", "Count: can change")]
    [InlineData("protected static int s_count;", "s_count++;", "s_count: can change")]
    [InlineData(
        "private readonly List<int> _list = []; protected void Keep(int value) => _list.Add(value);",
        "Keep(1);",
        "_list: is changed by 'Keep'")]
    [InlineData("protected readonly List<int> List = [];", "List.Add(1);", "List: is changed by 'On'")]
    [InlineData(
        "protected readonly int Count; private readonly List<int> _list = [1]; protected int Read() => _list[0];",
        "_ = Count + Read();",
        null)]
    [InlineData("[Transient] private int _count; protected void Bump() => _count++;", "Bump();", null)]
    public void Fields_of_base_classes_are_looked_at(string member, string statement, string? expected)
    {
        var result = TestCompiler.BuildShop(Derived("Middle", statement), $$"""
            public abstract class Middle : Lowest { }
            public abstract class Lowest { {{member}} }
            """);
        Assert.Equal(expected == null ? [] : [expected], Lost(result));
        Assert.All(result.Penstock, static diagnostic => Assert.Equal("PEN306", diagnostic.Id));
        Assert.DoesNotContain(
            result.Diagnostics,
            static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "PEN306");

        TestCompiler.BuildShop(Derived("Middle", statement), $$"""
            public abstract class Middle : Lowest { }
            [Transient] public abstract class Lowest { {{member}} }
            """).AssertClean();
    }

    [Theory]
    [InlineData("protected int Count;", "Count++;", "PEN306 'Count'")]
    [InlineData("protected int Count { get; set; }", "Count++;", "PEN306 'Count'")]
    [InlineData("private int _count; protected void Bump() => _count++;", "Bump();", "PEN307 Base")]
    public void Base_class_of_another_assembly_shows_what_it_can(string member, string statement, string expected)
    {
        var library = TestCompiler.Compile($"public abstract class Lowest {{ {member} }}").WithAssemblyName("Library");
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        var reference = MetadataReference.CreateFromImage(image.ToArray());
        var result = TestCompiler.Build(TestCompiler.Compile(DiagnosticPage.Shared, Derived("Lowest", statement)).AddReferences(reference));
        var found = Assert.Single(result.Penstock);
        Assert.Equal("Lowest", found.MarkedText());
        Assert.StartsWith(expected, $"{found.Id} {found.GetMessage()}", StringComparison.Ordinal);

        TestCompiler
            .Build(TestCompiler.Compile(DiagnosticPage.Shared, "[Transient] " + Derived("Lowest", statement)).AddReferences(reference))
            .AssertClean();
    }

    private static string Derived(string basis, string statement) => $$"""
        [Operator]
        public sealed partial class Once : {{basis}}
        {
            [Map] private Order On(in Order order) { {{statement}} return order; }
        }
        """;

    private const string Boxes = """
        public interface IBox { void Bump(); }
        public abstract class Crate { private int _times; public void Inherited() => _times++; }
        public class Box : Crate, IBox
        {
            private readonly List<string> _names = [];
            [Transient] private int _cached;
            public int N;
            public Box Inner => this;
            public static Box Create() => new();
            public void Bump() => N++;
            public void ByWayOfAnother() => Bump();
            public void Remember(string name) => _names.Add(name);
            public int Read() { var n = N; n++; return n + _names.Count; }
            public void Cached() => _cached = N;
        }
        public struct Counter { private int _n; public void Bump() => _n++; }
        public sealed record Point(int X, int Y);
        public sealed class Seen : List<string>;
        """;

    [Fact]
    public void Only_behaviours_are_looked_at_and_each_of_them()
    {
        var result = TestCompiler.BuildShop("""
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

        Assert.Equal(["_added", "_fired"], result.Penstock.Select(static diagnostic => diagnostic.MarkedText()));
    }

    [Fact]
    public void A_reference_to_itself_is_survived()
    {
        var result = Build(
            "private readonly int[] _seen = new int[8];",
            "ref var a = ref b[0]; ref var b = ref a[0]; ref var c = ref c[0]; ref var d = ref _seen[0]; ref var e = ref d;");
        Assert.DoesNotContain(result.Diagnostics, static diagnostic => diagnostic.Id is "AD0001" or "PEN305");
    }

    private static BuildResult Build(string field, string statement, string more = "") => TestCompiler.BuildShop($$"""
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

    private static IEnumerable<string> Lost(BuildResult result) => result.Penstock.Select(static diagnostic =>
        $"{diagnostic.MarkedText()}: {(diagnostic.GetMessage().Contains("can change", StringComparison.Ordinal) ? "can change" : diagnostic.GetMessage()[diagnostic.GetMessage().IndexOf("is changed by", StringComparison.Ordinal)..].Split(" but ")[0].Split(',')[0])}");
}
