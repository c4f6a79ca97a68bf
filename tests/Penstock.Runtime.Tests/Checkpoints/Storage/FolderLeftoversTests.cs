using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Checkpoints.Storage;

/// <summary>A checkpoint folder deletes the leftovers of failed or killed checkpoints as soon as it can, and nothing else.</summary>
public sealed class FolderLeftoversTests
{
    private const int NoSpaceLeft = 28;

    private static readonly string[] Ours = ["0000000012.manifest.tmp", "9999999999.manifest.tmp", "12345678901.manifest.tmp", "job.tmp"];

    private static readonly string[] Foreign =
    [
        ".delays-0-0000000012-0.csv.tmp", ".0000000012.manifest.tmp", ".job.tmp", ".tmp", "12.manifest.tmp", "00000000012.manifest.tmp",
        "0000000012.csv.tmp",
        "0000000012.tmp", "jobs.tmp", "my.job.tmp", "upload.tmp", "savepoint.manifest.tmp", "lock.tmp",
    ];

    [Fact]
    public void Opening_deletes_temporary_files_of_its_own_and_no_others()
    {
        var files = With([.. Ours, .. Foreign]);
        using var storage = Storage(files);
        storage.Open();
        Assert.Equal(Foreign.Order(StringComparer.Ordinal), storage.List().Where(name => name != "lock").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Opening_a_folder_that_another_process_has_deletes_nothing()
    {
        var files = With(Ours);
        using var fileLock = files.TryLock("/checkpoints/lock");
        using var storage = Storage(files);
        Assert.Throws<PipelineException>(storage.Open);
        Assert.Equal(Ours.Order(StringComparer.Ordinal), storage.List());
    }

    [Fact]
    public void A_folder_that_cannot_be_cleared_is_explained_and_left_to_the_next_start()
    {
        var files = With(Ours);
        files.Before = static (operation, _) =>
        {
            if (operation == "delete")
            {
                throw new IOException("Input/output error");
            }
        };
        var error = Assert.Throws<PipelineException>(() => new CheckpointStore(Storage(files), Guid.NewGuid));
        Assert.StartsWith(
            "PSR605: Pipeline 'Test' cannot use the checkpoint folder '/checkpoints': Input/output error Let this process",
            error.Message,
            StringComparison.Ordinal);

        files.Before = null;
        using var again = new CheckpointStore(Storage(files), Guid.NewGuid);
        Assert.Empty(again.Storage.List());
    }

    [Fact]
    public void Opening_the_place_of_a_savepoint_deletes_nothing()
    {
        var files = With([.. Ours, .. Foreign]);
        using var storage = Storage(files, isLocked: false);
        storage.Open();
        Assert.Equal(Ours.Concat(Foreign).Order(StringComparer.Ordinal), storage.List());
    }

    [Fact]
    public async Task Collecting_leaves_files_with_other_names()
    {
        string[] foreign = [
            "1.state",
            "000000001.state",
            "customers.state",
            "0000000001.state.bak",
            "1.manifest",
            "app.manifest",
            ".delays-0-0000000001-0.csv.tmp",
            "readme.txt"
        ];
        var files = PowerCutTests.Prepared();
        files.CreateDurableDirectory("/checkpoints");
        foreach (var name in foreign)
        {
            SourceReading.Add(files, "/checkpoints/" + name, [1]);
        }

        var job = new LedgerJob(files, rate: 1_500);
        await job.RunAndCrashAsync(checkpoints: 6);
        Assert.Equal(
            foreign.Order(StringComparer.Ordinal),
            files.Files.Where(path => foreign.Contains(path["/checkpoints/".Length..])).Select(path => Path.GetFileName(path)));
        await job.RunAsync();
        job.AssertAnswer();
    }

    [Theory]
    [InlineData("append")]
    [InlineData("sync")]
    public void A_file_that_cannot_be_written_is_gone(string operation)
    {
        var files = With([]);
        using var storage = Storage(files);
        storage.Open();
        files.Before = (called, path) =>
        {
            if (called == operation && path != "/checkpoints/lock" && files.ReadAllBytes(path).Length > 0)
            {
                throw new IOException("No space left on device", NoSpaceLeft);
            }
        };
        Assert.Throws<IOException>(() =>
        {
            using var file = storage.Create("0000000001.state");
            file.Append([1, 2, 3]);
            file.Append([4, 5, 6]);
            file.Sync();
        });
        if (operation == "sync")
        {
            Assert.Throws<IOException>(() => storage.TryPublish("0000000001.manifest", [1, 2, 3]));
        }

        Assert.DoesNotContain(storage.List(), name => name.StartsWith('0'));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("append")]
    [InlineData("sync")]
    [InlineData("rename")]
    public void A_temporary_file_that_cannot_be_deleted_goes_with_the_next_one(string operation)
    {
        var files = With([]);
        using var storage = Storage(files);
        storage.Open();
        Fail(operation, "delete");
        Assert.Throws<IOException>(() => storage.TryPublish("0000000001.manifest", [1, 2, 3]));
        Fail("delete");
        Assert.True(storage.TryPublish("0000000002.manifest", [1, 2, 3]));
        (files.Before, files.After) = (null, null);
        Assert.Contains("0000000001.manifest.tmp", storage.List());
        Assert.True(storage.TryPublish("0000000003.manifest", [1, 2, 3]));
        Assert.Equal(["0000000002.manifest", "0000000003.manifest"], storage.List().Where(static name => name.StartsWith('0')));

        // The first operations take effect nevertheless, but deletions do not.
        void Fail(params string[] operations)
        {
            files.After = (called, path) => ThrowIfOne(called != "delete" && called != "rename" && operations.Contains(called), path);
            files.Before = (called, path) => ThrowIfOne(called is "delete" or "rename" && operations.Contains(called), path);
        }

        static void ThrowIfOne(bool isOne, string path)
        {
            if (isOne && path.StartsWith("/checkpoints/0", StringComparison.Ordinal))
            {
                throw new IOException("No space left on device", NoSpaceLeft);
            }
        }
    }

    [Theory]
    [InlineData("append")]
    [InlineData("sync")]
    [InlineData("create manifest")]
    [InlineData("rename")]
    public async Task On_a_disk_that_was_full_each_checkpoint_begins_without_the_files_of_those_that_failed(string fails)
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 1_500);

        // Leftovers of a process that was killed while it wrote.
        files.CreateDurableDirectory("/checkpoints");
        SourceReading.Add(files, "/checkpoints/0000000001.state", [1]);
        SourceReading.Add(files, "/checkpoints/0000000099.state", [1]);
        var failures = 0;
        var begun = new List<string[]>();
        files.Before = (operation, path) =>
        {
            if (!path.StartsWith("/checkpoints/0", StringComparison.Ordinal))
            {
                return;
            }

            if (operation == "create" && path.EndsWith(".state", StringComparison.Ordinal))
            {
                begun.Add(Unpublished(job));
            }

            var called = operation == "create" && path.EndsWith(".manifest.tmp", StringComparison.Ordinal) ? "create manifest" : operation;
            if (called == fails && failures < 3)
            {
                failures++;
                throw new IOException("No space left on device", NoSpaceLeft);
            }
        };
        var status = await job.RunAsync();
        Assert.Equal(3, failures);
        Assert.InRange(begun.Count, 4, int.MaxValue);
        Assert.All(begun, Assert.Empty);
        Assert.Empty(Unpublished(job));
        Assert.Equal(0, status.Restarts);
        job.AssertAnswer();
    }

    // The state files that are newer than all manifests, and temporary files.
    private static string[] Unpublished(LedgerJob job)
    {
        var names = job.CheckpointFiles.Select(path => Path.GetFileName(path)).ToList();
        var newest = names.Where(name => name.EndsWith(".manifest", StringComparison.Ordinal))
            .Select(name => name[..10])
            .Append("0000000000")
            .Max(StringComparer.Ordinal)!;
        return [.. names.Where(name => name.EndsWith(".tmp", StringComparison.Ordinal)
            || (name.EndsWith(".state", StringComparison.Ordinal) && string.CompareOrdinal(name[..10], newest) > 0))];
    }

    private static FolderStorage Storage(SimulatedFiles files, bool isLocked = true) => new(files, "/checkpoints", "Test", isLocked);

    private static SimulatedFiles With(IEnumerable<string> names)
    {
        var files = new SimulatedFiles();
        files.CreateDurableDirectory("/checkpoints");
        foreach (var name in names)
        {
            SourceReading.Add(files, "/checkpoints/" + name, [1]);
        }

        return files;
    }
}
