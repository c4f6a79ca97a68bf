using Penstock.Testing;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Fixtures;

/// <summary>
/// This release restores checkpoints of earlier releases, and resumes correctly. Each release adds one, before its version is increased:
/// <c>PENSTOCK_FIXTURE=0.2.0 dotnet test tests/Penstock.Runtime.Tests -c Release --filter FullyQualifiedName~FixtureTests</c>.
/// </summary>
public class FixtureTests
{
    private const int Before = 150;

    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "tests", "Penstock.Runtime.Tests", "Fixtures");

    // 400 minutes of rows, 150 of them before the checkpoint, so that two windows have fired and the third is open.
    private static readonly Entry[] Rows =
        [.. Enumerable
            .Range(0, 400)
            .Select(minute => new Entry(
                $"key{minute * 7 % 11}",
                minute * 37 % 101,
                new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minute)))];

    public static TheoryData<string> Versions =>
        [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_job_resumes_from_a_checkpoint_of_an_earlier_release(string version)
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, version)))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        Resume(copy.Path);
    }

    [Fact]
    public void There_is_a_fixture_of_the_first_release() => Assert.Contains("0.1.0", Versions.Select(row => row.Data));

    [Fact]
    public void A_job_resumes_from_a_checkpoint_of_this_release()
    {
        using var temporary = new TemporaryFolder();
        Write(temporary.Path);
        Resume(temporary.Path);
        if (Environment.GetEnvironmentVariable("PENSTOCK_FIXTURE") is { Length: > 0 } version)
        {
            Write(Path.Combine(Folder, version));
        }
    }

    private static void Write(string folder)
    {
        using (var test = PipelineTest.For<FixturePipeline>(checkpoints: folder))
        {
            // The last checkpoint consists of a full file and two files of changes.
            var sent = 0;
            foreach (var end in (int[])[Before - 4, Before - 2, Before])
            {
                test.Send(nameof(FixturePipeline.Entries), Rows.AsSpan(sent, end - sent));
                test.Checkpoint();
                sent = end;
            }
        }

        File.Delete(Path.Combine(folder, "lock"));
        var lengths = Directory.GetFiles(folder, "*.state")
            .Order(StringComparer.Ordinal)
            .Select(file => new FileInfo(file).Length)
            .ToList();
        Assert.True(lengths is [var whole, var second, var third] && second + third < whole, string.Join(" ", lengths));
    }

    // Each start is another start of the same job, from the same checkpoint.
    private static void Resume(string folder)
    {
        foreach (var parallelism in (int[])[2, 1, 3])
        {
            using var test = PipelineTest.For<FixturePipeline>(options => options.Parallelism = parallelism, checkpoints: folder);
            test.Send(nameof(FixturePipeline.Entries), Rows.AsSpan(Before));
            Assert.Equal(ExpectedOfKeys(), test.Read<Told>(nameof(FixturePipeline.Keys))
                .GroupBy(told => told.Key)
                .ToDictionary(group => group.Key, group => group.Last().Text));
            test.End(nameof(FixturePipeline.Entries));
            Check(test.Read<Told>(nameof(FixturePipeline.Windows)));
        }
    }

    private static Dictionary<string, string> ExpectedOfKeys()
    {
        var expected = new Dictionary<string, string>();
        foreach (var rows in Rows.GroupBy(row => row.Key))
        {
            var items = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var names = new List<string>();
            foreach (var row in rows)
            {
                items[$"{row.Number % 5}"] = row.Number % 2 == 0 ? "//" : $"{row.Number}/é{row.Number}/{row.At.Minute}";
                if (names.Count > 5)
                {
                    names.Clear();
                }

                names.Add($"é{row.Number}");
            }

            var numbers = rows.Select(row => row.Number).ToList();
            var counts = numbers.GroupBy(number => number % 3)
                .OrderBy(group => group.Key)
                .Select(group => $"[{group.Key}, {group.Count()}]");
            expected[rows.Key] =
                $"{numbers.Count} {numbers.Sum()} é{numbers[^1]} {string.Join(",", numbers)} {string.Join(",", items.Select(pair => $"{pair.Key}:{pair.Value}"))} {string.Join(",", counts)} {names.Count} {names[0]} {numbers.Max()} {numbers.Count} 1";
        }

        return expected;
    }

    private static void Check(IReadOnlyList<Told> told)
    {
        var expected = new List<string>();
        foreach (var window in Rows.Where(row => row.At.Hour >= Before / 60).GroupBy(row => (row.Key, row.At.Hour)))
        {
            expected.Add(
                $"{window.Key.Key}: {window.Key.Hour} {window.Sum(row => row.Number)} {window.Select(row => row.Number % 4).Distinct().Count()}");
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), told
            .Select(row => $"{row.Key}: {row.Text[..row.Text.IndexOf(" of", StringComparison.Ordinal)]}")
            .Order(StringComparer.Ordinal));

        // When the last windows fire, all rows were added.
        foreach (var row in told.Where(row => row.Text.StartsWith("6 ", StringComparison.Ordinal)))
        {
            Assert.EndsWith(
                $" of {Rows.Where(other => other.Key == row.Key).Sum(other => other.Number)}",
                row.Text,
                StringComparison.Ordinal);
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("penstock-fixture").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
