using Penstock.Files;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Checkpoints;

/// <summary>Creates savepoints from checkpoints: copies them to their own places while the pipeline is running.</summary>
internal sealed class SavepointWriter(ExecutionEnvironment environment, CheckpointStore store)
{
    /// <summary>Copies a checkpoint that contains the whole state and whose output is committed.</summary>
    /// <param name="checkpoint">The newest checkpoint.</param>
    /// <param name="path">The place of the savepoint, or null for a new place below the configured one.</param>
    /// <param name="failed">Cancels the savepoint when this task fails.</param>
    /// <param name="stopped">Cancels the savepoint when this task completes.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">The savepoint was not written.</exception>
    public async Task<Savepoint> WriteAsync(Manifest checkpoint, string? path, Task failed, Task stopped)
    {
        // Not disposed, because a storage that does not answer may keep a thread that uses it.
        var stop = new CancellationTokenSource();
        var pin = store.Pin(checkpoint);
        var writing = environment.Background.RunLong(() => Write(checkpoint, pin, path, stop.Token));
        if (await Task.WhenAny(writing, failed, stopped) != writing)
        {
            await environment.Background.Run(stop.Cancel);
            var cause = failed.IsCompleted
                ? $"the pipeline failed: {failed.Exception?.InnerException?.Message}"
                : "the pipeline is being stopped";
            throw new PipelineException(
                ErrorCodes.SavepointGivenUp,
                $"It was cancelled because {cause}. Its partial files are not a savepoint and can be deleted.");
        }

        try
        {
            return await writing;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw new PipelineException(
                ErrorCodes.CheckpointPlaceUnusable,
                $"{(path == null ? "It" : $"'{path}'")} cannot be written: {error.Message}",
                error);
        }
    }

    private Savepoint Write(Manifest checkpoint, IDisposable pin, string? path, CancellationToken stop)
    {
        using (pin)
        {
            using var place = SavepointPlace.Of(environment, path ?? SavepointPlace.NewPath(environment));
            return place.Write(checkpoint, store.State, stop);
        }
    }
}
