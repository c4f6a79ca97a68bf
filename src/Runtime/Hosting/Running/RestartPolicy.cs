using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Network.Links;
using Penstock.Nodes;

namespace Penstock.Hosting;

/// <summary>Determines whether and when a failed pipeline restarts.</summary>
internal sealed class RestartPolicy(RestartOptions options, Random random)
{
    private int _failuresInARow;
    private int _failuresAtPlace;
    private (string Place, string Error)? _lastFailure;
    private bool _isExact;

    /// <summary>Records a completed checkpoint: the next failure starts a new series, unless it is at the same exactly known row.</summary>
    public void Progressed()
    {
        _failuresInARow = 0;
        if (!_isExact)
        {
            // It may be another row with the same key.
            (_lastFailure, _failuresAtPlace) = (null, 0);
        }
    }

    /// <summary>Determines the reaction to a failure.</summary>
    /// <param name="error">The failure.</param>
    /// <returns>The delay before the next start, or null if there is none.</returns>
    /// <exception cref="OperatorException">The failure repeats at the same row.</exception>
    public TimeSpan? DelayAfter(Exception error)
    {
        if (options.Strategy == RestartStrategy.None
            || !IsTransient(error)
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

    /// <summary>Determines whether a failure may be transient, so that a restart makes sense.</summary>
    // Exceptions of operators, sources and sinks may come from a service that is down. The engine's own errors follow from the data and the
    // configuration and would only repeat. A file system error is retried unless it is permanent; a full disk may be cleared.
    public static bool IsTransient(Exception error) => error switch
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
