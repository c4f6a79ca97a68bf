using System.Globalization;
using Penstock.Threads;

namespace Penstock.Testing;

/// <summary>A check of one promise of a contract.</summary>
public sealed class ConformanceCheck
{
    private readonly string _contract;
    private readonly TimeSpan _timeLimit;
    private readonly Func<CheckRun, Task<bool>> _check;

    internal ConformanceCheck(string contract, string name, TimeSpan timeLimit, Func<CheckRun, Task<bool>> check) =>
        (_contract, Name, _timeLimit, _check) = (contract, name, timeLimit, check);

    /// <summary>The promise as a sentence, which is unique within a suite.</summary>
    public string Name { get; }

    /// <summary>Runs the check with a new setup, on the thread pool.</summary>
    /// <returns>
    /// <c>true</c> if the promise is kept. <c>false</c> if there was nothing to check: the setup lacks something that the check needs, such
    /// as bad rows, or the subject does not make the promise.
    /// </returns>
    /// <exception cref="ConformanceException">
    /// The promise is broken, a call has thrown an exception, or the check has exceeded the time limit.
    /// </exception>
    public async Task<bool> RunAsync()
    {
        var run = new CheckRun(_contract, Name, _timeLimit / 2);
        var check = ThreadBackground.Instance.Run(() => _check(run)).Unwrap();
        try
        {
            return await check.WaitAsync(_timeLimit).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!check.IsCompleted)
        {
            throw run.Broken(
                string.Create(CultureInfo.InvariantCulture, $"it has not come back after {_timeLimit.TotalSeconds} s."),
                "A call must not wait for something that may never come. Where the check itself needs longer, give it a longer time "
                + "limit.");
        }
        catch (Exception error) when (error is not ConformanceException)
        {
            throw run.Broken(
                $"it has thrown {error.GetType().Name}: {error.Message}",
                "Nothing is wrong with the call: see the inner exception for where it was thrown.",
                error);
        }
    }

    /// <summary>Returns the name of the check.</summary>
    /// <returns>The promise.</returns>
    public override string ToString() => Name;
}
