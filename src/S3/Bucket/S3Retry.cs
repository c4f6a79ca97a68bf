using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Penstock.S3;

/// <summary>Tries requests again while they may succeed: the server may be restarted, or ask for patience.</summary>
/// <param name="options">How often and how long.</param>
/// <param name="endpoint">The server, for messages.</param>
/// <param name="log">Where it is said that something is tried again.</param>
internal sealed class S3Retry(S3Options options, string endpoint, ILogger log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    // A server may finish what it has in hand after it was let go of; better to wait for it, for a while.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Sends a request until it succeeds.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="what">What it is about, as messages begin.</param>
    /// <param name="request">Sends it once.</param>
    /// <param name="stop">Gives it up: nothing is sent any more, and what is under way has little time left.</param>
    /// <returns>What it gave.</returns>
    /// <exception cref="PipelineException">Trying again would not help.</exception>
    /// <exception cref="IOException">It has been tried long enough.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">The server has answered with an error that means something to the
    /// caller.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> request, CancellationToken stop = default)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            stop.ThrowIfCancellationRequested();
            using var limit = new CancellationTokenSource(options.RequestTimeout);
            using var hurry = stop.Register(static limit => ((CancellationTokenSource)limit!).CancelAfter(Grace), limit);
            TimeSpan delay;
            try
            {
                var result = await request(limit.Token).ConfigureAwait(false);
                if (attempt > 1)
                {
                    log.SucceededAtLast(what, attempt, Stopwatch.GetElapsedTime(started));
                }

                return result;
            }
            catch (Exception error) when (!stop.IsCancellationRequested && S3Errors.KindOf(error) == S3Failure.Lasting)
            {
                throw S3Errors.Explain(error, what, endpoint);
            }
            catch (Exception error) when (!stop.IsCancellationRequested && S3Errors.KindOf(error) == S3Failure.MayPass)
            {
                delay = DelayAfter(attempt);
                var elapsed = Stopwatch.GetElapsedTime(started);
                if (attempt >= options.MaxAttempts || elapsed + delay > options.RetryTimeout)
                {
                    throw new IOException(
                        $"{what} at {endpoint} did not succeed in {attempt} attempts within {elapsed.TotalSeconds:F1} s: {S3Errors.Sentence(error)}",
                        error);
                }

                if (attempt == 1)
                {
                    log.TryingAgain($"{what} at {endpoint}", S3Errors.Sentence(error), options.RetryTimeout);
                }
            }

            await Task.Delay(delay, stop).ConfigureAwait(false);
        }
    }

    // Random, so that parts that failed together do not come back together.
    private static TimeSpan DelayAfter(int attempt)
    {
        var longest = Math.Min(FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 20)), MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
