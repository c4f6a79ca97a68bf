using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.State;

/// <summary>The types of state in the guide are those that the compiler accepts.</summary>
public sealed partial class StateTypeTests
{
    public static TheoryData<string> Listed =>
        [.. TypeName().Matches(Guide("A `[State]` can be ")).Select(static match => match.Groups[1].Value)];

    public static TheoryData<string> ListedCollections =>
    [
        .. CollectionName().Matches(Guide("It can be a collection"))
            .Select(static match => match.Groups[1].Value.Replace("TKey", "int", StringComparison.Ordinal)
                .Replace("TValue", "Order", StringComparison.Ordinal)
                .Replace("<T>", "<string>", StringComparison.Ordinal)
                .Replace("T[]", "string[]", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Listed))]
    public void Listed_types_can_be_state(string type) => Build(type).AssertClean();

    [Theory]
    [MemberData(nameof(ListedCollections))]
    public void Listed_collections_can_be_state(string type) => Build(type).AssertClean();

    [Theory]
    [InlineData("short")]
    [InlineData("ushort")]
    [InlineData("uint")]
    [InlineData("long")]
    [InlineData("DayOfWeek")]
    [InlineData("DayOfWeek?")]
    [InlineData("DateOnly?")]
    [InlineData("string?")]
    [InlineData("byte[]?")]
    [InlineData("(int, string)")]
    [InlineData("(int Count, (decimal? Sum, Guid Id) Inner)?")]
    [InlineData("(int, int, int, int, int, int, int)")]
    [InlineData("Packed?")]
    [InlineData("(int, Packed)")]
    [InlineData("int[]")]
    [InlineData("string?[]?[]?")]
    [InlineData("List<int>?")]
    [InlineData("List<string?>")]
    [InlineData("Dictionary<string, List<Order?>?>?")]
    [InlineData("Dictionary<(int, DayOfWeek?), Order>")]
    [InlineData("HashSet<Order>")]
    [InlineData("ImmutableArray<(int A, string? B)>")]
    [InlineData("ImmutableArray<byte>?")]
    [InlineData("ImmutableList<string>")]
    [InlineData("ImmutableDictionary<string, Order>?")]
    [InlineData("ImmutableHashSet<DateOnly>")]
    [InlineData("Order")]
    [InlineData("Order?")]
    [InlineData("Node")]
    [InlineData("Pair<Pair<int, string>?, List<Node>>")]
    [InlineData("System.Numerics.Vector3")]
    [InlineData("Link?")]
    [InlineData("Dictionary<Link, Link?[]>")]
    [InlineData("Tagged")]
    public void Described_types_can_be_state(string type) => Build(type).AssertClean();

