using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Penstock.Runtime.Tests.Tasks.Reading;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>
/// A file that cannot be read any further, and of which a checkpoint contains rows, is skipped: the job continues, and the rest of the
/// file can be read once later.
/// </summary>
public sealed partial class SkippedFileTests
{
    private const string Bad = "in/bad.csv.gz";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly int[] Values = [.. Enumerable.Range(0, 60_000)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_rest_of_a_file_that_is_cut_off_comes_once(bool polls)
    {
        var whole = "User,At,Value\n" + Rows(Values);
        var cut = Gzip(whole);
        cut = cut[..(cut.Length * 4 / 5)];
        using var logs = new CollectedLogs();
        var options = new PipelineOptions
        {
            BatchSize = 64,
            Sources = { ["Clicks"] = new SourceOptions { Path = "in", Poll = polls ? Interval : null, Rate = 5000 } }
        };
        using var harness = new StreamingHarness<CopyPipeline>(
            options,
            prepare: harness =>
            {
                Put(harness, Bad, cut);
                Put(harness, "in/z.csv", Encoding.UTF8.GetBytes("User,At,Value\n" + Rows([100_000])));
            },
            log: logs.CreateLogger("Test"));
        while (harness.RowsIn < 2000)
        {
            harness.AdvanceClock(Interval);
        }

        harness.Checkpoint();
        var before = Committed(harness).Where(static value => value < 100_000).ToList();
        Assert.InRange(before.Count, 1, 19_000);
        AssertCutOff(harness, () => Resume(harness, polls));

        // Replacing it by the whole file is not allowed, nor is a start without it.
        harness.Crash();
        Put(harness, Bad, Gzip(whole));
        Assert.Throws<SourceChangedException>(() => Restart(harness, polls));
        harness.Crash();
        Put(harness, Bad, cut);
        AssertCutOff(harness, () => Restart(harness, polls));

        // When it is skipped, the log says how far it was read, until a checkpoint contains this.
        options.Sources["Clicks"].SkipFiles = [Bad];
        var position = 0;
        for (var start = 0; start < 2; start++)
        {
            harness.Crash();
            var known = logs.Entries.Count;
            Restart(harness, polls);
            var message = Assert.Single(
                logs.Entries.Skip(known),
                static entry => entry.Level == LogLevel.Warning && entry.Text.Contains("is skipped", StringComparison.Ordinal)).Text;
            Assert.StartsWith(
                $"Source Clicks: '{Bad}' is skipped (Sources:Clicks:SkipFiles). Its rows up to byte ",
                message,
                StringComparison.Ordinal);
            position = int.Parse(Number().Match(message).Value, CultureInfo.InvariantCulture);
            Assert.Equal("User,At,Value\n" + Rows(before), whole[..position]);
            if (start == 0)
            {
                Put(harness, "in/rest.csv", Encoding.UTF8.GetBytes("User,At,Value\n" + whole[position..]));
            }
        }

        Resume(harness, polls);
        harness.Checkpoint();
        Assert.Equal([.. Values, 100_000], Committed(harness).Order());

        // The checkpoint contains it, so the option is not needed any more.
        options.Sources["Clicks"].SkipFiles = null;
        harness.Crash();
        Restart(harness, polls);
        harness.Checkpoint();
        Assert.Equal([.. Values, 100_000], Committed(harness).Order());
    }

    [Theory]
    [InlineData("./in/a.csv", false)]
    [InlineData("in/../in//a.csv", true)]
    [InlineData("", false)]
    [InlineData("", true)]
    public void Any_way_to_write_the_path_of_a_file_sets_it_aside(string path, bool polls)
    {
        path = path.Length == 0 ? Path.GetFullPath("in/a.csv") : path;
        Assert.Equal(
            ["Source Clicks: 'in/a.csv' is skipped (Sources:Clicks:SkipFiles). Its rows up to byte 0 of its content are in the output; the rest is not read."],
            WarningsOf([path], polls, out var values));
        Assert.Equal([3], values);
    }

    [Theory]
    [InlineData("in/A.csv", false)]
    [InlineData("in/A.csv", true)]
    [InlineData("nosuch.csv", false)]
    [InlineData("s3://in/a.csv", true)]
    public void A_path_that_matches_none_of_the_files_is_reported(string path, bool polls)
    {
        Assert.Equal(
            [$"Source Clicks: '{path}' in Sources:Clicks:SkipFiles is not one of its files and has no effect. Its files are: 'in/a.csv', 'in/b.csv'."],
            WarningsOf([path], polls, out var values));
        Assert.Equal([1, 2, 3], values);
    }

    [Fact]
    public void Of_many_files_the_first_few_are_named()
    {
        using var logs = new CollectedLogs();
        InputFile[] files = [.. Enumerable.Range(0, 9).Select(static i => new InputFile($"s3://in/{i}.csv", ""))];
        new SkippedFiles("Clicks", ["s3://in/4.csv", "s3://in//5.csv"], logs.CreateLogger("Test")).WarnOfOthers(files);
        new SkippedFiles("Clicks", ["s3://in/4.csv"], logs.CreateLogger("Test")).WarnOfOthers([]);
        Assert.Equal(
            [
                "Source Clicks: 's3://in//5.csv' in Sources:Clicks:SkipFiles is not one of its files and has no effect. Its files are: 's3://in/0.csv', 's3://in/1.csv', 's3://in/2.csv', 's3://in/3.csv', 's3://in/4.csv' and 4 more.",
                "Source Clicks: 's3://in/4.csv' in Sources:Clicks:SkipFiles is not one of its files and has no effect. Its files are: none yet.",
            ],
            logs.Entries.Select(static entry => entry.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_whose_header_is_wrong_is_set_aside_before_its_first_row(bool polls)
    {
        using var logs = new CollectedLogs();
        var options = new PipelineOptions
        {
            Sources = { ["Clicks"] = new SourceOptions { Path = "in", Poll = polls ? Interval : null, SkipFiles = ["in/a.csv"] } }
        };
        using var harness = new StreamingHarness<CopyPipeline>(
            options,
            prepare: harness =>
            {
                Put(harness, "in/a.csv", Encoding.UTF8.GetBytes("Nobody,Knows,This\n" + Rows([1, 2])));
                Put(harness, "in/b.csv", Encoding.UTF8.GetBytes("User,At,Value\n" + Rows([3])));
            },
            log: logs.CreateLogger("Test"));
        Resume(harness, polls);
        harness.Checkpoint();
        Assert.Equal([3], Committed(harness));
        Assert.Contains(
            "Its rows up to byte 0 of",
            Assert.Single(logs.Entries, static entry => entry.Text.Contains("is skipped", StringComparison.Ordinal)).Text,
            StringComparison.Ordinal);
    }

    private static List<string> WarningsOf(string[] paths, bool polls, out List<int> values)
    {
        using var logs = new CollectedLogs();
        var options = new PipelineOptions
        {
            Sources = { ["Clicks"] = new SourceOptions { Path = "in", Poll = polls ? Interval : null, SkipFiles = paths } }
        };
        using var harness = new StreamingHarness<CopyPipeline>(
            options,
            prepare: static harness =>
            {
                Put(harness, "in/a.csv", Encoding.UTF8.GetBytes("User,At,Value\n" + Rows([1, 2])));
                Put(harness, "in/b.csv", Encoding.UTF8.GetBytes("User,At,Value\n" + Rows([3])));
            },
            log: logs.CreateLogger("Test"));
        Resume(harness, polls);
        harness.Checkpoint();
        values = [.. Committed(harness).Order()];
        return [.. logs.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text)];
    }

    private static void AssertCutOff(StreamingHarness<CopyPipeline> harness, Action action)
    {
        var count = Committed(harness).Count();
        var error = Assert.Throws<PipelineException>(action);
        Assert.StartsWith(
            $"PSR305: {Bad}: the file is not valid gzip, or it is cut off (at byte ",
            error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "if a checkpoint has rows of it already, leave it as it is and skip it (Sources:<stream>:SkipFiles).",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(count, Committed(harness).Count());
    }

    private static void Restart(StreamingHarness<CopyPipeline> harness, bool polls)
    {
        harness.Start();
        Resume(harness, polls);
    }

    private static void Resume(StreamingHarness<CopyPipeline> harness, bool polls)
    {
        for (var second = 0; second < 20; second++)
        {
            if (polls)
            {
                harness.Poll(Interval);
            }
            else
            {
                harness.AdvanceClock(Interval);
            }
        }
    }

    private static IEnumerable<int> Committed(StreamingHarness<CopyPipeline> harness) =>
        harness.Committed<Click>(nameof(CopyPipeline.Clicks)).Select(static row => row.Value);

    private static string Rows(IEnumerable<int> values) =>
        string.Concat(
            values.Select(static value => string.Create(CultureInfo.InvariantCulture, $"u{value % 5},2001-01-01T12:00:00Z,{value}\n")));

    private static byte[] Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    private static void Put(StreamingHarness<CopyPipeline> harness, string path, byte[] content)
    {
        using (var file = harness.Files.Create("in/.new"))
        {
            file.Append(content);
        }

        harness.Files.Rename("in/.new", path);
    }

    [GeneratedRegex("(?<=up to byte )[0-9]+")]
    private static partial Regex Number();
}
