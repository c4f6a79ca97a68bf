using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Diagnostics;

/// <summary>An error is reported whatever suppresses warnings, because a class with errors has no generated code.</summary>
public sealed class SuppressionTests
{
    private const string Program = """
        public readonly record struct Order(string Shop, double Price);

        [Operator, KeyBy("Price")]
        public sealed partial class Count
        {
            [State] private partial ref long Seen { get; }
            [Process] private void Add(in Order order, ref Output<Order> output) { if (Seen++ == 0) output.Emit(in order); }
        }

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")] public partial Stream<Order> Orders { get; }
            [Apply<Count>(nameof(Orders)), FileSink("first.csv")] public partial Stream<Order> First { get; }
        }
        """;

    [Theory]
    [InlineData("#pragma warning disable\n")]
    [InlineData("#pragma warning disable PEN109\n")]
    public void An_error_cannot_be_suppressed(string before)
    {
        Assert.Contains("PEN109", TestCompiler.Build(before + Program).Penstock.Select(static found => found.Id));
    }
}
