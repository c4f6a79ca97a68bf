using Penstock.Runtime.Tests.Checkpoints.Manifests;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sinks.Files;
using Penstock.Testing.Simulation;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>
/// A job that starts again with damaged checkpoints gives the correct output, or reports the problem and changes nothing.
/// </summary>
public sealed class JobDamageTests(ITestOutputHelper output)
{
    private static readonly int PositionsPerFile = Thoroughness.Times(25, brief: 8);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Flipped_truncated_and_removed_files_never_give_a_wrong_answer(int parallelism)
    {
        var sound = await CrashedAsync(rate: 2_000, parallelism);
        var (right, refused) = (0, 0);
        foreach (var (path, bytes) in sound.Where(file => IsCheckpoint(file.Key)))
        {
            var step = Math.Max(1, bytes.Length / PositionsPerFile);
            for (var at = bytes.Length / 2 % step; at < bytes.Length; at += step)
            {
                byte[] flipped = [.. bytes];
                flipped[at] ^= (byte)(1 << (at % 8));
                await TryAsync(path, flipped);
                await TryAsync(path, bytes[..at]);
            }

            await TryAsync(path, null);
        }

        output.WriteLine($"{right} right answers, {refused} refusals");
        Assert.True(right > 0);

        async Task TryAsync(string path, byte[]? damaged)
        {
            if (await IsRightAsync(With(sound, path, damaged)))
            {
                right++;
            }
            else
            {
                refused++;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Output_of_the_newest_checkpoint_that_was_cut_or_has_grown_is_refused_with_both_lengths(int parallelism)
    {
        // Its only checkpoint is that at the end, with all rows.
        var finished = PowerCutTests.Prepared(rows: 400);
        await new LedgerJob(finished) { Interval = TimeSpan.FromHours(1) }.RunAsync(parallelism);
        finished.CutPower();
        var sound = finished.Files.ToDictionary(path => path, finished.ReadAllBytes);
        var parts = PartsOfNewestCheckpoint(sound);
        Assert.NotEmpty(parts);
        foreach (var (path, length) in parts)
        {
            byte[][] damages = [sound[path][..(sound[path].Length / 2)], sound[path][..^1], [], [.. sound[path], (byte)'\n']];
            foreach (var damaged in damages)
            {
                var error = await RefusalAsync(With(sound, path, damaged));
                Assert.Contains($"'{path}' has {damaged.Length} bytes", error, StringComparison.Ordinal);
                Assert.Contains($"was taken when it had {length}.", error, StringComparison.Ordinal);
            }
        }

        Assert.True(await IsRightAsync(sound));
    }

    [Fact]
    public async Task Files_of_another_job_never_give_a_wrong_answer()
    {
        var sound = await CrashedAsync(rate: 2_000, parallelism: 1);
        var other = await CrashedAsync(rate: 3_000, parallelism: 1);
        foreach (var path in sound.Keys.Where(IsCheckpoint).Intersect(other.Keys))
        {
            await IsRightAsync(With(sound, path, other[path]));
        }

        // All of these files together are intact, but belong to another job than the output.
        var exchanged = sound.Where(file => !IsCheckpoint(file.Key)).Concat(other.Where(file => IsCheckpoint(file.Key))).ToDictionary();
        Assert.False(await IsRightAsync(exchanged));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_manifest_that_says_something_else_of_its_state_never_gives_a_wrong_answer(int parallelism)
    {
        var sound = await CrashedAsync(rate: 2_000, parallelism);
        var newest = sound.Keys.Where(static path => path.EndsWith(".manifest", StringComparison.Ordinal)).Max(StringComparer.Ordinal)!;

        // Only this one: an older one must not be used instead.
        foreach (var older in sound.Keys.Where(path => path.EndsWith(".manifest", StringComparison.Ordinal) && path != newest).ToList())
        {
            sound.Remove(older);
        }

        Assert.True(await IsRightAsync(sound));
        var refused = 0;
        foreach (var (change, bytes) in ForgedManifest.Of(sound[newest]))
        {
            output.WriteLine(change);
            refused += await IsRightAsync(With(sound, newest, bytes)) ? 0 : 1;
        }

        Assert.True(refused > 0);
    }

    private static List<(string Path, long Length)> PartsOfNewestCheckpoint(Dictionary<string, byte[]> files)
    {
        using var store = new LedgerJob(Of(files)).OpenStore();
        return [.. store.Read(store.List()[0])!.Sinks.SelectMany(sink => sink.Prepared.SelectMany(prepared => PreparedParts.Read(prepared))
            .Select(part => (Path.Combine(Path.GetDirectoryName(sink.Place)!, part.Name), part.Length))
            .Where(part => files.ContainsKey(part.Item1)))];
    }

    private static async Task<string> RefusalAsync(Dictionary<string, byte[]> content)
    {
        var files = Of(content);
        var error = await Assert.ThrowsAsync<PipelineException>(() => new LedgerJob(files).RunAsync().WaitAsync(Timeout));
        foreach (var (path, bytes) in content.Where(file => !IsCheckpoint(file.Key)))
        {
            Assert.Equal(bytes, files.ReadAllBytes(path));
        }

        return error.Message;
    }

    private static SimulatedFiles Of(Dictionary<string, byte[]> content)
    {
        var files = new SimulatedFiles();
        foreach (var (path, bytes) in content)
        {
            files.CreateDirectory(Path.GetDirectoryName(path)!);
            SourceReading.Add(files, path, bytes);
        }

        return files;
    }

    private static bool IsCheckpoint(string path) =>
        path.StartsWith("/checkpoints/", StringComparison.Ordinal) && !path.EndsWith("/lock", StringComparison.Ordinal);

    private static async Task<Dictionary<string, byte[]>> CrashedAsync(double rate, int parallelism)
    {
        var files = PowerCutTests.Prepared(rows: 400);
        var job = new LedgerJob(files, rate);

        // Before the first rows are visible, no job owns the output.
        do
        {
            await job.RunAndCrashAsync(checkpoints: 5, parallelism);
        }
        while (job.Rows("/ledger").Length == 0);

        files.CutPower();
        return files.Files.ToDictionary(path => path, files.ReadAllBytes);
    }

    private static Dictionary<string, byte[]> With(Dictionary<string, byte[]> files, string path, byte[]? content)
    {
        var changed = new Dictionary<string, byte[]>(files);
        changed.Remove(path);
        if (content != null)
        {
            changed.Add(path, content);
        }

        return changed;
    }

    // False if the start was refused with a message, and nothing else has happened.
    private static async Task<bool> IsRightAsync(Dictionary<string, byte[]> content)
    {
        var files = Of(content);
        var job = new LedgerJob(files);
        var (ledger, windows) = (job.Rows("/ledger"), job.Rows("/out"));
        try
        {
            await job.RunAsync().WaitAsync(Timeout);
        }
        catch (PipelineException error)
        {
            Assert.Contains("checkpoint", error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(ledger, job.Rows("/ledger"));
            Assert.Equal(windows, job.Rows("/out"));
            return false;
        }

        job.AssertAnswer();
        return true;
    }
}
