using System.Text.RegularExpressions;

namespace Penstock.Generator.Tests.Schemas;

/// <summary>User code that throws while saved state is restored is named in the error, with pipeline, state and checkpoint.</summary>
public sealed class RestoredCodeTests
{
    [Theory]
    [InlineData(
        """
        [State] private partial ref long Total { get; }
        private void Add(int number) => Total = number;
        private string Tell() => "";
        """,
        """
        [State] private partial ref decimal Total { get; }
        [StateUpgrade(nameof(Total))] private static decimal FromCents(long old) => old == 2 ? throw new InvalidOperationException("Two is too much.") : old;
        private void Add(int number) => Total = number;
        private string Tell() => "";
        """,
        "'Result'",
        "the method 'Op.FromCents'")]
    [InlineData(
        """
        [State] private partial MapState<int, long> Totals { get; }
        private void Add(int number) => Totals[1] = number;
        private string Tell() => "";
        """,
        """
        [State] private partial MapState<int, decimal> Totals { get; }
        [StateUpgrade(nameof(Totals))] private static decimal FromCents(long old) => Checked.Of(old);
        private void Add(int number) => Totals[1] = number;
        private string Tell() => "";
        ---
        public static class Checked { public static decimal Of(long old) => old == 2 ? throw new InvalidOperationException("Two is too much.") : old; }
        """,
        "'Result.Totals'",
        "the method 'Op.FromCents'")]
    [InlineData(
        """
        [State] private partial ref Item? Last { get; }
        private void Add(int number) => Last = new Item(number);
        private string Tell() => "";
        ---
        public sealed record Item(int Number);
        """,
        """
        [State] private partial ref Item? Last { get; }
        private void Add(int number) => Last = new Item(number);
        private string Tell() => "";
        ---
        public sealed record Item(int Number) { public int Number { get; init; } = Number == 2 ? throw new InvalidOperationException("Two is too much.") : Number; }
        """,
        "'Result'",
        "the constructor of 'Item'")]
    public void Code_that_throws_during_a_restore_is_named(string before, string after, string state, string code)
    {
        foreach (var window in (string?[])[null, "\"1h\""])
        {
            var refusal = EvolutionRun.Refusal(EvolvingProgram.Compile(before, window), EvolvingProgram.Compile(after, window));
            Assert.Matches("^PSR503: Checkpoint [0-9]+ of pipeline 'Shop' cannot be restored: the state of "
                + Regex.Escape(state)
                + " cannot be made from what was saved: ", refusal);
            Assert.Contains(
                $": {code} has thrown InvalidOperationException: Two is too much. Correct it so that it takes every value that was saved, or start over with an empty checkpoint folder and an empty output.",
                refusal,
                StringComparison.Ordinal);
            Assert.EndsWith("Nothing has been changed.", refusal, StringComparison.Ordinal);
        }
    }
}
