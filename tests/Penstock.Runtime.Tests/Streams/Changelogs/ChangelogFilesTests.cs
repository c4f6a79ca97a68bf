using System.Globalization;
using System.Text.Json;
using Penstock.Runtime.Tests.Testing.Simulation;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>
/// Changelogs in files, from text to text: applying the lines in the order of the file names gives the same result as plain loops.
/// </summary>
public sealed class ChangelogFilesTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 7)]
    [InlineData(3, 3, 64)]
    [InlineData(4, 1, 1024)]
    public async Task Lines_are_applied_in_the_order_of_the_names(int seed, int parallelism, int batchSize)
    {
        var votes = VoteOracle.Votes(new Random(seed), 800);
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        files.Add("/in/votes.csv", "subject,at,weight\n"
            + string.Concat(votes.Select(static vote => Text($"{vote.Subject},{vote.At},{vote.Weight}\n"))));
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = batchSize };
        options.Restart.Strategy = RestartStrategy.None;
        options.Checkpoints.Path = "/checkpoints";
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
        options.Sources["Votes"] = new SourceOptions { Path = "/in/votes.csv", Rate = 40_000 };
        var runner = (TestEnvironment.Create("Votes", options) with { Files = files }).RunnerOf<VotePipeline>();
        await runner.RunAsync(TestContext.Current.CancellationToken);

        var oracle = new VoteOracle(votes);
        var tallies = Lines(files, "tallies", "op,subject,start,votes,weight").ToList();
        Equal(
            oracle.Tallies.Select(static row => Text($"{row.Subject},{row.Start},{row.Votes},{row.Weight}")),
            JobOutput.Applied(tallies));
        Assert.All(
            tallies.GroupBy(static line => string.Join(',', line.Split(',')[1..3])),
            static versions => Assert.Matches("^cu*$", string.Concat(versions.Select(static line => line[0]))));
        Equal(
            oracle.Few.Select(static row => Text($"{row.Subject},{row.Start},{row.Votes},{row.Weight}")),
            OfOps(Lines(files, "few"), ["subject", "start"], ["subject", "start", "votes", "weight"]));
        Equal(oracle.Standings.Select(static row => Text($"{row.Id},{row.Weight}")), OfOps(Lines(files, "more"), ["id"], ["id", "weight"]));
        Equal(oracle.Standings.Select(static row => Text($"{row.Id},{row.Weight}")), OfDebezium(Lines(files, "standings")));
    }

    private static IEnumerable<string> OfOps(IEnumerable<string> lines, string[] key, string[] members)
    {
        var rows = new Dictionary<string, string>();
        foreach (var row in lines.Select(static line => JsonDocument.Parse(line).RootElement))
        {
            Assert.Equal("op", row.EnumerateObject().First().Name);
            var id = Join(row, key);
            if (row.GetProperty("op").GetString() == "d")
            {
                rows.Remove(id);
            }
            else
            {
                Assert.Contains(row.GetProperty("op").GetString(), (string[])["c", "u"]);
                rows[id] = Join(row, members);
            }
        }

        return rows.Values;
    }

    private static IEnumerable<string> OfDebezium(IEnumerable<string> lines)
    {
        var (rows, deletes) = (new Dictionary<string, string>(), 0);
        foreach (var change in lines.Select(static line => JsonDocument.Parse(line).RootElement))
        {
            Assert.Equal(["before", "after", "op"], change.EnumerateObject().Select(static member => member.Name));
            if (change.GetProperty("op").GetString() == "d")
            {
                Assert.Equal(JsonValueKind.Null, change.GetProperty("after").ValueKind);
                Assert.Equal(["id"], change.GetProperty("before").EnumerateObject().Select(static member => member.Name));
                rows.Remove(Join(change.GetProperty("before"), ["id"]));
                deletes++;
            }
            else
            {
                Assert.Equal(JsonValueKind.Null, change.GetProperty("before").ValueKind);
                rows[Join(change.GetProperty("after"), ["id"])] = Join(change.GetProperty("after"), ["id", "weight"]);
            }
        }

        Assert.NotEqual(0, deletes);
        return rows.Values;
    }

    private static string Join(JsonElement row, string[] members) =>
        string.Join(',', members.Select(member => $"{row.GetProperty(member)}"));

    private static IEnumerable<string> Lines(SimulatedFiles files, string name, string? header = null) =>
        files.Visible($"/out/{name}-").SelectMany(path => Body(files.LinesOf(path), header));

    private static IEnumerable<string> Body(string[] lines, string? header)
    {
        Assert.Equal(header ?? lines[0], lines[0]);
        return header == null ? lines : lines.Skip(1);
    }

    private static void Equal(IEnumerable<string> expected, IEnumerable<string> found) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
