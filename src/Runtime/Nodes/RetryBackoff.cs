namespace Penstock.Nodes;

/// <summary>
/// The pause between the starts of connections that lead to no other node of the job: 100 ms at first, doubled each time, up to a maximum.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="longest">The maximum pause.</param>
internal sealed class RetryBackoff(TimeProvider time, TimeSpan longest)
{
    /// <summary>The first pause.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private TimeSpan _next = FirstPause;

    /// <summary>Records that a connection has led to another node of the job.</summary>
    public void Reset() => _next = FirstPause;

    /// <summary>Waits until the pause is over or the wait is cancelled.</summary>
    /// <param name="begun">The start of the connection, as a timestamp of the clock.</param>
    /// <param name="stop">Cancels the wait.</param>
    public Task WaitAsync(long begun, CancellationToken stop)
    {
        var left = _next - time.GetElapsedTime(begun);
        _next = _next * 2 < longest ? _next * 2 : longest;
        return WaitAsync(time, left, stop);
    }

    /// <summary>Waits for a time, or until the wait is cancelled.</summary>
    public static async Task WaitAsync(TimeProvider time, TimeSpan pause, CancellationToken stop)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task
                .Delay(pause, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }
}
