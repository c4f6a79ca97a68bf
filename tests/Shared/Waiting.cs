using System.Diagnostics;

namespace Penstock.Tests.Shared;

/// <summary>Waits until a condition is true, and fails at once when it can no longer become true.</summary>
public static class Waiting
{
    /// <summary>The time that a test waits for something that must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="end">
    /// Returns the reason why it can no longer become true, such as the error of a pipeline; null as long as it can.
    /// </param>
    /// <param name="patience">The maximum time; null for <see cref="Patience"/>.</param>
    /// <param name="state">Returns the progress so far, for the message if the wait takes too long.</param>
    public static Task UntilAsync(Func<bool> condition, Func<string?> end, TimeSpan? patience = null, Func<string>? state = null) =>
        UntilAsync(() => Task.FromResult(condition()), end, patience, state);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="end">
    /// Returns the reason why it can no longer become true, such as the error of a pipeline; null as long as it can.
    /// </param>
    /// <param name="patience">The maximum time; null for <see cref="Patience"/>.</param>
    /// <param name="state">Returns the progress so far, for the message if the wait takes too long.</param>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        Func<string?> end,
        TimeSpan? patience = null,
        Func<string>? state = null)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(1))
        {
            // Evaluated before the condition: if the condition has become true by the end, this is not missed.
            var reason = end();
            if (await condition())
            {
                return;
            }

            Assert.True(reason == null, $"The wait is over: {reason}");
            Assert.True(clock.Elapsed < (patience ?? Patience), $"It has not happened within {patience ?? Patience}. {state?.Invoke()}");
        }
    }
}
