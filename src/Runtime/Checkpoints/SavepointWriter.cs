using Penstock.Files;
using Penstock.Hosting;
using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>Makes savepoints of checkpoints: copies them to places of their own, beside the running pipeline.</summary>
internal sealed class SavepointWriter(ExecutionEnvironment environment, CheckpointStore store)
{
    /// <summary>Copies a checkpoint that is all of the state, and whose output is committed.</summary>
    /// <param name="checkpoint">The checkpoint. Nothing may delete its files meanwhile.</param>
    /// <param name="path">Where it goes; null for a new place below the configured one.</param>
    /// <param name="failed">Gives the savepoint up when it fails.</param>
    /// <param name="stopped">Gives the savepoint up when it completes.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">It was not written.</exception>
    public async Task<Savepoint> WriteAsync(Manifest checkpoint, string? path, Task failed, Task stopped)
    {
        using var stop = new CancellationTokenSource();
        var writing = BackgroundThread.Run(() => Write(checkpoint, path, stop.Token));
        await Task.WhenAny(writing, failed, stopped).ConfigureAwait(false);
        if (!writing.IsCompleted)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            return await writing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var cause = failed.IsCompleted ? $"the pipeline failed: {failed.Exception?.InnerException?.Message}" : "the pipeline is being stopped";
            throw new PipelineException($"It was given up, since {cause}. What was written of it is no savepoint and can be deleted.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw new PipelineException($"{(path == null ? "It" : $"'{path}'")} cannot be written: {error.Message}", error);
        }
    }

    private Savepoint Write(Manifest checkpoint, string? path, CancellationToken stop)
    {
        using var place = SavepointPlace.Of(environment, path ?? SavepointPlace.NewPath(environment));
        return place.Write(checkpoint, store.State, stop);
    }
}
