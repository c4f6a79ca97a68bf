using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Files;

namespace Penstock.Sinks.Files;

/// <summary>
/// Keeps two jobs from writing the same part files, where each would delete what it takes for its own leftovers. A lock
/// says that a job runs; a mark beside it, which outlives the process, says which. Both are gone when the job has finished.
/// </summary>
internal sealed class PartFolderClaim(IFileSystem files, PartNames names) : IDisposable
{
    private IDisposable? _lock;

    /// <summary>Takes the part files for a job.</summary>
    /// <param name="owner">The job.</param>
    /// <param name="isKnown">Whether the job's checkpoints say that the visible files here are its own.</param>
    /// <exception cref="PipelineException">They belong to another job, or may.</exception>
    public void Take(SinkOwner owner, bool isKnown)
    {
        files.CreateDurableDirectory(names.Folder);
        _lock = files.TryLock(names.LockPath) ?? throw new PipelineException(
            $"Pipeline '{owner.Pipeline}': another pipeline that is running writes to '{names.Path}'{(ReadMark() is { } running ? $" (pipeline '{running.Pipeline}')" : "")}. Give each a path of its own (Sinks:<stream>:Path).");

        var mark = ReadMark();
        if (mark?.Job == owner.Job)
        {
            return;
        }

        var parts = files.List(names.Folder).Select(path => System.IO.Path.GetFileName(path)).ToList();
        if (mark == null ? !isKnown && parts.Any(IsVisible) : parts.Any(mark.Checkpoints == null ? IsVisible : IsPart))
        {
            if (mark == null)
            {
                DeleteLock();
            }

            throw new PipelineException(Refusal(owner, mark));
        }

        files.WriteDurably(names.MarkPath, JsonSerializer.SerializeToUtf8Bytes(owner, SinkOwnerJson.Default.SinkOwner));
    }

    /// <summary>The job has finished: what is visible stays, and nothing else does.</summary>
    public void GiveUp()
    {
        if (_lock != null)
        {
            files.Delete(names.MarkPath);
            DeleteLock();
            files.SyncDirectory(names.Folder);
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private void DeleteLock()
    {
        // Not the other way round: some systems delete no file that is locked.
        Dispose();
        files.Delete(names.LockPath);
    }

    private bool IsVisible(string name) => names.IsVisible(name, out _);

    private bool IsPart(string name) => IsVisible(name) || names.IsTemporary(name);

    private SinkOwner? ReadMark()
    {
        if (!files.FileExists(names.MarkPath))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(files.ReadAll(names.MarkPath), SinkOwnerJson.Default.SinkOwner);
        }
        catch (JsonException error)
        {
            throw new PipelineException(
                $"'{names.MarkPath}' says which job writes to '{names.Path}', but it is damaged ({error.Message}). Delete it if no other job writes there.", error);
        }
    }

    private string Refusal(SinkOwner owner, SinkOwner? mark)
    {
        var (there, remedy) = (mark, owner.Checkpoints) switch
        {
            (null or { Checkpoints: null }, null) => (
                "there are part files of an earlier run. No folder for checkpoints is configured, so no run knows which output is its own, or can go on where another one ended",
                $"Set Penstock:Pipelines:{owner.Pipeline}:Checkpoints:Path to a folder to have that from now on"),
            (null, _) => (
                $"there are part files already, and there is no checkpoint in '{owner.Checkpoints}' that accounts for them",
                "If they are this job's, give back its checkpoints or the former path of the sink"),
            ({ Checkpoints: null }, _) => (
                $"there are part files of an earlier run of pipeline '{mark.Pipeline}', which kept its checkpoints in memory, so that nothing can go on where it ended",
                "Keep the folder for checkpoints that is configured now"),
            _ when mark.Checkpoints == owner.Checkpoints => (
                $"there are part files of a job whose checkpoints were in '{mark.Checkpoints}', and there is no checkpoint in that folder any more",
                "To go on with that job, give back its checkpoints"),
            (_, null) => (
                $"there are part files of a job of pipeline '{mark.Pipeline}' with the checkpoints in '{mark.Checkpoints}', and no folder for checkpoints is configured",
                "To go on with that job, set Checkpoints:Path to its folder"),
            _ => (
                $"there are part files of another job: of pipeline '{mark.Pipeline}' with the checkpoints in '{mark.Checkpoints}'",
                "To go on with that job, set Checkpoints:Path to its folder"),
        };
        return $"Pipeline '{owner.Pipeline}' writes to '{names.Path}', but {there}. {remedy}. To start over, delete the output, '{System.IO.Path.GetFileName(names.MarkPath)}' with it, or choose another path for it (Sinks:<stream>:Path).";
    }
}

[JsonSerializable(typeof(SinkOwner))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SinkOwnerJson : JsonSerializerContext;
