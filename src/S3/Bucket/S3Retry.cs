using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Penstock.S3;

/// <summary>Retries requests as long as they may succeed, for example while the server restarts or throttles requests.</summary>
/// <param name="options">The limits of attempts and time.</param>
/// <param name="endpoint">The server, for messages.</param>
/// <param name="log">Receives a message when a request is retried.</param>
internal sealed class S3Retry(S3Options options, string endpoint, ILogger log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    // A server may still complete a request after it was cancelled, so the response is awaited for this time.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Sends a request until it succeeds or the limits are reached.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="what">The subject of the request, with which messages begin.</param>
    /// <param name="request">Sends the request once.</param>
    /// <param name="stop">Cancels: nothing more is sent, and a pending request has only a short time left.</param>
    /// <returns>The result.</returns>
    /// <exception cref="PipelineException">The error is permanent.</exception>
    /// <exception cref="IOException">The limits of attempts or time are reached.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">The server has answered with an error that the caller
    /// interprets.</exception>
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
                    log.RetrySucceeded(what, attempt, Stopwatch.GetElapsedTime(started));
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
                    log.Retrying($"{what} at {endpoint}", S3Errors.Sentence(error), options.RetryTimeout);
                }
            }

            await Task.Delay(delay, stop).ConfigureAwait(false);
        }
    }

    // Random, so that parts that failed together are not retried at the same time.
    private static TimeSpan DelayAfter(int attempt)
    {
        var longest = Math.Min(FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 20)), MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
