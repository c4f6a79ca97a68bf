
using Penstock.Checkpoints;
using Penstock.Files;

namespace Penstock.Hosting;

/// <summary>Decides whether and when a failed pipeline restarts.</summary>
internal sealed class RestartPolicy(RestartOptions options, Random random)
{
    private int _failuresInARow;

    /// <summary>A checkpoint was completed: the next failure is the first in a row again.</summary>
    public void Progressed() => _failuresInARow = 0;

    /// <summary>The delay before the next start, or null when there is to be none.</summary>
    public TimeSpan? DelayAfter(Exception error)
    {
        if (options.Strategy == RestartStrategy.None || !MayPass(error) || (options.MaxAttempts > 0 && _failuresInARow >= options.MaxAttempts))
        {
            return null;
        }

        var failures = _failuresInARow++;
        if (options.Strategy == RestartStrategy.Fixed)
        {
            return options.Delay;
        }

        var delay = Math.Min(options.Delay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 30)), options.MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(delay * (1 + options.Jitter * (2 * random.NextDouble() - 1)));
    }

    // What an operator, a source or a sink throws may come from a service that is down; the engine's own errors are decided by the data
    // and the configuration, and would only repeat. A file system that refuses will do so again; a full one may be cleared.
    private static bool MayPass(Exception error) => error switch
    {
        OperatorException => true,
        CheckpointFailedException => !FileErrors.IsPermanent(error.InnerException!),
        SourceException => error.InnerException is not FileNotFoundException && !FileErrors.IsPermanent(error.InnerException!),
        SinkException => !FileErrors.IsPermanent(error.InnerException!),
        PipelineException => false,
        _ => !FileErrors.IsPermanent(error),
    };
}
