using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Checkpoints;

/// <summary>Deletes files that no checkpoint needs. A failure is logged and retried the next time.</summary>
internal sealed class CheckpointCleaner(CheckpointStore store, ExecutionEnvironment environment)
{
    /// <summary>Deletes older checkpoints according to the configuration.</summary>
    /// <param name="newest">The newest complete checkpoint.</param>
    public void DeleteOld(long newest) => Try(() => store.Collect(environment.Options.Checkpoints.Retain, newest));

    /// <summary>
    /// Deletes the files of checkpoints that failed or were being written when a process was killed. Called while no checkpoint is written.
    /// </summary>
    public void DeleteUnfinished() => Try(store.CollectUnfinished);

    private void Try(Action collect)
    {
        try
        {
            collect();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            environment.Log.NotCollected(environment.Name, store.Location, error.Message);
        }
    }
}
