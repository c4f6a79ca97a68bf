using System.Text.Json;
using CsCheck;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>
/// Rows of two keys never become rows of one key: applying the lines of a file by the key columns of its stream gives the same result as a
/// plain dictionary.
/// </summary>
public sealed class CellTests
{
    private const long Size = 10_000;
    private const long Delay = 2_000;
    private const long Lateness = 8_000;

    // The keys become equal if blanks, case, separators or digits are lost, or if parts are joined.
    private static readonly string[] Names = [
        "a",
        "A",
        " a",
        "a ",
        "a/",
        "/a",
        "1",
        "11",
        "1/",
        "/1",
        "1 1",
        "a 1",
        "a-1",
        "a1",
        "ä",
        "<a>",
        "2020-01-01"
    ];

    [Fact]
    public void Lines_by_the_key_of_the_plan_are_what_a_dictionary_has() =>
        Gen.Select(Gen.Int, Gen.Int[1, 400], Gen.Int[1, 3], Gen.Int[1, 64]).Sample(
            (seed, count, parallelism, batchSize) =>
            {
                var edits = Edits(new Random(seed), count);
                var files = Run(edits, parallelism, batchSize);
                var cells = Expected(edits).ToList();
                var odd = cells.Where(static cell => cell.Edits % 2 == 1).ToList();
                Equal(cells, files, nameof(CellPipeline.Cells), "cells");
                Equal(odd, files, nameof(CellPipeline.OddCells), "odd");
                Equal(odd, files, nameof(CellPipeline.Labels), "labels");
                Equal(odd, files, nameof(CellPipeline.Parts), "parts");
            },
            iter: 40, threads: 1);

    [Fact]
    public void Keys_of_the_plan() => Assert.Equal(
        ["upsert by Id", "upsert by Id", "upsert by Label", "upsert by Name, Number, Second"],
        ((string[])[
            nameof(CellPipeline.Cells),
            nameof(CellPipeline.OddCells),
            nameof(CellPipeline.Labels),
            nameof(CellPipeline.Parts)
        ]).Select(static stream => $"{ChangelogOf(stream)}"));

    private static Changelog ChangelogOf(string stream) =>
        PipelineDefinition.Of<CellPipeline>().Plan.Nodes.Single(node => node.Id == stream).Changelog;

    // The members of a cell that are not part of the key: the number of edits, and its weight.
    private static void Equal(IEnumerable<(int Edits, int Weight)> expected, SimulatedFiles files, string stream, string name)
    {
        var key = ChangelogOf(stream).Key.Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
        var rows = new Dictionary<string, (int Edits, int Weight)>();
        foreach (var line in files
            .Visible($"/out/{name}-")
            .SelectMany(files.LinesOf)
            .Select(static line => JsonDocument.Parse(line).RootElement))
        {
            var isDelete = line.GetProperty("op").GetString() == "d";
            var row = !line.TryGetProperty("after", out var after) ? line : isDelete ? line.GetProperty("before") : after;
            var id = string.Join('\n', key.Select(member => row.GetProperty(member).GetRawText()));
            if (isDelete)
            {
                rows.Remove(id);
            }
            else
            {
                rows[id] = (row.GetProperty("edits").GetInt32(), row.GetProperty("weight").GetInt32());
            }
        }

        Assert.Equal(expected.Order(), rows.Values.Order());
    }

    private static IEnumerable<(int Edits, int Weight)> Expected(IEnumerable<Edit> edits)
    {
        var cells = new Dictionary<(string, uint, long), (int Edits, int Weight)>();
        long? newest = null;
        foreach (var edit in edits)
        {
            var start = edit.At / Size * Size;
            if (!(start + Size + Lateness <= newest - Delay))
            {
                var before = cells.GetValueOrDefault((edit.Name, edit.Number, start));
                cells[(edit.Name, edit.Number, start)] = (before.Edits + 1, before.Weight + edit.Weight);
            }

            newest = Math.Max(newest ?? edit.At, edit.At);
        }

        return cells.Values;
    }

    private static List<Edit> Edits(Random random, int count)
    {
        var (edits, newest) = (new List<Edit>(), 0L);
        for (var edit = 0; edit < count; edit++)
        {
            newest += random.Next(300);
            edits.Add(new Edit(
                Names[random.Next(Names.Length)],
                (uint)random.Next(3) * 10 + (uint)random.Next(2),
                Math.Max(0, newest - random.Next(2) * random.Next(12_000)),
                random.Next(1, 1_000)));
        }

        return edits;
    }

    private static SimulatedFiles Run(List<Edit> edits, int parallelism, int batchSize)
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        files.Add("/in/edits.csv", "name,number,at,weight\n" + string.Concat(
            edits.Select(static edit => FormattableString.Invariant($"\"{edit.Name}\",{edit.Number},{edit.At},{edit.Weight}\n"))));
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = batchSize };
        options.Restart.Strategy = RestartStrategy.None;
        options.Checkpoints.Path = "/checkpoints";
        options.Sources["Edits"] = new SourceOptions { Path = "/in/edits.csv" };
        var runner = (TestEnvironment.Create("Cells", options) with { Files = files }).RunnerOf<CellPipeline>();
        runner.RunAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return files;
    }
}
