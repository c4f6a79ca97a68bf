using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Testing.Simulation;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Checkpoints.Contents;

/// <summary>Checkpoints with only the changes: together they contain the whole state, and no unneeded file is kept.</summary>
public class IncrementalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Hundreds_of_checkpoints_with_crashes_between_them_leave_the_answer_and_no_orphans(int parallelism)
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 1_500);
        for (var round = 0; round < 12; round++)
        {
            await job.RunAndCrashAsync(checkpoints: 25, round % 3 == 2 ? 3 - parallelism : parallelism);
            AssertNoOrphans(job);
            files.CutPower();
        }

        await new LedgerJob(files).RunAsync(parallelism);
        job.AssertAnswer();
        AssertNoOrphans(job);
    }

    [Fact]
    public async Task A_checkpoint_after_few_changes_is_small_and_builds_on_those_before()
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 1_500);
        await job.RunAndCrashAsync(checkpoints: 6);
        using var store = job.OpenStore();
        var manifests = store.List().Select(id => store.ReadVerified(id)!).ToList();
        Assert.Contains(manifests, manifest => manifest.Files.Count > 1);
        Assert.All(
            manifests,
            manifest => Assert.All(
                manifest.State,
                subtask => Assert.Equal(Enumerable.Range(0, manifest.Files.Count), subtask.Pieces.Select(piece => piece.File))));
        Assert.All(manifests, manifest => Assert.Equal(CheckpointNames.State(manifest.Id), manifest.Files[^1].Name));
    }

    [Fact]
    public async Task State_moves_to_any_parallelism_and_back()
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 4_000);
        foreach (var parallelism in (int[])[1, 2, 4, 3, 1])
        {
            await job.RunAndCrashAsync(checkpoints: 8, parallelism);
        }

        await job.RunAsync();
        job.AssertAnswer();
    }

    [Fact]
    public async Task A_job_keeps_its_secret_and_another_job_has_another_one()
    {
        var secrets = new List<ulong?>();
        foreach (var files in (SimulatedFiles[])[PowerCutTests.Prepared(), PowerCutTests.Prepared()])
        {
            for (var round = 0; round < 3; round++)
            {
                var job = new LedgerJob(files, rate: 4_000);
                await job.RunAndCrashAsync(checkpoints: 2);
                using var store = job.OpenStore();
                secrets.Add(store.ReadVerified(store.List()[0])!.Secret);
            }
        }

        Assert.DoesNotContain(null, secrets);
        Assert.Single(secrets.Take(3).Distinct());
        Assert.Single(secrets.Skip(3).Distinct());
        Assert.NotEqual(secrets[0], secrets[3]);
    }

    private static void AssertNoOrphans(LedgerJob job)
    {
        using var store = job.OpenStore();
        var kept = store.List();
        Assert.InRange(kept.Count, 1, 3);
        var expected = kept.Select(id => $"{id:D10}.manifest")
            .Concat(kept.SelectMany(id => store.ReadVerified(id)!.Files).Select(file => file.Name).Distinct());
        Assert.Equal(
            expected.Append("job").Order(StringComparer.Ordinal),
            job.CheckpointFiles.Select(path => Path.GetFileName(path)).Where(name => name != "lock").Order(StringComparer.Ordinal));
        Assert.InRange(kept.Select(id => store.ReadVerified(id)!.Files.Count).Max(), 1, 10);
    }
}

/// <summary>For any change to the files of a checkpoint, a restore detects it before it reads any state.</summary>
public class DamageTests
{
    [Fact]
    public async Task Flipped_bytes_and_truncations_are_noticed_wherever_they_are()
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 1_500);
        await job.RunAndCrashAsync(checkpoints: 4);
        using var store = job.OpenStore();
        var newest = store.List()[0];
        var intact = ManifestFile.Serialize(store.ReadVerified(newest)!);

        // The number has no common divisor with 8, so every bit has its turn.
        var step = Thoroughness.Times(1, brief: 7);
        foreach (var name in store.ReadVerified(newest)!.Files.Select(file => file.Name).Append($"{newest:D10}.manifest"))
        {
            var path = "/checkpoints/" + name;
            var bytes = files.ReadAllBytes(path);
            for (var position = 0; position < bytes.Length; position += step)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[position] ^= (byte)(1 << (position % 8));
                AssertNoticed(damaged, path);
                AssertNoticed(bytes[..position], path);
            }

            files.Delete(path);
            Assert.ThrowsAny<Exception>(() => store.ReadVerified(newest));
            SourceReading.Add(files, path, bytes);
        }

        Assert.Equal(intact, ManifestFile.Serialize(store.ReadVerified(newest)!));

        void AssertNoticed(byte[] damaged, string path)
        {
            SourceReading.Add(files, path, damaged);
            try
            {
                // The checksum does not cover the line before the manifest, which may still be valid.
                Assert.Equal(intact, ManifestFile.Serialize(store.ReadVerified(newest)!));
                Assert.EndsWith(".manifest", path, StringComparison.Ordinal);
            }
            catch (PipelineException error)
            {
                Assert.Contains(Path.GetFileNameWithoutExtension(path), error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Files_of_another_job_are_noticed()
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 1_500);
        await job.RunAndCrashAsync(checkpoints: 4);
        var otherFiles = PowerCutTests.Prepared();
        var other = new LedgerJob(otherFiles, rate: 2_500);
        await other.RunAndCrashAsync(checkpoints: 4);
        using var store = job.OpenStore();
        var newest = store.List()[0];
        foreach (var file in store.ReadVerified(newest)!.Files)
        {
            var path = $"/checkpoints/{file.Name}";
            var own = files.ReadAllBytes(path);
            if (otherFiles.FileExists(path) && !own.AsSpan().SequenceEqual(otherFiles.ReadAllBytes(path)))
            {
                SourceReading.Add(files, path, otherFiles.ReadAllBytes(path));
                Assert.Throws<DamagedCheckpointException>(() => store.ReadVerified(newest));
                SourceReading.Add(files, path, own);
            }
        }
    }
}
