using Penstock.Checkpoints;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>
/// A power cut does not undo the state from which a job resumes, even after an error or a kill between a rename and its sync.
/// </summary>
public class SettledNamesTests
{
    private const string Folder = "/checkpoints";

    private readonly SimulatedFiles _files = new();

    [Fact]
    public void The_id_of_the_job_stays_after_an_error_and_a_power_cut()
    {
        using var store = Open();
        store.FenceOtherWriters();
        FailBehindRenameOf("job");
        Assert.Throws<IOException>(() => store.OpenJob());
        _files.Before = null;
        store.FenceOtherWriters();
        var job = store.OpenJob();
        _files.CutPower();
        using var next = Open();
        next.FenceOtherWriters();
        Assert.Equal(job, next.OpenJob());
    }

    [Fact]
    public void A_checkpoint_that_was_found_after_a_kill_stays_after_a_power_cut()
    {
        using var storage = new FolderStorage(_files, Folder, "Clicks");
        storage.Open();
        var name = CheckpointNames.Manifest(1);
        FailBehindRenameOf(name);
        Assert.Throws<IOException>(() => storage.TryPublish(name, [1]));
        _files.Before = null;
        _files.Kill();
        using (var store = Open())
        {
            Assert.Equal([1L], store.FenceOtherWriters());
        }

        _files.CutPower();
        using var next = Open();
        Assert.Equal([1L], next.FenceOtherWriters());
    }

    private CheckpointStore Open() => new(new FolderStorage(_files, Folder, "Clicks"), Guid.NewGuid);

    private void FailBehindRenameOf(string name) => _files.Before = (operation, path) =>
    {
        if (operation == "sync directory" && _files.FileExists($"{Folder}/{name}"))
        {
            throw new IOException("The disk does not answer.");
        }
    };
}