    [Theory]
    [InlineData("nint", "")]
    [InlineData("Half", ", whose field '_value' is not public")]
    [InlineData("object", "")]
    [InlineData("IList<int>", "")]
    [InlineData("Action", "")]
    [InlineData("(int, int, int, int, int, int, int, int)", "")]
    [InlineData("int[,]", ", which has several dimensions")]
    [InlineData("Uri", "(Kept: System.Uri, which is a class of another assembly, whose private fields cannot be seen")]
    [InlineData("Version", ", which is a class of another assembly, whose private fields cannot be seen")]
    [InlineData("System.Text.StringBuilder", ", which is a class of another assembly, whose private fields cannot be seen")]
    [InlineData("KeyValuePair<int, int>", ", whose field 'key' is not public")]
    [InlineData("Wrong.Open", ", which is not sealed, so a derived class would be saved as its base class")]
    [InlineData("Wrong.Abstract", ", which is abstract")]
    [InlineData("Wrong.Foreign", ", whose base class 'Exception' is of another assembly, so its private fields cannot be seen")]
    [InlineData("Wrong.Hiding", ", whose field '_hidden' is not public")]
    [InlineData("Wrong.HalfOpen", ", whose property 'Hidden' is not public")]
    [InlineData("Wrong.GetOnly", ", whose member 'Value' has no public setter and is not a parameter of its constructor")]
    [InlineData("Wrong.Closed", ", which has no public constructor whose parameters are all members of it")]
    [InlineData("Wrong.Empty", ", which stores no public members")]
    [InlineData("Wrong.Raising", ", whose event 'Raised' cannot be saved")]
    [InlineData("Wrong.Endless", ".Next: Wrong.Endless, which contains itself")]
    [InlineData("Wrong.Growing<int>", null)]
    [InlineData(
        "Wrong.Deep",
        ".Items[].Values[].Item2.Price: System.Uri, which is a class of another assembly, whose private fields cannot be seen")]
    [InlineData("Wrong.BadCodec", ".Text: string, whose codec 'LinkCodec' does not implement IValueCodec<string>")]
    [InlineData("Dictionary<int[], int>", ".Keys[]: int[], which as a key is compared by reference")]
    [InlineData("HashSet<(int, Node)>", null)]
    [InlineData("Wrong.Wrapping<int>", ", whose property 'Value' has its own code in a generic type, which cannot be bypassed")]
    [InlineData(
        "Wrong.Wrapping<int>.Inner",
        ", whose member 'Text' has no public setter, and the compiler cannot see what its constructor stores in it")]
    [InlineData("Wrong.Parted", ", whose property 'Value' is partial, so what its other part stores cannot be seen")]
    [InlineData("Wrong.Capturing", ", whose constructor keeps its parameter 'count' outside of the members")]
    [InlineData("Wrong.CapturingStruct", ", whose constructor keeps its parameter 'count' outside of the members")]
    public void Other_types_cannot(string type, string? end)
    {
        var diagnostic = Assert.Single(Build(type).Penstock);
        Assert.Equal(("PEN301", type), (diagnostic.Id, diagnostic.MarkedText()));
        var message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        if (end != null)
        {
            Assert.Contains($"{end})", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("(int, string, DateTime?)", null)]
    [InlineData("Order?", null)]
    [InlineData("ImmutableArray<Order>", null)]
    [InlineData("ImmutableDictionary<string, Fixed>", null)]
    [InlineData("Fixed", null)]
    [InlineData("Link?", "global::Penstock.State.ValueCodec<global::LinkCodec, global::Link>.IsMutable")]
    [InlineData(
        "ImmutableList<(int, Tagged)>",
        "global::Penstock.State.ValueCodec<global::LinkCodec, global::Link>.IsMutable || global::Penstock.State.ValueCodec<global::LinkCodec, int>.IsMutable")]
    [InlineData("ImmutableArray<Link[]>", "true")]
    [InlineData("(int, byte[])", "true")]
    [InlineData("Pair<int, List<int>>?", "true")]
    [InlineData("Node", "true")]
    [InlineData("Packed", "true")]
    public void Only_what_can_change_in_place_is_copied(string type, string? expected)
    {
        var code = Build(type).AssertClean().Unbroken("Once.State.g.cs");
        if (expected == null)
        {
            Assert.DoesNotContain("HasSharedParts", code, StringComparison.Ordinal);
            Assert.DoesNotContain("Detach", code, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"HasSharedParts => {expected};", code, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("public sealed record Kept(int A, string B) { public int C { get; init; } = A; }", "new global::Kept(a, b) { C = c }")]
    [InlineData(
        "public sealed class Kept(int a, string? b) { public int A { get; } = a; public readonly string? B = b; public int C => A + 1; }",
        "new global::Kept(a, b)")]
    [InlineData(
        "public sealed class Kept(string? b) { public string B { get; } = b ?? throw new ArgumentNullException(nameof(b)); }",
        "new global::Kept(b)")]
    [InlineData(
        "public sealed class Kept { public Kept(int a, string b) { ArgumentNullException.ThrowIfNull(b); if (a < 0) { throw new ArgumentException(b); } A = a; this.B = b ?? throw new ArgumentException(); } public int A { get; } public string B { get; } }",
        "new global::Kept(a, b)")]
    [InlineData(
        "public sealed class Kept { public Kept(int a, string b) => (A, B) = (a, b); public int A { get; } public string B { get; } }",
        "new global::Kept(a, b)")]
    [InlineData("public record Origin(int A); public sealed record Kept(int A, string B) : Origin(A);", "new global::Kept(a, b)")]
    [InlineData("public sealed record Kept(int A, string B) { public int A { get; init; } = A + 1; }", "new global::Kept(a, b) { A = a }")]
    [InlineData(
        "public record Origin(int A); public sealed record Kept(int A, int B) : Origin(A + B);",
        "new global::Kept(a, b) { A = a }")]
    public void What_a_constructor_keeps_as_it_is_need_not_be_set(string type, string expected)
    {
        var code = TestCompiler.BuildShop(type, Operator("Kept?")).AssertClean().Text("Once.State.g.cs");
        Assert.Contains($"return {expected};", code, StringComparison.Ordinal);
        Assert.DoesNotContain("UnsafeAccessor", code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public int A { get; } = a + 1;")]
    [InlineData("public int A { get; } = a++;")]
    [InlineData("public int A { get; } = Math.Abs(a);")]
    [InlineData("public readonly int A = -a;")]
    [InlineData(
        "public int A { get; } = a; public string B { get; } = Taken(ref a); private static string Taken(ref int number) => $\"{++number}\";",
        "int a, string b")]
    public void What_a_constructor_may_compute_with_is_set_past_it(string members, string parameters = "int a")
    {
        var code = TestCompiler.BuildShop(
            $"#pragma warning disable CS9113\npublic sealed class Kept({parameters}) {{ {members} }}",
            Operator("Kept?"))
            .AssertClean()
            .Text("Once.State.g.cs");
        Assert.Contains("AOfKept(result) = a;", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_do_not_exist_are_left_to_the_compiler()
    {
        var result = Build("Wrong.Unknown", isUnknown: true);
        Assert.Empty(result.Penstock);
        Assert.Empty(result.Ours);
    }

    [Fact]
    public void The_lists_are_found() => Assert.Equal((15, 8), (Listed.Count, ListedCollections.Count));

    private static string Guide(string start) => Repository.Read(Path.Combine(Repository.Diagnostics, "..", "programming-model.md"))
        .Split("\n\n").Single(paragraph => paragraph.StartsWith(start, StringComparison.Ordinal));

    private static BuildResult Build(string type, bool isUnknown = false) =>
        TestCompiler.BuildShop(
            Types,
            "using System.Collections.Immutable;\n" + (isUnknown ? Unknown : "") + Operator(type));

    private static string Operator(string type) => $$"""
        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Once
        {
            [State] private partial ref {{type}} Kept { get; }
            [Process] private void On(in Order order, ref Output<Order> output) => output.Emit(in order);
        }
        """;

    private const string Unknown = "namespace Wrong { public record Unknown(Missing Value); }";

    private const string Types = """
        using System.Collections.Immutable;
        using MemoryPack;

        public sealed class Packed : IMemoryPackable<Packed>
        {
            static void IMemoryPackable<Packed>.Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) { }

            static void IMemoryPackable<Packed>.Deserialize(ref MemoryPackReader reader, scoped ref Packed? value) => value = null;

            static void IMemoryPackFormatterRegister.RegisterFormatter() { }
        }

        internal sealed class Node(int @class, List<Order>? orders)
        {
            public readonly int Class = @class;

            public List<Order>? Orders { get; private set; } = orders;

            public required Order? First { get; init; }

            public int Twice => Class * 2;

            public int Clamped { get; set => field = Math.Max(0, value); }

            [Transient] private int _seen;

            public int See() => ++_seen;
        }

        public sealed record Fixed(string Name, ImmutableArray<int> Numbers) { public int More { get; init; } }

        public record struct Pair<TFirst, TSecond>(TFirst First, TSecond Second);

        [StateCodec(typeof(LinkCodec))]
        public sealed class Link(string text)
        {
            private readonly string _text = text;

            public string Text => _text;
        }

        public readonly struct LinkCodec : IValueCodec<Link>, IValueCodec<int>
        {
            static string IValueCodec<Link>.Schema => "link/1";
            static string IValueCodec<int>.Schema => "int/1";
            static void IValueCodec<Link>.Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Link value) => writer.WriteString(value.Text);
            static void IValueCodec<int>.Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in int value) => writer.WriteVarInt(value);
            static Link IValueCodec<Link>.Read(ref MemoryPackReader reader) => new(reader.ReadString()!);
            static int IValueCodec<int>.Read(ref MemoryPackReader reader) => reader.ReadVarIntInt32();
            static Link IValueCodec<Link>.Detach(Link value) => value;
            static int IValueCodec<int>.Detach(int value) => value;
        }

        public record Tagged([property: StateCodec(typeof(LinkCodec))] int? Number, Link? Link);

        namespace Wrong
        {
            public class Open { public int Value { get; set; } }

            public abstract record Abstract(int Value);

            public sealed class Foreign : Exception;

            public sealed class Hiding { private int _hidden; public int Value { get => _hidden; set => _hidden = value; } }

            public sealed class HalfOpen { internal int Hidden { get; set; } public int Value { get; set; } }

            public sealed record GetOnly(int Other) { public int Value { get; } = 5; }

            public sealed class Closed { private Closed() { } public int Value { get; set; } }

            public struct Empty { public int Value => 1; }

            public sealed class Raising { public event Action? Raised; public int Value { get; set; } public void Raise() => Raised?.Invoke(); }

            public sealed record Endless(int Value, Endless? Next);

            public struct Growing<T> { public List<Growing<T[]>> Next; }

            public record Deep(List<Dictionary<string, (int, Item)>> Items);

            public record Item(Uri? Price);

            public sealed class Wrapping<T>
            {
                public T? Value { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }

                public sealed class Inner(string text) { public string Text { get; } = text.Trim(); }
            }

            public sealed partial class Parted { public partial int Value { get; set; } }

            public sealed partial class Parted { public partial int Value { get => field; set => field = value; } }

            public sealed class Capturing(int count) { public int Count { get; set; } = 5; public int Next() => ++count; }

            public struct CapturingStruct(int count) { public int Count { get; } = 5; public int Next() => ++count; }

            public record BadCodec([property: StateCodec(typeof(LinkCodec))] string Text);
        }
        """;

    // In this paragraph, code other than attributes and declaration keywords names types.
    [GeneratedRegex(@"`((?!partial)[A-Za-z]+(\[\])?)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"`(\w+(?:<[\w, ]+>|\[\]))`")]
    private static partial Regex CollectionName();
}
