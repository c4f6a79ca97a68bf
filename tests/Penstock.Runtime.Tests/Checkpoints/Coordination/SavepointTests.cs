using System.Collections.Concurrent;
using System.Globalization;
using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Checkpoints.Coordination;

/// <summary>Savepoints: taken from a running job, copied, and started from.</summary>
public class SavepointTests
{
    // So slow that no job ends too early. A job that should end continues at full speed.
    private const double Slow = 400;

    private readonly SimulatedFiles _files = PowerCutTests.Prepared();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task A_job_starts_from_a_savepoint_while_the_first_one_continues(int parallelism, int afterwards)
    {
        var job = new LedgerJob(_files, rate: Slow);
        var runner = job.Runner(parallelism);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        var savepoint = await TakeAsync(runner, running);
        await stop.CancelAsync();
        await running;
        var rows = (await new LedgerJob(_files).RunAsync(parallelism)).Rows;
        job.AssertAnswer();

        // From any copy, and without any other file of the first job.
        Move(savepoint.Location, "/elsewhere/copy");
        Delete("/checkpoints");
        var copy = new LedgerJob(_files, job: "/second", output: "/second") { StartFrom = "/elsewhere/copy" };
        var status = await copy.RunAsync(afterwards);
        Assert.Equal((PipelineState.Finished, rows), (status.State, status.Rows));
        Assert.InRange(status.RowsRestored, 1, status.Rows - 1);

        // The output of the second job, after the output of the first one up to the savepoint, is the complete output.
        CopyParts("/ledger", "/second/ledger", savepoint.Checkpoint);
        CopyParts("/out", "/second/out", savepoint.Checkpoint);
        copy.AssertAnswer();
        Assert.DoesNotContain(
            _files.Files,
            path => path.StartsWith("/second/", StringComparison.Ordinal) && path.EndsWith(".owner", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_stop_with_a_savepoint_the_job_resumes_from_it_or_from_its_checkpoint()
    {
        var runner = new LedgerJob(_files, rate: Slow).Runner();
        var running = runner.RunAsync(CancellationToken.None);
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);
        var savepoint = await runner.SavepointAsync(CheckpointMode.StopWithSavepoint, null);
        await running;
        var status = runner.Status();
        Assert.Equal((PipelineState.Stopped, savepoint.Checkpoint), (status.State, status.LastCheckpoint!.Id));
        Assert.StartsWith("/savepoints/Ledger-", savepoint.Location, StringComparison.Ordinal);

        var job = new LedgerJob(_files);
        Assert.Equal(status.Rows, (await job.RunAsync()).RowsRestored);
        job.AssertAnswer();
        var error = Assert.Throws<PipelineException>(() => { _ = runner.SavepointAsync(CheckpointMode.Savepoint, null); });
        Assert.Contains("its state is Stopped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_begins_with_a_savepoint_takes_the_output_over_and_the_former_one_is_refused_for_good()
    {
        var (savepoint, later) = await StopBehindSavepointAsync();
        var second = new LedgerJob(_files, rate: Slow, job: "/second") { StartFrom = savepoint };
        await second.RunAndCrashAsync(checkpoints: 5);
        await RefusedAsync(new LedgerJob(_files), "another job");

        // The job resumes from its own checkpoints, with or without the savepoint.
        await second.RunAndCrashAsync(checkpoints: 5);
        Delete(savepoint);
        await second.RunAndCrashAsync(checkpoints: 5);
        await new LedgerJob(_files, job: "/second").RunAsync();
        second.AssertAnswer();

        await RefusedAsync(new LedgerJob(_files), "another job");
        await RefusedAsync(new LedgerJob(_files, job: "/third") { StartFrom = later }, "another job");
        second.AssertAnswer();
    }

    [Fact]
    public async Task A_roll_out_can_be_rolled_back_to_the_savepoint_before_it()
    {
        var (savepoint, _) = await StopBehindSavepointAsync();
        await new LedgerJob(_files, rate: Slow, job: "/second") { StartFrom = savepoint }.RunAndCrashAsync(checkpoints: 5);
        var back = new LedgerJob(_files, rate: Slow, job: "/third") { StartFrom = savepoint };
        await back.RunAndCrashAsync(checkpoints: 5);
        await RefusedAsync(new LedgerJob(_files, job: "/second"), "another job");
        await new LedgerJob(_files, job: "/third").RunAsync(parallelism: 2);
        back.AssertAnswer();
        await RefusedAsync(new LedgerJob(_files, job: "/second"), "another job");
    }

    [Fact]
    public async Task Drained_every_window_has_fired_and_rows_that_come_later_open_them_anew()
    {
        var runner = new LedgerJob(_files, rate: Slow).Runner(2);
        var running = runner.RunAsync(CancellationToken.None);
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);
        await runner.SavepointAsync(CheckpointMode.Drain, "/drained");
        await running;
        Assert.Equal(PipelineState.Stopped, runner.Status().State);
        var job = new LedgerJob(_files);
        Assert.Equal(runner.Status().Rows, Clicks(job) + runner.Status().Late);

        var status = await job.RunAsync();
        Assert.Equal(PipelineState.Finished, status.State);
        Assert.Equal(status.Rows, Clicks(job) + status.Late);
        Assert.Equal(0, status.Late);
    }

    [Fact]
    public async Task A_savepoint_that_cannot_be_written_leaves_the_pipeline_alone()
    {
        var job = new LedgerJob(_files, rate: Slow);
        var runner = job.Runner();
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        var savepoint = await TakeAsync(runner, running);
        var again = await Assert.ThrowsAsync<PipelineException>(() => runner.SavepointAsync(CheckpointMode.Savepoint, savepoint.Location));
        Assert.Contains("has a savepoint already", again.Message, StringComparison.Ordinal);

        _files.Before = (operation, path) =>
        {
            if (path.StartsWith("/full/", StringComparison.Ordinal))
            {
                throw new IOException("No space left on device");
            }
        };
        var full = await Assert.ThrowsAsync<PipelineException>(() => runner.SavepointAsync(CheckpointMode.StopWithSavepoint, "/full/disk"));
        Assert.Contains("the folder of the savepoint '/full/disk': No space left on device", full.Message, StringComparison.Ordinal);
        var place = await Assert.ThrowsAsync<PipelineException>(() => runner.SavepointAsync(CheckpointMode.Savepoint, "tape://7/x"));
        Assert.Contains("no provider is registered", place.Message, StringComparison.Ordinal);

        // The job continues, even after the savepoint at which it should stop.
        var rows = runner.Status().Rows;
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > rows);
        await stop.CancelAsync();
        await running;
        await new LedgerJob(_files).RunAsync();
        job.AssertAnswer();
    }

    [Theory]
    [InlineData(null, "No path for the savepoint")]
    [InlineData("/taken", "has a savepoint already")]
    [InlineData("/full/disk", "No space left on device")]
    public async Task A_drain_to_a_place_that_cannot_be_used_fires_nothing(string? path, string problem)
    {
        var job = new LedgerJob(_files, rate: Slow) { Savepoints = path == null ? null : "/savepoints" };
        var runner = job.Runner(2);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);
        await runner.SavepointAsync(CheckpointMode.Savepoint, "/taken");
        _files.Before = (operation, changed) =>
        {
            if (changed.StartsWith("/full/", StringComparison.Ordinal) && operation == "append")
            {
                throw new IOException("No space left on device");
            }
        };
        var error = await Assert.ThrowsAsync<PipelineException>(() => runner.SavepointAsync(CheckpointMode.Drain, path));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);

        // A window that fired early would fire again for the rows that come later.
        var rows = runner.Status().Rows;
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > rows);
        await stop.CancelAsync();
        await running;
        Assert.Equal(0, runner.Status().Restarts);
        await new LedgerJob(_files).RunAsync();
        job.AssertAnswer();
    }

    [Fact]
    public void Opening_a_place_leaves_the_state_that_another_savepoint_is_writing_there()
    {
        var storage = new FolderStorage(_files, "/place", "Ledger", isLocked: false);
        storage.Open();
        using (var state = storage.Create("savepoint.state"))
        {
            state.Append([1, 2, 3]);
            state.Sync();
        }

        using var place = new SavepointPlace(new FolderStorage(_files, "/place", "Ledger", isLocked: false), Guid.NewGuid);
        place.Open();
        Assert.Equal(["savepoint.state"], storage.List());
        using var left = storage.OpenRead("savepoint.state");
        Assert.Equal(3, left.Length);
    }

    [Fact]
    public async Task A_job_that_continues_after_a_failed_savepoint_has_run_before()
    {
        var attempts = new ConcurrentQueue<bool>();
        var runner = new LedgerJob(_files, rate: Slow)
        {
            HasTwoNodes = true,
            Joining = environment => attempts.Enqueue(environment.IsRestart)
        }.Runner(parallelism: 2);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);

        // The place can be written when it is opened, and not when the state of the other node follows.
        _files.Before = (operation, path) =>
        {
            if (path.EndsWith("savepoint-1.state", StringComparison.Ordinal))
            {
                throw new IOException("No space left on device");
            }
        };
        await Assert.ThrowsAsync<PipelineException>(() => runner.SavepointAsync(CheckpointMode.StopWithSavepoint, "/full/disk"));
        await PipelineWaiting.UntilAsync(running, () => attempts.Count == 2);
        await stop.CancelAsync();
        await running;
        Assert.Equal([false, true], attempts);
        Assert.Equal(0, runner.Status().Restarts);
    }

    [Fact]
    public async Task A_savepoint_place_that_does_not_answer_delays_nothing()
    {
        using var answers = new ManualResetEventSlim();
        _files.Before = (operation, path) =>
        {
            if (path.StartsWith("/slow/", StringComparison.Ordinal))
            {
                answers.Wait();
            }
        };
        var job = new LedgerJob(_files, rate: Slow);
        var runner = job.Runner();
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);
        var slow = runner.SavepointAsync(CheckpointMode.Savepoint, "/slow/one");
        var next = runner.SavepointAsync(CheckpointMode.Savepoint, "/slow/two");

        // More checkpoints than are retained.
        var checkpoint = runner.Status().LastCheckpoint?.Id ?? 0;
        await PipelineWaiting.UntilAsync(running, () => runner.Status().LastCheckpoint?.Id > checkpoint + 10);
        Assert.False(slow.IsCompleted);
        answers.Set();
        Assert.True((await slow).Checkpoint < (await next).Checkpoint);
        answers.Reset();
        var late = runner.SavepointAsync(CheckpointMode.StopWithSavepoint, "/slow/three");
        await stop.CancelAsync();
        await running;

        // Canceled in progress, or before its start.
        await Assert.ThrowsAsync<PipelineException>(() => late);
        answers.Set();

        await new LedgerJob(_files).RunAsync();
        job.AssertAnswer();
        await new LedgerJob(_files, job: "/second", output: "/second") { StartFrom = "/slow/one" }.RunAsync();
    }

    [Fact]
    public async Task Every_byte_of_a_savepoint_counts()
    {
        var (savepoint, _) = await StopBehindSavepointAsync();
        var sound = _files.Files
            .Where(path => path.StartsWith(savepoint, StringComparison.Ordinal))
            .ToDictionary(path => path, _files.ReadAllBytes);
        Assert.Equal(["savepoint.manifest", "savepoint.state"], sound.Keys.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (path, bytes) in sound)
        {
            var step = Math.Max(1, bytes.Length / 150);
            for (var at = 0; at < bytes.Length; at += step)
            {
                byte[] flipped = [.. bytes];
                flipped[at] ^= 0x10;
                Write(path, flipped);
                await RefusedAsync(
                    new LedgerJob(_files, job: $"/flipped{at}", output: "/flipped") { StartFrom = savepoint },
                    savepoint);
                Write(path, bytes[..at]);
                await RefusedAsync(new LedgerJob(_files, job: $"/cut{at}", output: "/flipped") { StartFrom = savepoint }, savepoint);
            }

            _files.Delete(path);
            await RefusedAsync(new LedgerJob(_files, job: "/missing", output: "/flipped") { StartFrom = savepoint }, savepoint);
            Write(path, bytes);
        }

        Assert.DoesNotContain(_files.Files, path => path.StartsWith("/flipped/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checkpoints_that_began_otherwise_are_not_passed_over()
    {
        var (savepoint, later) = await StopBehindSavepointAsync();
        await RefusedAsync(new LedgerJob(_files) { StartFrom = savepoint }, "did not begin with a savepoint");
        var second = new LedgerJob(_files, rate: Slow, job: "/second", output: "/second") { StartFrom = savepoint };
        await second.RunAndCrashAsync(checkpoints: 3);
        await RefusedAsync(
            new LedgerJob(_files, job: "/second", output: "/second") { StartFrom = later },
            "began with another savepoint");

        // A copy of the savepoint is the same savepoint.
        Move(savepoint, "/moved");
        await new LedgerJob(_files, job: "/second", output: "/second") { StartFrom = "/moved" }.RunAsync();
        await RefusedAsync(new LedgerJob(_files, job: "/third") { StartFrom = "/nowhere" }, "There is no savepoint in '/nowhere'");
    }

    [Fact]
    public async Task Whoever_waits_for_a_savepoint_of_a_pipeline_that_ends_learns_it()
    {
        var runner = new LedgerJob(_files, rate: Slow).Runner();
        var early = runner.SavepointAsync(CheckpointMode.Savepoint, null);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        Assert.NotNull(await early);
        await stop.CancelAsync();
        await running;
        Assert.Contains(
            "takes no savepoint",
            Assert.Throws<PipelineException>(() => { _ = runner.SavepointAsync(CheckpointMode.Savepoint, null); }).Message,
            StringComparison.Ordinal);
    }

    // A savepoint in the middle of a job, further rows, and another savepoint at which the job stops.
    private async Task<(string Savepoint, string Later)> StopBehindSavepointAsync()
    {
        var runner = new LedgerJob(_files, rate: Slow).Runner();
        var running = runner.RunAsync(CancellationToken.None);
        var savepoint = await TakeAsync(runner, running);
        var rows = runner.Status().Rows;
        await PipelineWaiting.UntilAsync(
            running,
            () => runner.Status().Rows > rows + 20 && runner.Status().LastCheckpoint!.Id > savepoint.Checkpoint + 3);
        var later = await runner.SavepointAsync(CheckpointMode.StopWithSavepoint, null);
        await running;
        return (savepoint.Location, later.Location);
    }

    private static async Task<Savepoint> TakeAsync(PipelineRunner runner, Task running)
    {
        await PipelineWaiting.UntilAsync(running, () => runner.Status().Rows > 60);
        return await runner.SavepointAsync(CheckpointMode.Savepoint, null);
    }

    private static async Task RefusedAsync(LedgerJob job, string reason)
    {
        var error = await Assert.ThrowsAnyAsync<PipelineException>(() => job.RunAsync());
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static long Clicks(LedgerJob job) =>
        job.Rows("/out").Sum(row => long.Parse(row.Split(',')[2], CultureInfo.InvariantCulture));

    private void CopyParts(string from, string to, long upTo)
    {
        foreach (var path in _files.Files.Where(path => path.StartsWith(from + "/", StringComparison.Ordinal)).ToList())
        {
            var parts = Path.GetFileNameWithoutExtension(path).Split('-');
            if (parts.Length == 4 && long.Parse(parts[1], CultureInfo.InvariantCulture) <= upTo)
            {
                Write($"{to}/first-{Path.GetFileName(path)}", _files.ReadAllBytes(path));
            }
        }
    }

    private void Move(string from, string to)
    {
        _files.CreateDirectory(to);
        foreach (var path in _files.List(from))
        {
            _files.Rename(path, Path.Combine(to, Path.GetFileName(path)));
        }
    }

    private void Delete(string folder)
    {
        foreach (var path in _files.List(folder))
        {
            _files.Delete(path);
        }
    }

    private void Write(string path, byte[] content)
    {
        using var file = _files.Create(path);
        file.Append(content);
        file.Sync();
    }
}
