namespace Penstock.Generator.Tests.Validation;

/// <summary>
/// Programs with typical mistakes: unfinished, misspelt, misunderstood. The examples of the diagnostic pages are tested in the same way.
/// </summary>
internal static class WrongPrograms
{
    private const string Source = """
        [FileSource("orders.csv")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Orders { get; }
        """;

    private const string Total = "[State] private partial ref decimal Total { get; } ";

    /// <summary>
    /// Name, expected ids of Penstock in any order, program. If there are no ids, the errors of the C# compiler are sufficient.
    /// </summary>
    public static IEnumerable<(string Name, string Ids, string Program)> All()
    {
        // Half written
        yield return Pipeline(
            "attribute without arguments",
            "",
            "[FileSource] [FileSink(\"a.csv\")] public partial Stream<Order> Orders { get; }",
            "PEN514");
        yield return Pipeline(
            "apply without operator",
            "",
            Source + "[Apply<>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }");
        yield return Pipeline(
            "apply without input",
            "",
            Source + "[Apply<BigOrders>] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN137");
        yield return Pipeline(
            "apply of a type that does not exist",
            "",
            Source + "[Apply<BigOrdres>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }");
        yield return Pipeline(
            "stream of a type that does not exist",
            "",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Ordr> Orders { get; }");
        yield return Pipeline("stream without row type", "", "[FileSource(\"a.csv\")] public partial Stream<> Orders { get; }");
        yield return Pipeline("stream without type arguments", "", "[FileSource(\"a.csv\")] public partial Stream Orders { get; }");
        yield return Pipeline("property without type", "", "[FileSource(\"a.csv\")] public partial Orders { get; }");
        yield return Pipeline(
            "property without accessors",
            "",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders",
            "PEN014");
        yield return Pipeline(
            "unclosed attribute",
            "",
            "[FileSource(\"a.csv\"] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "nameof of nothing",
            "",
            Source + "[Apply<BigOrders>(nameof())] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN101");
        yield return Pipeline(
            "misspelt nameof",
            "",
            Source + "[Apply<BigOrders>(nameof(Order5))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN101");
        yield return Pipeline(
            "null as input",
            "",
            Source + "[Apply<BigOrders>(null)] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN101");
        yield return Pipeline(
            "number as input",
            "",
            Source + "[Apply<BigOrders>(5)] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN101");
        yield return Pipeline(
            "no constant as input",
            "",
            Source + "[Apply<BigOrders>(Environment.NewLine)] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN101");
        yield return Pipeline(
            "path that is no constant",
            "",
            "private static readonly string Where = \"a.csv\"; [FileSource(Where)] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }",
            "PEN514");
        yield return Pipeline(
            "property of an attribute that does not exist",
            "",
            "[FileSource(\"a.csv\", Delimeter = ';')] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return ("class without braces", "PEN014", "[Pipeline] public sealed partial class Shop");
        yield return (
            "pipeline twice",
            "",
            "[Pipeline] public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } } [Pipeline] public sealed partial class Shop { }");
        yield return Pipeline(
            "same property twice",
            "",
            Source + Source + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            "PEN017");
        yield return ("operator without body", "PEN006", "[Operator] public sealed partial class Doubled;");
        yield return Operator("method without body", "", "[Map] private Order Twice(in Order order);");
        yield return Operator("method with an unknown type", "", "[Map] private Ordr Twice(in Order order) => default;");
        yield return Operator("method with a syntax error", "", "[Map] private Order Twice(in Order order) => order with { Amount = };");

        // Classes
        yield return Operator(
            "static class",
            "PEN005",
            "[Map] private static Order Twice(in Order order) => order;",
            head: "[Operator] public static partial class Doubled");
        yield return Operator(
            "generic class",
            "PEN005",
            "[Map] private static T Twice(in T order) => order;",
            "PEN013",
            "PEN013",
            "[Operator] public sealed partial class Doubled<T>");
        yield return (
            "private nested class",
            "PEN005",
            "public partial class Outer { [Operator] private sealed partial class Doubled { [Map] private static Order Twice(in Order order) => order; } }");
        yield return (
            "nested in a class that is not partial",
            "PEN001",
            "public class Outer { [Operator] internal sealed partial class Doubled { [Map] private static Order Twice(in Order order) => order; } }");
        yield return Operator(
            "file-local class",
            "PEN005",
            "[Map] private static Order Twice(in Order order) => order;",
            head: "[Operator] file sealed partial class Doubled");
        yield return Operator(
            "operator on a struct",
            "PEN005",
            "[Map] private static Order Twice(in Order order) => order;",
            head: "[Operator] public partial struct Doubled");
        yield return (
            "abstract pipeline",
            "PEN005",
            "[Pipeline] public abstract partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } }");
        yield return (
            "static pipeline",
            "PEN003 PEN005",
            "[Pipeline] public static partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public static partial Stream<Order> Orders { get; } }");
        yield return (
            "generic pipeline",
            "PEN005",
            "[Pipeline] public sealed partial class Shop<T> { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } }");
        yield return Operator(
            "contract of the user's own",
            "PEN012",
            "[Map] private static Order Twice(in Order order) => order; public static class OperatorContract { }");
        yield return Operator(
            "required member",
            "PEN010",
            "public required int Factor { get; init; } [Map] private Order Twice(in Order order) => order with { Amount = Factor };");
        yield return Operator(
            "private constructor is fine, two are not",
            "PEN010",
            "private Doubled() { } private Doubled(string s) { } [Map] private Order Twice(in Order order) => order;");
        yield return Operator(
            "constructor with a span",
            "PEN011",
            "public Doubled(ReadOnlySpan<int> s) { } [Map] private Order Twice(in Order order) => order;");
        yield return Operator(
            "constructor with a missing type",
            "",
            "public Doubled(IClock clock) { } [Map] private Order Twice(in Order order) => order;");

        yield return Pipeline(
            "operator on a struct that is applied",
            "PEN005",
            Source + "[Apply<Doubled>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            more: "[Operator] public partial struct Doubled { [Map] private static Order Twice(in Order order) => order; }");
        yield return Pipeline(
            "internal row in a public pipeline",
            "PEN003",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; }",
            more: "internal record Row(int A);");
        yield return Pipeline(
            "file-local row",
            "PEN003 PEN013",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] internal partial Stream<Row> Rows { get; }",
            more: "file record Row(int A);");
        yield return Process(
            "internal state of a public operator",
            "PEN302",
            "internal readonly record struct Item(int A); [State] public partial ref Item Count { get; }");
        yield return Process("state without attribute", "PEN021", "private partial ref int Count { get; }");
        yield return Pipeline(
            "property of another type in a pipeline",
            "PEN021",
            Source
                + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; } public partial int Count { get; }");
        yield return (
            "pipeline without attribute",
            "PEN015",
            "public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } }");
        yield return (
            "operator without attribute",
            "PEN015",
            "public sealed partial class Counts { [State] private partial ref int Count { get; } [Process] private void On(in Order order, ref Output<Order> output) { } }");
        yield return (
            "stream without any attribute",
            "PEN021",
            "public sealed partial class Shop { public partial Stream<Order> Orders { get; } }");
        yield return (
            "pipeline in a class that is not partial",
            "PEN001",
            "public class Outer { [Pipeline] public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } } }");
        yield return (
            "file-local pipeline",
            "PEN005",
            "[Pipeline] file sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } }");
        yield return Pipeline(
            "id of a map",
            "PEN326",
            "[FileSource(\"a.csv\", Id = \"Kept.Seen\")] public partial Stream<Order> Orders { get; } [Apply<Keep>(nameof(Orders))] [FileSink(\"b.csv\")] public partial Stream<Order> Kept { get; }",
            more: "[Operator, KeyBy(nameof(Order.Shop))] public sealed partial class Keep { [State] private partial MapState<string, int> Seen { get; } [Process] private void On(in Order order, ref Output<Order> output) => Seen.GetOrAdd(order.Customer)++; }");
        yield return Pipeline(
            "two streams with one id",
            "PEN017",
            "[FileSource(\"a.csv\", Id = \"In\")] [FileSink(\"c.csv\")] public partial Stream<Order> A { get; } [FileSource(\"b.csv\", Id = \"In\")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> B { get; } [Apply<RevenuePerShop>(nameof(B))] [FileSink(\"d.csv\")] public partial Stream<ShopTotal> Totals { get; }");

        // Methods
        yield return Operator("map without result", "PEN008", "[Map] private void Twice(in Order order) { }");
        yield return Operator("map with two rows", "PEN008", "[Map] private Order Twice(in Order order, in Order other) => order;");
        yield return Operator("map without row", "PEN008", "[Map] private Order Twice() => default;");
        yield return Operator("map by ref", "PEN008", "[Map] private Order Twice(ref Order order) => order;");
        yield return Operator("generic method", "PEN008", "[Map] private T Twice<T>(in T order) => order;");
        yield return Operator(
            "async method",
            "PEN008",
            "[Map] private async System.Threading.Tasks.Task<Order> Twice(Order order) { await System.Threading.Tasks.Task.Yield(); return order; }");
        yield return Operator("map to a span", "PEN013", "[Map] private static ReadOnlySpan<char> Name(in Order order) => order.Shop;");
        yield return Operator("map to dynamic", "PEN013", "[Map] private static dynamic Name(in Order order) => order.Shop;");
        yield return Operator(
            "map that returns by reference",
            "PEN008",
            "[Map] private static ref readonly Order Same(in Order order) => ref order;");
        yield return Operator(
            "flat map without output",
            "PEN008",
            "[FlatMap] private static void Split(in Order order, ref Order output) { }");
        yield return Operator(
            "flat map with output by value",
            "PEN008",
            "[FlatMap] private static void Split(in Order order, Output<Order> output) { }");
        yield return Operator(
            "flat map with swapped parameters",
            "PEN008",
            "[FlatMap] private static void Split(ref Output<Order> output, in Order order) { }");
        yield return Operator(
            "process with a foreign context",
            "PEN008",
            "[Process] private void On(in Order order, in int context, ref Output<Order> output) { }",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "fire with a row",
            "PEN008",
            "[Accumulate] private void Add(in Order order) { } [Fire] private Order Close(in Order order) => order;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\")] public sealed partial class Doubled");
        yield return Operator(
            "fire alone",
            "PEN009",
            "[Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\")] public sealed partial class Doubled");
        yield return Operator(
            "window methods without window",
            "PEN009",
            "[Accumulate] private void Add(in Order order) { } [Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "window on a map",
            "PEN009",
            "[Map] private static Order Twice(in Order order) => order;",
            head: "[Operator, TumblingWindow(\"1h\")] public sealed partial class Doubled");
        yield return Operator(
            "two accumulates",
            "PEN007",
            "[Accumulate] private void Add(in Order order) { } [Accumulate] private void Add(in ShopTotal order) { } [Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\")] public sealed partial class Doubled");
        yield return Operator("two behaviours on one method", "PEN007", "[Map, Filter] private static bool Keep(in Order order) => true;");
        yield return Operator(
            "private row type",
            "PEN013",
            "private struct Row { } [Filter] private static bool Keep(in Row row) => true;");
        yield return Operator(
            "stream in an operator",
            "PEN015",
            "[Map] private static Order Twice(in Order order) => order; [FileSource(\"a.csv\")] public Stream<Order> Orders => default;");

        // State
        yield return Process("state without ref", "PEN302", "[State] private partial int Count { get; }");
        yield return Process("state with setter", "PEN302", "[State] private partial ref int Count { get; set; }");
        yield return Process("static state", "PEN302", "[State] private static partial ref int Count { get; }");
        yield return Process("read-only state", "PEN302", "[State] private partial ref readonly int Count { get; }");
        yield return Process("state that is not partial", "PEN302", "[State] private int Count { get; set; }");
        yield return Process("state that is a field", "PEN302", "[State] private int _count;");
        yield return Process("state that is a static field", "PEN302", "[State] private static int s_count = 1;");
        yield return Process(
            "state that is a readonly field that is changed",
            "PEN302",
            "[State] private readonly Dictionary<string, int> _counts = new(); private void Count() => _counts[\"a\"] = 1;");
        yield return Process(
            "state with a body",
            "PEN302",
            "private int _c; [State] private partial ref int Count { get; } private partial ref int Count => ref _c;",
            "PEN305");
        yield return Process(
            "dictionary of objects as state",
            "PEN301",
            "[State] private partial ref Dictionary<string, object> Count { get; }");
        yield return Process("object as state", "PEN301", "[State] private partial ref object Count { get; }");
        yield return Process(
            "tuple with a list of interfaces as state",
            "PEN301",
            "[State] private partial ref (int, List<IDisposable>) Count { get; }");
        yield return Process("unknown state type", "", "[State] private partial ref Score Count { get; }");
        yield return Process(
            "MemoryPackable that is not partial",
            "PEN301",
            "[MemoryPack.MemoryPackable] internal class Score { } [State] private partial ref Score Count { get; }");
        yield return Process(
            "recursive state",
            "PEN301",
            "internal sealed record Node(Node? Next); [State] private partial ref Node? Count { get; }");
        yield return Process(
            "private type inside of state",
            "PEN304",
            "private sealed record Item(int Count); [State] private partial ref List<Item> Items { get; }");
        yield return Process(
            "private type inside of a type of state",
            "PEN301",
            "internal sealed class Outer { private struct Item { } private Item _item; } [State] private partial ref Outer Items { get; }");
        yield return Process("codec of nothing", "", "[StateCodec] [State] private partial ref Uri Link { get; }");
        yield return Process("codec that is null", "", "[StateCodec(null)] [State] private partial ref Uri Link { get; }", "PEN301");
        yield return Process(
            "codec that does not exist",
            "",
            "[StateCodec(typeof(UriCodec))] [State] private partial ref Uri Link { get; }");
        yield return Process("codec that is none", "PEN301", "[StateCodec(typeof(string))] [State] private partial ref Uri Link { get; }");
        yield return Process(
            "codec that is private",
            "PEN301",
            "private struct UriCodec { } [StateCodec(typeof(UriCodec))] [State] private partial ref Uri Link { get; }");
        yield return Process(
            "codec that is generic",
            "PEN301",
            "internal struct UriCodec<T> { } [StateCodec(typeof(UriCodec<>))] [State] private partial ref Uri Link { get; }");
        yield return Process(
            "state with a member of an unknown type",
            "",
            "internal sealed record Item(Score Score); [State] private partial ref List<Item> Items { get; }");
        yield return Operator(
            "clock in a filter",
            "PEN308",
            "[Filter] private static bool Keep(in Order order) => order.PlacedAt < DateTime.Now;");
        yield return Operator(
            "ids by chance",
            "PEN308 PEN308",
            "private readonly Random _random = new(); [Map] private string Id(in Order order) => $\"{Guid.NewGuid()}{_random.Next()}\";");
        yield return Process("mutable property", "PEN305", "private int Count { get; set; }");
        yield return Process("mutable static field", "PEN305", "private static int s_count;");

        // Kinds of state
        yield return Process("map by reference", "PEN302", "[State] private partial ref MapState<string, int> Seen { get; }");
        yield return Process("list with a setter", "PEN302", "[State] private partial ListState<int> Seen { get; set; }");
        yield return Process(
            "reducing state that is static",
            "PEN302",
            "[State] private static partial ReducingState<int, Sum> Seen { get; } internal struct Sum : IReducer<int> { public static int Reduce(int a, int b) => a + b; }");
        yield return Process("map that is not partial", "PEN302", "[State] private MapState<string, int> Seen { get; set; }");
        yield return Process("map without a value type", "", "[State] private partial MapState<string> Seen { get; }");
        yield return Process("map of objects", "PEN301", "[State] private partial MapState<string, object> Seen { get; }");
        yield return Process("map by lists", "PEN320", "[State] private partial MapState<List<int>, int> Seen { get; }");
        yield return Process("map of an unknown type", "", "[State] private partial MapState<string, Score> Seen { get; }");
        yield return Process("map by an unknown type", "", "[State] private partial MapState<Score, int> Seen { get; }");
        yield return Process(
            "map of a private type",
            "PEN304",
            "private sealed record Item(int Count); [State] private partial MapState<string, Item> Items { get; }");
        yield return Process("list of interfaces", "PEN301", "[State] private partial ListState<IDisposable> Seen { get; }");
        yield return Process(
            "reducing state of objects",
            "PEN301",
            "[State] private partial ReducingState<object, Any> Seen { get; } internal struct Any : IReducer<object> { public static object Reduce(object a, object b) => a; }");
        yield return Process("reducer that is none", "", "[State] private partial ReducingState<int, string> Seen { get; }");
        yield return Process(
            "private reducer",
            "PEN304",
            "[State] private partial ReducingState<int, Sum> Seen { get; } private struct Sum : IReducer<int> { public static int Reduce(int a, int b) => a + b; }");
        yield return Process(
            "scope of a map without windows",
            "PEN321",
            "[State(Scope = StateScope.Key)] private partial MapState<string, int> Seen { get; }");
        yield return Process("scope that does not exist", "", "[State(Scope = StateScope.Window)] private partial ref int Seen { get; }");
        yield return Operator(
            "map in an operator without key",
            "PEN303",
            "[State] private partial MapState<string, int> Seen { get; } [Map] private Order Twice(in Order order) => order;");

        // Evolution
        yield return Process("former name that is none", "PEN310", "[State, FormerName(\"a b\")] private partial ref int Total { get; }");
        yield return Process("former name that is null", "PEN310", "[State, FormerName(null!)] private partial ref int Total { get; }");
        yield return Process(
            "former name that is the present one",
            "PEN310",
            "[State, FormerName(nameof(Total))] private partial ref int Total { get; }");
        yield return Process(
            "former name given twice to a member of a record",
            "PEN310",
            "internal sealed record Item([FormerName(\"C\")] int A, [property: FormerName(\"C\")] int B); [State] private partial ref List<Item> Items { get; }");
        yield return Process("upgrade of nothing", "", "[StateUpgrade] private static int Of(int old) => old;", "PEN311");
        yield return Process(
            "upgrade of an unknown state",
            "PEN311",
            Total + "[StateUpgrade(\"Totl\")] private static decimal Of(long old) => old;");
        yield return Process(
            "upgrade that is not static",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private decimal Of(long old) => old;");
        yield return Process(
            "upgrade that is generic",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static decimal Of<T>(T old) => 0;");
        yield return Process(
            "upgrade that returns another type",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static long Of(int old) => old;");
        yield return Process(
            "upgrade that returns nothing",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static void Of(long old) { }");
        yield return Process(
            "upgrade without parameter",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static decimal Of() => 0;");
        yield return Process(
            "upgrade of two saved states with one parameter",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total), \"A\", \"B\")] private static decimal Of(int a) => 0;");
        yield return Process(
            "upgrade from no name",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total), \"\")] private static decimal Of(int a) => 0;");
        yield return Process(
            "upgrade from itself by name",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total), nameof(Total))] private static decimal Of(int a) => 0;");
        yield return Process(
            "upgrade that takes a reference",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static decimal Of(ref long old) => old;");
        yield return Process(
            "upgrade that takes what cannot be saved",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static decimal Of(object old) => 0;");
        yield return Process(
            "upgrade from the present type",
            "PEN311",
            Total + "[StateUpgrade(nameof(Total))] private static decimal Of(decimal old) => old;");
        yield return Process(
            "two upgrades from one type",
            "PEN311",
            Total
                + "[StateUpgrade(nameof(Total))] private static decimal Of(long old) => old; [StateUpgrade(nameof(Total))] private static decimal Also(long old) => old;");
        yield return Process(
            "upgrade from an unknown type",
            "",
            Total + "[StateUpgrade(nameof(Total))] private static decimal Of(Nothing old) => 0;");
        yield return Process(
            "upgrade that returns an unknown type",
            "",
            Total + "[StateUpgrade(nameof(Total))] private static Nothing Of(long old) => default;");
        yield return Process(
            "upgrade of a reducing state",
            "PEN311",
            "[State] private partial ReducingState<int, Sum> Seen { get; } internal struct Sum : IReducer<int> { public static int Reduce(int a, int b) => a + b; } [StateUpgrade(nameof(Seen))] private static int Of(string old) => 0;");
        yield return Process(
            "upgrade of a map of other states",
            "PEN311",
            "[State] private partial MapState<string, int> Seen { get; } [StateUpgrade(nameof(Seen), \"Old\")] private static int Of(string old) => 0;");
        yield return Process(
            "upgrade of a map that returns another type",
            "PEN311",
            "[State] private partial MapState<string, int> Seen { get; } [StateUpgrade(nameof(Seen))] private static long Of(string old) => 0;");
        yield return (
            "upgrade outside of an operator",
            "PEN015",
            "public sealed class Plain { [StateUpgrade(\"A\")] private static int Of(long old) => 0; }");
        // TTL
        yield return Process("ttl of nothing", "PEN322", "[State(Ttl = \"0\")] private partial ref int Count { get; }");
        yield return Process("negative ttl", "PEN322", "[State(Ttl = \"-1h\")] private partial ref int Count { get; }");
        yield return Process("ttl without unit", "PEN322", "[State(Ttl = \"24\")] private partial MapState<string, int> Seen { get; }");
        yield return Process("empty ttl", "PEN322", "[State(Ttl = \"\")] private partial ListState<int> Seen { get; }");
        yield return Process("ttl that is null", "PEN322", "[State(Ttl = null)] private partial ListState<int> Seen { get; }");
        yield return Process("ttl that is a number", "", "[State(Ttl = 24)] private partial ref int Count { get; }", "PEN322");
        yield return Process(
            "refresh without ttl",
            "PEN324",
            "[State(TtlRefresh = TtlRefresh.OnReadAndWrite)] private partial ref int Count { get; }");
        yield return Operator(
            "ttl shorter than a window of a map",
            "PEN323",
            "[State(Ttl = \"30m\")] private partial MapState<string, int> Seen { get; } [Accumulate] private void Add(in Order order) { } [Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, 0);",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\")] public sealed partial class Doubled");
        yield return Operator(
            "processing time in a window",
            "PEN324",
            "[State(Ttl = \"2h\", TtlTime = TtlTime.ProcessingTime)] private partial ref int Seen { get; } [Accumulate] private void Add(in Order order) { } [Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, 0);",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\")] public sealed partial class Doubled");

        // Keys
        yield return Operator(
            "key of nothing",
            "PEN108",
            "[Process] private void On(in Order order, ref Output<Order> output) { }",
            head: "[Operator, KeyBy] public sealed partial class Doubled");
        yield return Operator(
            "key that is a method",
            "PEN108",
            "[Process] private void On(in Order order, ref Output<Order> output) { }",
            head: "[Operator, KeyBy(\"ToString\")] public sealed partial class Doubled");
        yield return Operator(
            "key that is null",
            "PEN108",
            "[Process] private void On(in Order order, ref Output<Order> output) { }",
            head: "[Operator, KeyBy(null!)] public sealed partial class Doubled");
        yield return Operator(
            "misspelt nameof in a key",
            "PEN108",
            "[Process] private void On(in Order order, ref Output<Order> output) { }",
            head: "[Operator, KeyBy(nameof(Order.Shopp))] public sealed partial class Doubled");
        yield return (
            "key that only its own class sees",
            "PEN108",
            "public class Row { private int Secret { get; set; } } [Operator, KeyBy(\"Secret\")] public sealed partial class Once { [Process] private void On(in Row row, ref Output<Row> output) { } }");
        yield return (
            "key that is a list",
            "PEN109",
            "public record Row(List<int> Key); [Operator, KeyBy(\"Key\")] public sealed partial class Once { [Process] private void On(in Row row, ref Output<Row> output) { } }");
        yield return Pipeline(
            "unknown key on a stream",
            "PEN108",
            Source
                + "[Apply<Reusable>(nameof(Orders))] [KeyBy(\"Custmer\")] [FileSink(\"a.csv\")] public partial Stream<Order> Once { get; }",
            more: Reusable);
        yield return Pipeline(
            "window key of another type",
            "PEN113",
            Source
                + "[Apply<AnyTotal>(nameof(Orders))] [KeyBy(nameof(Order.Amount))] [FileSink(\"a.csv\")] public partial Stream<ShopTotal> Totals { get; }",
            more: AnyTotal);

        // Time
        yield return Operator(
            "timers with other outputs than rows",
            "PEN225",
            "[Process] private void On(in Order order, ref Output<int> output, ref Output<int> odd) { } [OnTimer] private void OnTimer(in Timer<string> timer, ref Output<int> output) { }",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "timers whose side output has another name",
            "PEN225",
            "[Process] private void On(in Order order, ref Output<int> output, ref Output<int> odd) { } [OnTimer] private void OnTimer(in Timer<string> timer, ref Output<int> all, ref Output<int> even) { }",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "timers of another key",
            "PEN113",
            "[Process] private void On(in Order order, ref Output<int> output) { } [OnTimer] private void OnTimer(in Timer<int> timer, ref Output<int> output) { }",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "timer that is a row",
            "PEN008",
            "[Process] private void On(in Order order, ref Output<int> output) { } [OnTimer] private void OnTimer(in Order order, ref Output<int> output) { }",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "timers without rows",
            "PEN009",
            "[OnTimer] private void OnTimer(in Timer<string> timer, ref Output<int> output) { }",
            head: "[Operator, KeyBy(\"Shop\")] public sealed partial class Doubled");
        yield return Operator(
            "window of nothing",
            "PEN206",
            "[Accumulate] private void Add(in Order order) { } [Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"0s\")] public sealed partial class Doubled");
        yield return Operator(
            "window without unit",
            "PEN205",
            "[Accumulate] private void Add(in Order order) { } [Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"10\")] public sealed partial class Doubled");
        yield return Operator(
            "window without size",
            "",
            "[Accumulate] private void Add(in Order order) { } [Fire] private int Close(in Window<string> window) => 1;",
            "PEN205",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow] public sealed partial class Doubled");
        yield return Operator(
            "negative lateness and offset",
            "PEN206 PEN206",
            "[Accumulate] private void Add(in Order order) { } [Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\", Offset = \"-1m\", AllowedLateness = \"-1s\")] public sealed partial class Doubled");
        yield return Operator(
            "a duration beyond all time",
            "PEN205",
            "[Accumulate] private void Add(in Order order) { } [Fire] private int Close(in Window<string> window) => 1;",
            head: "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"99999999999999d\")] public sealed partial class Doubled");
        yield return Pipeline(
            "negative delay",
            "PEN206",
            "[FileSource(\"a.csv\")] [EventTime(\"PlacedAt\", MaxDelay = \"-5s\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "drift without unit",
            "PEN205",
            Source + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"b.csv\")] public partial Stream<Order> Big { get; }",
            head: "[Pipeline(MaxDrift = \"60\")] public sealed partial class Shop");
        yield return Pipeline(
            "drift that is null",
            "PEN205",
            Source + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"b.csv\")] public partial Stream<Order> Big { get; }",
            head: "[Pipeline(MaxDrift = null)] public sealed partial class Shop");
        yield return Pipeline(
            "negative drift",
            "PEN206",
            Source + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"b.csv\")] public partial Stream<Order> Big { get; }",
            head: "[Pipeline(MaxDrift = \"-1h\")] public sealed partial class Shop");
        yield return Pipeline(
            "idle that is null",
            "PEN205",
            "[FileSource(\"a.csv\")] [EventTime(\"PlacedAt\", Idle = null)] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "event time without member",
            "",
            "[FileSource(\"a.csv\")] [EventTime] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }",
            "PEN201");
        yield return Pipeline(
            "window behind a filter without event time",
            "PEN204",
            "[FileSource(\"a.csv\")] public partial Stream<Order> Orders { get; } [Apply<BigOrders>(nameof(Orders))] public partial Stream<Order> Big { get; } [Apply<RevenuePerShop>(nameof(Big))] [FileSink(\"b.csv\")] public partial Stream<ShopTotal> Totals { get; }");
        yield return Pipeline(
            "window on bad rows",
            "PEN105 PEN204",
            "[FileSource(\"a.csv\", OnBadRow = BadRowPolicy.SideOutput)] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } [SideOutput(nameof(Orders), SideOutputs.BadRows)] public partial Stream<BadRow> Bad { get; } [Apply<RevenuePerShop>(nameof(Bad))] [FileSink(\"c.csv\")] public partial Stream<ShopTotal> Totals { get; }");

        // Topology
        yield return Pipeline(
            "stream that reads itself",
            "PEN104",
            "[Apply<BigOrders>(nameof(Big))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }");
        yield return Pipeline(
            "three in a circle with a tail",
            "PEN104",
            "[Apply<BigOrders>(nameof(C))] public partial Stream<Order> A { get; } [Apply<BigOrders>(nameof(A))] public partial Stream<Order> B { get; } [Apply<BigOrders>(nameof(B))] public partial Stream<Order> C { get; } [Apply<BigOrders>(nameof(C))] [FileSink(\"a.csv\")] public partial Stream<Order> Tail { get; }");
        yield return Pipeline(
            "side output of itself",
            "PEN104 PEN207",
            "[SideOutput(nameof(Late), SideOutputs.Late)] [FileSink(\"a.csv\")] public partial Stream<Order> Late { get; }");
        yield return Pipeline(
            "input by the name of a class",
            "PEN101",
            Source + "[Apply<BigOrders>(nameof(BigOrders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }");
        yield return Pipeline(
            "two applies",
            "PEN103",
            Source
                + "[Apply<BigOrders>(nameof(Orders))] [Apply<BigOrders>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }");
        yield return Pipeline(
            "operator of other rows on both sides",
            "PEN105 PEN106",
            Source + "[Apply<TotalToText>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            more: "[Operator] public sealed partial class TotalToText { [Map] private static ShopTotal M(in ShopTotal t) => t; }");
        yield return Pipeline(
            "broken operator",
            "PEN006",
            Source + "[Apply<Nothing>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
            more: "[Operator] public sealed partial class Nothing { }");
        yield return Pipeline(
            "two streams whose ids differ in case",
            "PEN017",
            "[FileSource(\"a.csv\", Id = \"In\")] [FileSink(\"c.csv\")] public partial Stream<Order> A { get; } [FileSource(\"b.csv\", Id = \"IN\")] [FileSink(\"d.csv\")] public partial Stream<Order> B { get; }");
        yield return Pipeline(
            "id with half a surrogate pair",
            "PEN018",
            "[FileSource(\"a.csv\", Id = \"a\\ud800\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "empty id",
            "PEN018",
            "[FileSource(\"a.csv\", Id = \"\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "id with a slash",
            "PEN018",
            "[FileSource(\"a.csv\", Id = \"a/b\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "id with a line end",
            "PEN018",
            "[FileSource(\"a.csv\", Id = \"a\\nb\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return (
            "state field in a class that is no operator",
            "PEN015",
            "public sealed class Counts { [State] private int _count; public int Count() => _count++; }");
        yield return Pipeline(
            "state field in a pipeline",
            "PEN015",
            Source
                + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; } [State] private int _count = 1; public int Count() => _count;");
        yield return Pipeline(
            "virtual stream",
            "PEN003",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public virtual partial Stream<Order> Orders { get; }",
            head: "[Pipeline] public partial class Shop");
        yield return Pipeline(
            "stream with a body",
            "PEN003",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; } public partial Stream<Order> Orders => default;");
        yield return Pipeline(
            "state in a pipeline",
            "PEN015",
            Source
                + "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; } [State] private int Count => 0;");
        yield return Pipeline(
            "stream of dynamic",
            "PEN013",
            "[Source<S>] [Sink<K>] public partial Stream<dynamic> Orders { get; }",
            more: "public sealed class S; public sealed class K;",
            also: "PEN510 PEN511");
        yield return Pipeline(
            "two windows with lateness in a row",
            "PEN118",
            Source
                + "[Apply<LateTotals>(nameof(Orders))] public partial Stream<Order> Totals { get; } [Apply<RevenuePerShop>(nameof(Totals))] [FileSink(\"a.csv\")] public partial Stream<ShopTotal> Sums { get; }",
            more: LateTotals);

        // Connectors
        yield return Pipeline(
            "no extension",
            "PEN501 PEN501",
            "[FileSource(\"orders\")] [FileSink(\"out\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "folder as sink",
            "PEN501 PEN539",
            "[FileSource(\"a.csv\")] [FileSink(\"out/\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "delimiter beyond ASCII",
            "PEN507",
            "[FileSource(\"a.csv\", Delimiter = 'ä')] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "poll without unit",
            "PEN205",
            "[FileSource(\"a.csv\", Poll = \"30\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "poll without pause",
            "PEN206",
            "[FileSource(\"a.csv\", Poll = \"0s\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "negative size",
            "PEN508",
            "[FileSource(\"a.csv\", SplitSize = \"-1MB\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "roll size without unit",
            "PEN508",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\", RollSize = \"10\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "end before 1970",
            "PEN535",
            "[Penstock.KafkaSource(\"t\", Until = Penstock.KafkaEnd.Timestamp, UntilTimestamp = \"1969-12-31T23:59:59Z\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "start that is no time",
            "PEN535",
            "[Penstock.KafkaSource(\"t\", StartFrom = Penstock.KafkaStart.Timestamp, StartTimestamp = \"-1\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "offset below zero",
            "PEN535",
            "[Penstock.KafkaSource(\"t\", StartFrom = Penstock.KafkaStart.Offsets, StartOffsets = \"0:1, 1:-5\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "partition twice",
            "PEN535",
            "[Penstock.KafkaSource(\"t\", Until = Penstock.KafkaEnd.Offsets, UntilOffsets = \"0:1, 0:5\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "wrong option without effect",
            "PEN535",
            "[Penstock.KafkaSource(\"t\", UntilOffsets = \"\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "end at the start",
            "PEN536",
            "[Penstock.KafkaSource(\"t\", StartFrom = Penstock.KafkaStart.Timestamp, StartTimestamp = \"2026-01-01T01:00:00+01:00\", Until = Penstock.KafkaEnd.Timestamp, UntilTimestamp = \"2026-01-01\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "an option without effect beside a wrong one",
            "PEN535 PEN537",
            "[Penstock.KafkaSource(\"t\", StartTimestamp = \"2026-01-02\", Until = Penstock.KafkaEnd.Timestamp, UntilTimestamp = \"soon\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "partition that ends before it begins",
            "PEN536",
            "[Penstock.KafkaSource(\"a\", \"b\", StartFrom = Penstock.KafkaStart.Offsets, StartOffsets = \"a/0:7, b/0:9\", Until = Penstock.KafkaEnd.Offsets, UntilOffsets = \"a/0:7, b/0:8\")] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "row whose members have no setter at all",
            "PEN515",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public sealed class Row { public int A { get; } }");
        yield return Pipeline(
            "format that is none",
            "PEN530",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; } [Apply<Same>(nameof(Orders))] [FileSink(\"c.jsonl\")] public partial Stream<Row> Sames { get; }",
            more: "public record Row([Column(\"a\", Format = \"not a format %%%\")] DateTime At, int B); [Operator] public sealed partial class Same { [Filter] private static bool Yes(in Row row) => true; }");
        yield return Pipeline(
            "two formats that are none",
            "PEN530 PEN530",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row([property: Column(Format = \"HH:mm\")] DateOnly At, [Column(Format = \"hh:mm\")] TimeSpan B);");
        yield return Pipeline(
            "format without a year",
            "PEN532",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row([property: Column(Format = \"MM-dd\")] DateOnly At, int B);");
        yield return Pipeline(
            "format of a record of messages",
            "PEN530",
            "[Penstock.KafkaSource(\"t\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row([Column(Format = \"HH:mm:ss.ffffffff\")] DateTimeOffset At);");
        yield return Operator(
            "async map",
            "PEN008",
            "[Map] private async System.Threading.Tasks.Task<Order> Twice(Order order) { await System.Threading.Tasks.Task.Yield(); return order; }");
        yield return Operator(
            "map to a task",
            "PEN008",
            "[Map] private static System.Threading.Tasks.Task<Order> Twice(in Order order) => System.Threading.Tasks.Task.FromResult(order);");
        yield return Operator(
            "map to a value task",
            "PEN008",
            "[Map] private static System.Threading.Tasks.ValueTask<Order> Twice(in Order order) => new(order);");
        yield return Operator(
            "filter that would have to be awaited",
            "PEN008",
            "[Filter] private static System.Threading.Tasks.Task<bool> Keep(in Order order) => System.Threading.Tasks.Task.FromResult(true);");
        yield return Operator(
            "flat map that returns a task",
            "PEN008",
            "[FlatMap] private static System.Threading.Tasks.Task Split(in Order order, ref Output<Order> output) => System.Threading.Tasks.Task.CompletedTask;");
        yield return Process(
            "async void process",
            "PEN008",
            "[Process] private async void Late(Order order, Context context) => await System.Threading.Tasks.Task.Yield();");
        yield return Pipeline(
            "interface as row",
            "PEN515",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<IDisposable> Orders { get; }");
        yield return Pipeline(
            "tuple as row",
            "PEN515",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<(int A, int B)> Orders { get; }");
        yield return Pipeline(
            "array as row",
            "PEN515",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<int[]> Orders { get; }");
        yield return Pipeline(
            "object as column",
            "PEN503",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(object Value);");
        yield return Pipeline(
            "required member of a type that is no column",
            "PEN503",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(int Value) { public required object Other { get; set; } }");
        yield return Pipeline(
            "settable member of a type that is no column",
            "PEN528",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(int Value) { public object[] Other { get; set; } = []; }");
        yield return Pipeline(
            "object inside of a column",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(List<Inner> Value); public record Inner(Dictionary<string, Deep?> A); public record Deep(Uri Where);");
        yield return Pipeline(
            "dictionary with keys that are no texts",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Dictionary<int, string> Value);");
        yield return Pipeline(
            "set as column",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(HashSet<int> Value);");
        yield return Pipeline(
            "table as column",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(int[,] Value);");
        yield return Pipeline(
            "list of one's own as column",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Numbers Value); public sealed class Numbers : List<int>;");
        yield return Pipeline(
            "abstract object inside of a row",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); public abstract record Inner(int A);");
        yield return Pipeline(
            "derived type that does not derive",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); [System.Text.Json.Serialization.JsonDerivedType(typeof(Other), \"x\")] public abstract record Inner(int A); public record Other(int A);");
        yield return Pipeline(
            "two derived types that are told alike",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); [System.Text.Json.Serialization.JsonDerivedType(typeof(One), \"x\"), System.Text.Json.Serialization.JsonDerivedType(typeof(Two), \"x\")] public abstract record Inner(int A); public record One(int A) : Inner(A); public record Two(int A) : Inner(A);");
        yield return Pipeline(
            "member with the name that tells the type",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); [System.Text.Json.Serialization.JsonPolymorphic(TypeDiscriminatorPropertyName = \"kind\"), System.Text.Json.Serialization.JsonDerivedType(typeof(One), \"x\")] public abstract record Inner(int A); public record One(int A, int Kind) : Inner(A);");
        yield return Pipeline(
            "derived type that holds no column",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); [System.Text.Json.Serialization.JsonDerivedType(typeof(One), \"x\")] public abstract record Inner(int A); public record One(int A, object B) : Inner(A);");
        yield return Pipeline(
            "object without members inside of a row",
            "PEN503",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); public sealed record Inner;");
        yield return Pipeline(
            "settable member inside of a row that is no column",
            "PEN528",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); public record Inner(int A) { public Inner? Other { get; set; } public object? B { get; set; } }");
        yield return Pipeline(
            "object inside of a row that cannot be made",
            "PEN502",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); public sealed class Inner { public Inner(int a, int other) => A = a; public int A { get; set; } }");
        yield return Pipeline(
            "two members of one name inside of a row",
            "PEN504",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner[] Value); public record Inner(int A, [property: Column(\"a\")] int B);");
        yield return Pipeline(
            "format on a list",
            "PEN509",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row([property: Column(Format = \"yyyy\")] DateTime[] Value);");
        yield return Pipeline(
            "unit inside of a row",
            "PEN209",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); public record Inner([property: Column(Unit = TimeUnit.Seconds)] int A);");
        yield return Pipeline(
            "useless format inside of a row",
            "PEN530",
            "[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row(Inner Value); public record Inner([property: Column(Format = \"hh:mm\")] TimeSpan A);");
        yield return Pipeline(
            "naming policy that is none",
            "PEN529",
            "[FileSource(\"a.csv\", Naming = (NamingPolicy)9)] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }");
        yield return Pipeline(
            "abstract row",
            "PEN502",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public abstract record Row(int Value);");
        yield return Pipeline(
            "row with a private constructor",
            "PEN502",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public sealed class Row { private Row() { } public int Value { get; set; } }");
        yield return Pipeline(
            "row with a required member that is no column",
            "PEN502",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public sealed class Row { public int Value { get; set; } internal required int Hidden { get; set; } }");
        yield return Pipeline(
            "empty column name",
            "PEN504",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Orders { get; }",
            more: "public record Row([Column(\"\")] int Value);");
        yield return Pipeline(
            "abstract source class",
            "PEN010",
            "[Source<S>] [FileSink(\"b.csv\")] public partial Stream<Order> Orders { get; }",
            more: "public abstract class S : Penstock.Connectors.ISource<Order> { public abstract IReadOnlyList<Penstock.Connectors.SourceSplit> Discover(); public abstract Penstock.Connectors.ISplitReader<Order> Open(Penstock.Connectors.SourceSplit split, ReadOnlySpan<byte> position, Penstock.Connectors.IBadRowHandler badRows); }");
        yield return Pipeline(
            "sink of other rows",
            "PEN511",
            Source + "[Apply<BigOrders>(nameof(Orders))] [Sink<K>] public partial Stream<Order> Big { get; }",
            more: "public sealed class K : Penstock.Connectors.ISink<int> { public Penstock.Connectors.ISinkWriter<int> OpenWriter(int subtask) => null!; public Penstock.Connectors.ISinkCommitter CreateCommitter() => null!; }");
        yield return Pipeline(
            "column that is a list",
            "PEN545",
            "[FileSource(\"a.jsonl\")] [Sink<K>] public partial Stream<Row> Orders { get; }",
            more: "public record Row(int A, List<int> B); public sealed class K : Penstock.Connectors.IColumnSink<Row> { public void SetSchema(Penstock.Connectors.RowSchema schema) { } public Penstock.Connectors.ISinkWriter<Row> OpenWriter(int subtask) => null!; public Penstock.Connectors.ISinkCommitter CreateCommitter() => null!; }");
        yield return Pipeline(
            "column in an object that can be null",
            "PEN545",
            "[FileSource(\"a.jsonl\")] [Sink<K>] public partial Stream<Row> Orders { get; }",
            more: "public record Inner(int C); public record Row(int A, Inner? B); public sealed class K : Penstock.Connectors.IColumnSink<Row> { public void SetSchema(Penstock.Connectors.RowSchema schema) { } public Penstock.Connectors.ISinkWriter<Row> OpenWriter(int subtask) => null!; public Penstock.Connectors.ISinkCommitter CreateCommitter() => null!; }");
        yield return Connector("factory without methods", "PEN552", "public static class F;");
        yield return Connector(
            "factory whose method needs an object",
            "PEN552",
            $"public class F {{ {CreateSource.Replace("static ", "")} }}");
        yield return Connector(
            "factory whose method is hidden",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("public ", "internal ")} }}");
        yield return Connector("factory that is hidden", "PEN552", $"internal static class F {{ {CreateSource} }}");
        yield return Connector("factory that is generic", "PEN552", $"public static class F<T0> {{ {CreateSource} }}", "typeof(F<>)");
        yield return Connector(
            "factory without reader",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace(", R>", ">").Replace(Reader, "")} }}");
        yield return Connector(
            "factory with another context",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("SourceContext", "SourceSplit")} }}");
        yield return Connector(
            "factory with the attribute of another",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("TicksAttribute", "FileSourceAttribute")} }}");
        yield return Connector(
            "factory with a parameter too many",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("attribute)", "attribute, int more)")} }}");
        yield return Connector(
            "factory that returns something else",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("ISource<T>", "ISplitReader<T>")} }}");
        yield return Connector(
            "factory of some rows only",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("where R", "where T : class where R")} }}");
        yield return Connector(
            "factory with a reader of files",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("IMessageReader", "ICsvRowReader")} }}");
        yield return Connector(
            "factory of no format of files",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("IMessageReader", "ICsvRowReader")} }}",
            format: "FileFormat");
        yield return Connector(
            "factory of two formats of files, one of which cannot be called",
            "PEN552",
            $"public static class F {{ {CreateSource.Replace("IMessageReader", "ICsvRowReader").Replace("CreateSource", "CreateCsvSource")} "
                + $"{CreateSource.Replace("CreateSource", "CreateJsonLinesSource")} }}",
            format: "FileFormat");
        yield return Connector(
            "attribute of a connector that is none of streams",
            "PEN550",
            $"public static class F {{ {CreateSource} }}",
            of: "Attribute");
        yield return Connector(
            "attribute of a connector without a format",
            "PEN551",
            $"public static class F {{ {CreateSource} }}",
            format: "string?");
        yield return Pipeline(
            "sink id of a stream",
            "PEN513",
            "[FileSource(\"a.csv\")] [FileSink(\"b.csv\", Id = \"Orders\")] public partial Stream<Order> Orders { get; }");
    }

    private const string Reusable =
        "[Operator] public sealed partial class Reusable { [Process] private void On(in Order order, ref Output<Order> output) => output.Emit(in order); }";

    private const string AnyTotal =
        "[Operator, TumblingWindow(\"1h\")] public sealed partial class AnyTotal { [Accumulate] private void Add(in Order order) { } [Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, 0); }";

    private const string LateTotals =
        "[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\", AllowedLateness = \"1m\")] public sealed partial class LateTotals { [State] private partial ref decimal Last { get; } [Accumulate] private void Add(in Order order) { } [Fire] private Order Close(in Window<string> window) => default; }";

    private const string Reader = "where R : struct, Penstock.Formats.IMessageReader<T>";

    private const string CreateSource =
        $"public static Penstock.Connectors.ISource<T> CreateSource<T, R>(Penstock.Connectors.SourceContext context, TicksAttribute attribute) {Reader} => null!;";

    private static (string, string, string) Connector(
        string name,
        string ids,
        string factory,
        string factoryType = "typeof(F)",
        string format = "MessageFormat",
        string of = "SourceAttribute") =>
        (
            name,
            ids,
            $"[AttributeUsage(AttributeTargets.Property), Connector({factoryType})] public sealed class TicksAttribute : {of} {{ public {format} Format {{ get; set; }} }} {factory}");

    private static (string, string, string) Pipeline(
        string name,
        string ids,
        string body,
        string also = "",
        string more = "",
        string head = "[Pipeline] public sealed partial class Shop") =>
        (name, $"{ids} {also}", $"{head} {{ {body} }} {more}");

    private static (string, string, string) Operator(
        string name,
        string ids,
        string body,
        string also = "",
        string also2 = "",
        string head = "[Operator] public sealed partial class Doubled") =>
        (name, $"{ids} {also} {also2}", $"{head} {{ {body} }}");

    private static (string, string, string) Process(string name, string ids, string body, string also = "") =>
        (
            name,
            $"{ids} {also}",
            $"[Operator, KeyBy(\"Shop\")] public sealed partial class Counts {{ {body} [Process] private void On(in Order order, ref Output<Order> output) {{ }} }}");
}
