using System.Globalization;
using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>
/// A savepoint in its own storage: <c>savepoint.state</c> with the whole state (for a job with several nodes also <c>savepoint-1.state</c>
/// and so on), and <c>savepoint.manifest</c>, published atomically after them. The files refer neither to their location nor to anything
/// outside of it.
/// </summary>
internal sealed class SavepointPlace(ICheckpointStorage storage, Func<Guid> newId) : IDisposable
{
    /// <summary>The state files.</summary>
    public StateFiles State { get; } = new(storage);

    /// <summary>The location, for messages and for <see cref="SavepointOptions.StartFrom"/>.</summary>
    public string Location => storage.Location;

    /// <summary>Opens the storage of a path.</summary>
    public static SavepointPlace Of(ExecutionEnvironment environment, string path) =>
        new(CheckpointStorageResolver.OfSavepoint(environment, path), environment.NewId);

    /// <summary>Returns a new path below the configured one.</summary>
    /// <exception cref="PipelineException">No path is configured.</exception>
    public static string NewPath(ExecutionEnvironment environment)
    {
        var parent = environment.Options.Savepoints.Path ?? throw new PipelineException(
            ErrorCodes.SavepointPathMissing,
            $"No path for the savepoint. Set Penstock:Pipelines:{environment.Name}:Savepoints:Path to a folder, or name one in the call.");
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{environment.Name}-{environment.Time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{environment.NewId().ToString("N")[..8]}");
        return $"{parent.TrimEnd('/')}/{name}";
    }

    /// <summary>Opens the place for a new savepoint, and writes something there to see whether that is possible.</summary>
    /// <exception cref="PipelineException">The place has a savepoint already, or it cannot be used.</exception>
    public void Open()
    {
        storage.Open();
        if (storage.List().Contains(SavepointNames.Manifest))
        {
            throw new PipelineException(
                ErrorCodes.SavepointPlaceTaken,
                $"'{Location}' has a savepoint already. Choose another place for this one.");
        }

        // It has a name of its own, because another savepoint may be written to the same place at this moment.
        using (var probe = storage.Create(SavepointNames.Probe))
        {
            probe.Append([0]);
            probe.Sync();
        }

        storage.Delete(SavepointNames.Probe);
    }

    /// <summary>
    /// Copies a checkpoint that contains the whole state and whose output is committed. When the method returns, the savepoint exists and
    /// has been verified. The place must be open.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="source">The state files of the checkpoint.</param>
    /// <param name="stop">Cancels the savepoint.</param>
    /// <exception cref="PipelineException">The storage contains another savepoint, or the copy differs from the original.</exception>
    public Savepoint Write(Manifest checkpoint, StateFiles source, CancellationToken stop)
    {
        var copied = checkpoint with
        {
            Files = [.. checkpoint.Files.Select(static (file, number) => file with { Name = SavepointNames.State(number) })]
        };
        for (var number = 0; number < copied.Files.Count; number++)
        {
            source.CopyTo(checkpoint.Files[number], storage, copied.Files[number].Name, stop);
        }

        State.Verify(copied);
        stop.ThrowIfCancellationRequested();

        // The output is visible, so nothing is left to commit.
        var manifest = copied with
        {
            Savepoint = newId().ToString(),
            Sinks = [.. checkpoint.Sinks.Select(static sink => sink with { Prepared = [] })],
        };
        if (!storage.TryPublish(SavepointNames.Manifest, ManifestFile.Serialize(manifest)))
        {
            throw new PipelineException(
                ErrorCodes.SavepointPlaceTaken,
                $"'{Location}' has another savepoint by now. Choose another place for this one.");
        }

        return new Savepoint(Location, manifest.Id, manifest.TakenAt, manifest.Files.Sum(static file => file.Length));
    }

    /// <summary>Reads the manifest and verifies the whole state.</summary>
    /// <exception cref="PipelineException">There is no savepoint, or it is damaged.</exception>
    public Manifest ReadVerified()
    {
        var manifest = ReadManifest();
        try
        {
            State.Verify(manifest);
        }
        catch (DamagedCheckpointException damage)
        {
            throw Damaged(damage);
        }

        return manifest;
    }

    /// <summary>Reads the manifest.</summary>
    /// <exception cref="PipelineException">There is no savepoint, or it is damaged.</exception>
    public Manifest ReadManifest()
    {
        try
        {
            using var file = storage.OpenRead(SavepointNames.Manifest);
            var manifest = ManifestFile.Read(
                Files.WholeFiles.ReadAll(file),
                $"{Location}/{SavepointNames.Manifest}",
                static _ => SavepointNames.State(0));
            if (manifest is { Savepoint: not null } && manifest.State.TrueForAll(static subtask => subtask.Pieces.Count == 1))
            {
                return manifest;
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PipelineException(
                ErrorCodes.SavepointNotFound,
                $"There is no savepoint in '{Location}' (Savepoints:StartFrom): it has no "
                    + $"'{SavepointNames.Manifest}'. Name the place of a savepoint, or leave StartFrom out.",
                error);
        }
        catch (DamagedCheckpointException damage)
        {
            throw Damaged(damage);
        }

        throw new PipelineException(
            ErrorCodes.SavepointNotFound,
            $"'{Location}' (Savepoints:StartFrom) is not a savepoint, although it has a '{SavepointNames.Manifest}'. Name the place of a "
                + $"savepoint, or leave StartFrom out.");
    }

    public void Dispose() => storage.Dispose();

    private PipelineException Damaged(DamagedCheckpointException damage) => new(
        ErrorCodes.SavepointDamaged,
        $"The savepoint in '{Location}' (Savepoints:StartFrom) is damaged: {damage.Description} Copy it there again, or start from "
            + $"another one.",
        damage);
}
