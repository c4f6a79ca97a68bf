using Penstock.Files;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Checkpoints;

/// <summary>Creates savepoints from checkpoints: copies them to their own places while the pipeline is running.</summary>
internal sealed class SavepointWriter(ExecutionEnvironment environment, CheckpointStore store)
{
    /// <summary>Opens the place of a savepoint, so that one that cannot be used is known before the checkpoint is taken.</summary>
    /// <param name="path">The place, or null for a new place below the configured one.</param>
    /// <param name="failed">Cancels the savepoint when this task fails.</param>
    /// <param name="stopped">Cancels the savepoint when this task completes.</param>
    /// <returns>The place, which <see cref="WriteAsync"/> disposes.</returns>
    /// <exception cref="PipelineException">The place has a savepoint already, or nothing can be written there.</exception>
    public Task<SavepointPlace> OpenAsync(string? path, Task failed, Task stopped) =>
        RunAsync(_ => Open(path ?? SavepointPlace.NewPath(environment)), path, failed, stopped);

    /// <summary>Copies a checkpoint that contains the whole state and whose output is committed.</summary>
    /// <param name="place">The place, which is open.</param>
    /// <param name="checkpoint">The newest checkpoint.</param>
    /// <param name="failed">Cancels the savepoint when this task fails.</param>
    /// <param name="stopped">Cancels the savepoint when this task completes.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">The savepoint was not written.</exception>
    public Task<Savepoint> WriteAsync(SavepointPlace place, Manifest checkpoint, Task failed, Task stopped)
    {
        var pin = store.Pin(checkpoint);
        return RunAsync(cancellation => Write(place, checkpoint, pin, cancellation), place.Location, failed, stopped);
    }

    private async Task<T> RunAsync<T>(Func<CancellationToken, T> work, string? path, Task failed, Task stopped)
    {
        // Not disposed, because a storage that does not answer may keep a thread that uses it.
        var stop = new CancellationTokenSource();
        var working = environment.Background.RunLong(() => work(stop.Token));
        if (await Task.WhenAny(working, failed, stopped) != working)
        {
            await environment.Background.Run(stop.Cancel);

            // A place that is opened too late is not used.
            _ = working.ContinueWith(
                static late => (late.Result as IDisposable)?.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            var cause = failed.IsCompleted
                ? $"the pipeline failed: {failed.Exception?.InnerException?.Message}"
                : "the pipeline is being stopped";
            throw new PipelineException(
                ErrorCodes.SavepointGivenUp,
                $"It was cancelled because {cause}. Its partial files are not a savepoint and can be deleted.");
        }

        try
        {
            return await working;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw new PipelineException(
                ErrorCodes.CheckpointPlaceUnusable,
                $"{(path == null ? "It" : $"'{path}'")} cannot be written: {error.Message}",
                error);
        }
    }

    private SavepointPlace Open(string path)
    {
        var place = SavepointPlace.Of(environment, path);
        try
        {
            place.Open();
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private Savepoint Write(SavepointPlace place, Manifest checkpoint, IDisposable pin, CancellationToken stop)
    {
        using (pin)
        using (place)
        {
            return place.Write(checkpoint, store.State, stop);
        }
    }
}
