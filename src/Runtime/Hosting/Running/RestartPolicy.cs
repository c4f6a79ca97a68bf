using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Network.Links;
using Penstock.Nodes;

namespace Penstock.Hosting;

/// <summary>Decides whether and when a failed pipeline restarts.</summary>
internal sealed class RestartPolicy(RestartOptions options, Random random)
{
    private int _failuresInARow;
    private int _failuresAtPlace;
    private (string Place, string Error)? _lastFailure;
    private bool _isExact;

    /// <summary>A checkpoint was completed: the next failure is the first in a row again, except at a row that is known exactly.</summary>
    public void Progressed()
    {
        _failuresInARow = 0;
        if (!_isExact)
        {
            // It may be another row with the same key.
            (_lastFailure, _failuresAtPlace) = (null, 0);
        }
    }

    /// <summary>Decides what happens after a failure.</summary>
    /// <param name="error">The failure.</param>
    /// <returns>The delay before the next start; null when there is to be none.</returns>
    /// <exception cref="OperatorException">The failure repeats at the same row. The message says so.</exception>
    public TimeSpan? DelayAfter(Exception error)
    {
        if (options.Strategy == RestartStrategy.None
            || !MayPass(error)
            || (options.MaxAttempts > 0 && _failuresInARow >= options.MaxAttempts))
        {
            return null;
        }

        ThrowIfSameAgain(error);
        var failures = _failuresInARow++;
        if (options.Strategy == RestartStrategy.Fixed)
        {
            return options.Delay;
        }

        var delay = Math.Min(options.Delay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 30)), options.MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(delay * (1 + options.Jitter * (2 * random.NextDouble() - 1)));
    }

    /// <summary>Whether a failure may pass by itself, so that a restart makes sense.</summary>
    // What an operator, a source or a sink throws may come from a service that is down; the engine's own errors are decided by the data
    // and the configuration, and would only repeat. A file system that refuses will do so again; a full one may be cleared.
    public static bool MayPass(Exception error) => error switch
    {
        OperatorException or LinkException => true,
        CheckpointFailedException => !FileErrors.IsPermanent(error.InnerException!),
        SourceException => error.InnerException is not FileNotFoundException && !FileErrors.IsPermanent(error.InnerException!),
        SinkException => !FileErrors.IsPermanent(error.InnerException!),
        PipelineException => false,
        _ => !FileErrors.IsPermanent(error),
    };

    private void ThrowIfSameAgain(Exception error)
    {
        if (error is not OperatorException { Place: { } place, InnerException: { } cause } failed)
        {
            (_lastFailure, _failuresAtPlace) = (null, 0);
            return;
        }

        var failure = (place.Text, cause is RemoteException remote ? remote.TypeName : cause.GetType().FullName!);
        _failuresAtPlace = failure == _lastFailure ? _failuresAtPlace + 1 : 1;
        (_lastFailure, _isExact) = (failure, place.IsExact);
        if (options.MaxFailuresPerRow > 0 && _failuresAtPlace >= options.MaxFailuresPerRow)
        {
            throw new OperatorException(
                ErrorCodes.SameRowAgain,
                $"{failed.Description}\nThis has failed {_failuresAtPlace} times in a row at the same "
                    + $"{(place.IsExact ? "row" : "place")}, so that a restart would not help. "
                + "Correct the code or the row. If what fails is a service that is down for a while, allow more failures "
                + "(Restart:MaxFailuresPerRow; 0: no limit).",
                cause)
            {
                Place = place,
            };
        }
    }
}
