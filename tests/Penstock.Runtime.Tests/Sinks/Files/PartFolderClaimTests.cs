using Penstock.Connectors;
using Penstock.Runtime.Tests.Formats;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sinks.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sinks.Files;

/// <summary>Part files belong to one job. Another job can neither delete them nor mix its own with them.</summary>
public sealed class PartFolderClaimTests
{
    private static readonly SinkOwner Ours = new("1", "Ours", "/checkpoints/ours");
    private static readonly SinkOwner Others = new("2", "Others", "/checkpoints/others");
    private static readonly SinkOwner InMemory = new("3", "Volatile", null);

    private readonly SimulatedFiles _files = new();

    [Fact]
    public async Task While_a_job_runs_no_other_writes_there()
    {
        using var first = Committer();
        await first.ClaimAsync(Ours, isKnown: false);
        Assert.Contains(
            "another pipeline that is running writes to '/out/names.csv' (pipeline 'Ours')",
            await RefusalAsync(Others),
            StringComparison.Ordinal);
        using var elsewhere = Committer("/out/more-names.csv");
        await elsewhere.ClaimAsync(Others, isKnown: false);
    }

    [Theory]
    [InlineData("/out/names-0-0000000001-0.csv")]
    [InlineData("/out/.names-0-0000000001-0.csv.tmp")]
    public async Task What_a_job_left_behind_is_its_own(string part)
    {
        await StartAndCrashAsync(Ours, part);
        Assert.Contains(
            "a job of pipeline 'Ours' with the checkpoints in '/checkpoints/ours'",
            await RefusalAsync(InMemory),
            StringComparison.Ordinal);
        Assert.Contains("another job: of pipeline 'Ours'", await RefusalAsync(Others), StringComparison.Ordinal);
        Assert.Contains("no checkpoint in that folder any more", await RefusalAsync(Ours with { Job = "9" }), StringComparison.Ordinal);
        Assert.Contains(part, _files.Files);
        await StartAndCrashAsync(Ours);
    }

    [Fact]
    public async Task A_place_without_output_is_free()
    {
        await StartAndCrashAsync(Ours);
        await StartAndCrashAsync(Others);
    }

    [Fact]
    public async Task What_nobody_can_commit_any_more_is_free_but_what_is_visible_is_not()
    {
        await StartAndCrashAsync(InMemory, "/out/.names-0-0000000001-0.csv.tmp");
        await StartAndCrashAsync(InMemory with { Job = "4" }, "/out/names-0-0000000001-0.csv");
        Assert.Contains(
            "No folder for checkpoints is configured",
            await RefusalAsync(InMemory with { Job = "5" }),
            StringComparison.Ordinal);
        Assert.Contains("which kept its checkpoints in memory", await RefusalAsync(Ours), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_job_leaves_only_its_output_and_still_knows_it()
    {
        using (var finished = Committer())
        {
            await finished.ClaimAsync(Ours, isKnown: false);
            SourceReading.Add(_files, "/out/names-0-0000000001-0.csv", []);
            await finished.ReleaseAsync();
        }

        Assert.Equal(["/out/names-0-0000000001-0.csv"], _files.Files);
        Assert.Contains(
            "no checkpoint in '/checkpoints/others' that accounts for them",
            await RefusalAsync(Others),
            StringComparison.Ordinal);
        Assert.Equal(["/out/names-0-0000000001-0.csv"], _files.Files);
        using var again = Committer();
        await again.ClaimAsync(Ours, isKnown: true);
    }

    [Fact]
    public async Task A_damaged_mark_is_an_error()
    {
        await StartAndCrashAsync(Ours);
        SourceReading.Add(_files, "/out/.names.csv.owner", [1, 2]);
        Assert.Contains("it is damaged", await RefusalAsync(Ours), StringComparison.Ordinal);
    }

    private ISinkCommitter Committer(string path = "/out/names.csv") =>
        new FileSink<OneText, Codecs.OneTextCsvWriter>(new FileSinkOptions(new FileSinkSettings(path), _files)).CreateCommitter();

    private async Task StartAndCrashAsync(SinkOwner owner, params string[] left)
    {
        using (var committer = Committer())
        {
            await committer.ClaimAsync(owner, isKnown: false);
        }

        _files.CutPower();
        foreach (var part in left)
        {
            SourceReading.Add(_files, part, []);
        }
    }

    private async Task<string> RefusalAsync(SinkOwner owner)
    {
        using var committer = Committer();
        return (await Assert.ThrowsAsync<PipelineException>(async () => await committer.ClaimAsync(owner, isKnown: false))).Message;
    }
}
