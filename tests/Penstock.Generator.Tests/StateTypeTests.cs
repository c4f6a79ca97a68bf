using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>What the guide lists as types of state is what the compiler takes.</summary>
public sealed partial class StateTypeTests
{
    public static TheoryData<string> Listed => [.. TypeName().Matches(Guide()).Select(static match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Listed))]
    public void Listed_types_can_be_state(string type) => Build(type).AssertClean();

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
    public void Described_types_can_be_state(string type) => Build(type).AssertClean();

    [Theory]
    [InlineData("nint")]
    [InlineData("Half")]
    [InlineData("int[]")]
    [InlineData("List<int>")]
    [InlineData("Order")]
    [InlineData("object")]
    [InlineData("(int, int, int, int, int, int, int, int)")]
    public void Other_types_cannot(string type) => Assert.Equal(["PEN301"], Build(type).Penstock.Select(static diagnostic => diagnostic.Id));

    [Fact]
    public void The_list_is_found() => Assert.Equal(15, Listed.Count);

    private static string Guide() => Repository.Read(Path.Combine(Repository.Diagnostics, "..", "programming-model.md"))
        .Split("\n\n").Single(static paragraph => paragraph.StartsWith("A `[State]` can be ", StringComparison.Ordinal));

    private static BuildResult Build(string type) => TestCompiler.Build(DiagnosticPage.Shared, $$"""
        [Operator, KeyBy(nameof(Order.Shop))]
        public sealed partial class Once
        {
            [State] private partial ref {{type}} Kept { get; }
            [Process] private void On(in Order order, ref Output<Order> output) => output.Emit(in order);
        }

        public sealed class Packed : MemoryPack.IMemoryPackable<Packed>
        {
            static void MemoryPack.IMemoryPackable<Packed>.Serialize<TBufferWriter>(ref MemoryPack.MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) { }

            static void MemoryPack.IMemoryPackable<Packed>.Deserialize(ref MemoryPack.MemoryPackReader reader, scoped ref Packed? value) => value = null;

            static void MemoryPack.IMemoryPackFormatterRegister.RegisterFormatter() { }
        }
        """);

    // In the paragraph, code that is no attribute and no keyword of a declaration names a type.
    [GeneratedRegex(@"`((?!partial)[A-Za-z]+(\[\])?)`")]
    private static partial Regex TypeName();
}
