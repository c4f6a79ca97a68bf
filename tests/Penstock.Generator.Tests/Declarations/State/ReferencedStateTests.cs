using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.State;

/// <summary>State with types of other assemblies, of which only the public members are visible.</summary>
public sealed class ReferencedStateTests
{
    private const string Library = """
        namespace Library;

        public record Person(string Name, int Age) { public string? Note { get; set; } public int Twice => Age * 2; }

        public sealed record Parent(string Name, List<Person> Children) : Base(5);

        public record Base(int Id);

        public record struct Point(int X, int Y);

        public readonly struct Span(int from, int to) { public int From { get; } = from; public int To { get; } = to; }

        public record Taxed(decimal Price) { public decimal Price { get; init; } = Price * 1.2m; public string Text { get; init; } = ""; }

        public record Doubling { public int Value { get; set => field = value * 2; } }

        public record Computed(int Value) { public int Half { get => Value / 2; init => Value = value * 2; } }

        public record Counting(int Value) { public int Calls { get; private set; } public int Count() => ++Calls; }

        public record Noted(string Note) { public string Note { get; } = Note + "!"; }

        public struct Counter { private int _count; public int Next => ++_count; }

        public sealed class Plain { public int Count { get; set; } }

        [StateCodec(typeof(WrappedCodec))]
        public sealed class Wrapped { }

        public readonly struct WrappedCodec : IValueCodec<Wrapped>
        {
            public static string Schema => "wrapped/1";
            public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Wrapped value) where TBuffer : class, System.Buffers.IBufferWriter<byte> { }
            public static Wrapped Read(ref MemoryPack.MemoryPackReader reader) => new();
            public static Wrapped Detach(Wrapped value) => new();
        }
        """;

    [Theory]
    [InlineData("Person", """ "Kept:record{Age:int32;Name:string;Note:string}?" """)]
    [InlineData("Parent?", """ "Kept:record{Id:int32;Children:list<record{Age:int32;Name:string;Note:string}?>;Name:string}?" """)]
    [InlineData("Point", """ "Kept:record{X:int32;Y:int32}" """)]
    [InlineData("Span?", """ "Kept:record{From:int32;To:int32}?" """)]
    [InlineData(
        "Wrapped",
        """ "Kept:" + global::Penstock.State.ValueCodec<global::Library.WrappedCodec, global::Library.Wrapped>.Schema """)]
    public void Records_structs_and_types_with_a_codec_can_be_state(string type, string schema) =>
        Assert.Contains(
            $"{(type == "Wrapped" ? "string Schema =>" : "const string Fields =")} {schema.Trim()};",
            Build(type).AssertClean().Unbroken("Once.State.g.cs"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Taxed", "return new global::Library.Taxed(price) { Price = price, Text = text };")]
    [InlineData("Person", "return new global::Library.Person(name, age) { Age = age, Name = name, Note = note };")]
    [InlineData("Point", "return new global::Library.Point { X = x, Y = y };")]
    [InlineData(
        "Noted",
        """UnsafeAccessor( global::System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "<Note>k__BackingField")]""")]
    [InlineData("Span", "FromOfSpan(result) = @from;")]
    public void What_constructors_do_that_cannot_be_seen_is_undone(string type, string expected) =>
        Assert.Contains(expected, Build(type).AssertClean().Unbroken("Once.State.g.cs"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Doubling", "Kept: Library.Doubling, whose property 'Value' has its own code in another assembly, which cannot be seen")]
    [InlineData("Computed", "Kept: Library.Computed, whose property 'Half' has its own code in another assembly, which cannot be seen")]
    [InlineData("Counting", "Kept: Library.Counting, whose member 'Calls' has no public setter and is not a parameter of its constructor")]
    [InlineData("Counter", "Kept: Library.Counter, whose field '_count' is not public")]
    [InlineData("List<Plain>", "Kept[]: Library.Plain, which is a class of another assembly, whose private fields cannot be seen")]
    public void What_may_hide_something_cannot(string type, string part)
    {
        var diagnostic = Assert.Single(Build(type).Penstock);
        Assert.Equal("PEN301", diagnostic.Id);
        Assert.Contains(part, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static BuildResult Build(string type)
    {
        using var image = new MemoryStream();
        var emitted = TestCompiler.Compile(Library).WithAssemblyName("Library").Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        var program = TestCompiler.Compile($$"""
            using Library;

            [Operator, KeyBy("X")]
            public sealed partial class Once
            {
                [State] private partial ref {{type}} Kept { get; }
                [Process] private void On(in Point point, ref Output<Point> output) => output.Emit(in point);
            }
            """);
        return TestCompiler.Build(program.AddReferences(MetadataReference.CreateFromImage(image.ToArray())));
    }
}
