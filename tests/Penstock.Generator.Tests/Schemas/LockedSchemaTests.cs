using System.Text.Json;
using Penstock.Generator.Locking;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Schemas;

/// <summary>The schemas that a build writes to the lock are those that the program writes to its manifests.</summary>
public sealed class LockedSchemaTests
{
    private const string Members = """
        [State] private partial ref int Narrow { get; }
        [State] private partial ref long Wide { get; }
        [State] private partial ref (byte, DateTime?)? Tuple { get; }
        [State] private partial ref Mood Mood { get; }
        [State] private partial ref string? Text { get; }
        [State] private partial ref Dictionary<string, List<Item?>>? Items { get; }
        [State] private partial ref Secret? Secret { get; }
        [State] private partial ref Packed? Packed { get; }
        [State] private partial MapState<(int, string?), decimal> Map { get; }
        [State] private partial ListState<Item> List { get; }
        [State] private partial ReducingState<long, Sum> Reduced { get; }
        private void Add(int number) { Narrow = number; Map.GetOrAdd((number, "")); List.Add(new Item(1, 2, "")); Reduced.Add(1); }
        private string Tell() => "";
        ---
        public enum Mood : short { Calm }
        public sealed record Item(int A, double B, string C);
        internal readonly struct Sum : IReducer<long> { public static long Reduce(long left, long right) => left + right; }
        """;

    [Theory]
    [InlineData(Members, null)]
    [InlineData(Members, "\"1h\", Offset = \"5m\"")]
    [InlineData(
        "[State(Scope = StateScope.Key)] private partial ref int OfKey { get; } [State(Scope = StateScope.Key)] private partial MapState<int, int> MapOfKey { get; } private void Add(int number) => OfKey++; private string Tell() => \"\"; ---",
        "\"1h\"")]
    public void Lock_and_manifest_agree(string members, string? window) =>
        Check(EvolvingProgram.Source(members + EvolutionTests.Secrets, window));

    /// <summary>Compares what the build of a program locks with what a run of it saves.</summary>
    internal static void Check(string source)
    {
        var lines = TestCompiler.BuildLocked("", source)
            .Text("penstock.state.lock.g.cs")
            .Split('\n')
            .SkipLast(1)
            .Select(static line => line[3..]);
        var locked = Assert
            .Single(LockFile.Parse(string.Join("\n", lines)).Pipelines).Entries
            .ToDictionary(static entry => entry.Id, static entry => entry.Schema.ToString());
        var folder = Directory.CreateTempSubdirectory("penstock-evolution");
        try
        {
            EvolvingProgram.Load(source).Run(folder.FullName, [("a", 1)]);
            var text = File.ReadAllText(Assert.Single(folder.GetFiles("*.manifest")).FullName);
            using var manifest = JsonDocument.Parse(text[text.IndexOf('\n', StringComparison.Ordinal)..]);
            var saved = manifest.RootElement.GetProperty("state").EnumerateArray()
                .SelectMany(static subtask => subtask.GetProperty("pieces").EnumerateArray())
                .SelectMany(static piece => piece.GetProperty("sections").EnumerateArray())
                .ToDictionary(
                    static section => section.GetProperty("id").GetString()!,
                    static section => section.GetProperty("schema").GetString()!);

            // What the positions of a source are made of, is for the runtime alone to know.
            foreach (var positions in saved.Where(static part => part.Value.StartsWith("splits{", StringComparison.Ordinal)).ToList())
            {
                saved[positions.Key] = "splits{}";
            }

            Assert.Equal(saved.OrderBy(static part => part.Key), locked.OrderBy(static part => part.Key));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
