using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Schemas;

/// <summary>
/// Ids of streams may contain dots, like the ids under which maps and lists are saved. Each restores its own state, or the program does not
/// build.
/// </summary>
public sealed class StateIdTests
{
    private const string Members = """
        [State] private partial ref int Sum { get; }
        [State] private partial MapState<int, int> Counts { get; }
        [State, FormerName("Old")] private partial ListState<int> All { get; }
        private void Add(int number) { Sum += number; Counts.GetOrAdd(number)++; All.Add(number); }
        private string Tell() => $"{Sum} {Counts.Count} {All.Count}";
        ---
        [Operator, KeyBy("Key")]
        public sealed partial class Other
        {
            [State] private partial ref long Total { get; }
            [State] private partial MapState<int, int> Counts { get; }
            [Process] private void On(in In row, ref Output<Out> output)
            {
                Total += 1000L * row.Number;
                Counts.GetOrAdd(row.Number % 7)++;
                output.Emit(new Out("other " + row.Key, $"{Total} {Counts.Count}"));
            }
        }
        """;

    [Theory]
    [InlineData("Result.Sum", false)]
    [InlineData("Result.Other", false)]
    [InlineData("Result.Counts.Counts", false)]
    [InlineData("Result.counts", false)]
    [InlineData("Resu", false)]
    [InlineData("Result.Counts", true)]
    [InlineData("Result.All", true)]
    [InlineData("Result.Old", true)]
    public void State_comes_back_to_its_stream(string id, bool isTaken)
    {
        var source = Source(id);
        var findings = TestCompiler.Build(source).Penstock;
        if (isTaken)
        {
            var found = Assert.Single(findings);
            Assert.Equal(("PEN326", $"\"{id}\""), (found.Id, found.MarkedText()));
            Assert.Equal(
                $"Stream 'Result' saves its map or list '{id["Result.".Length..]}' under the id '{id}': give this stream another Id, or the state another name",
                found.GetMessage(CultureInfo.InvariantCulture));
            return;
        }

        Assert.Empty(findings);
        var folder = Directory.CreateTempSubdirectory("penstock-ids");
        try
        {
            var random = new Random(7);
            var first = Rows(random);
            var second = Rows(random);
            EvolvingProgram.Load(source).Run(folder.FullName, first);
            var last = EvolvingProgram.Load(source).Run(folder.FullName, second, parallelism: 2)
                .GroupBy(static text => text.Split('=')[0]).ToDictionary(static group => group.Key, static group => group.Last());
            foreach (var key in second.Select(static row => row.Key).Distinct())
            {
                var numbers = first.Concat(second).Where(row => row.Key == key).Select(static row => row.Number).ToList();
                Assert.Equal($"{key}={numbers.Sum()} {numbers.Distinct().Count()} {numbers.Count}", last[key]);
                Assert.Equal(
                    $"other {key}={numbers.Sum(static number => 1000L * number)} {numbers.Select(static number => number % 7).Distinct().Count()}",
                    last["other " + key]);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_source_must_not_have_the_id_of_a_map_either()
    {
        var source = EvolvingProgram
            .Source(Members)
            .Replace("FileSource(\"in.csv\")", "FileSource(\"in.csv\", Id = \"Result.Counts\")", StringComparison.Ordinal);
        Assert.Equal("PEN326", Assert.Single(TestCompiler.Build(source).Penstock).Id);
    }

    private static string Source(string id) => EvolvingProgram.Source(Members)
        .Replace(
            "public partial Stream<Out> Result { get; }",
            $"public partial Stream<Out> Result {{ get; }} [Apply<Other>(nameof(Rows), Id = \"{id}\"), FileSink(\"other.csv\")] public partial Stream<Out> Second {{ get; }}",
            StringComparison.Ordinal)
        .Replace("test.Read<Out>(\"Result\")", $"test.Read<Out>(\"Result\").Concat(test.Read<Out>(\"{id}\"))", StringComparison.Ordinal);

    private static (string Key, int Number)[] Rows(Random random) =>
        [.. Enumerable.Range(0, 150).Select(_ => ($"key{random.Next(12)}", random.Next(1, 40)))];
}
