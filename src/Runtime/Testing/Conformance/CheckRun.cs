namespace Penstock.Testing;

/// <summary>One run of a check, with its current action for error messages.</summary>
/// <param name="contract">The contract that is checked.</param>
/// <param name="check">The name of the check.</param>
/// <param name="timeout">The maximum time to wait for asynchronous results, such as rows.</param>
internal sealed class CheckRun(string contract, string check, TimeSpan timeout)
{
    private string _subject = "The setup";
    private string _doing = "makes what is to be checked";

    /// <summary>The maximum time to wait for asynchronous results.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>Sets the subject of the check for error messages.</summary>
    public void Check(object subject) => _subject = $"'{subject.GetType().Name}'";

    /// <summary>Sets the current action of the subject for error messages.</summary>
    /// <param name="doing">The action, as a continuation of "when it".</param>
    public void Begin(string doing) => _doing = doing;

    /// <summary>Runs a check and closes everything that it left open. If the check fails, its error takes precedence.</summary>
    /// <param name="check">The check.</param>
    /// <param name="close">Closes everything that is open.</param>
    public static async Task<bool> ThenCloseAsync(Func<Task<bool>> check, Func<ValueTask> close)
    {
        bool hasChecked;
        try
        {
            hasChecked = await check();
        }
        catch
        {
            try
            {
                await close();
            }
            catch (Exception)
            {
                // After an error the closed object may be in any state.
            }

            throw;
        }

        await close();
        return hasChecked;
    }

    /// <summary>Closes a source or a sink, if there is something to close.</summary>
    public static async ValueTask CloseAsync(object connector)
    {
        if (connector is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            (connector as IDisposable)?.Dispose();
        }
    }

    /// <summary>Returns the exception for a broken promise.</summary>
    /// <param name="found">A sentence with the problem.</param>
    /// <param name="remedy">A sentence with the fix.</param>
    /// <param name="inner">The exception that was thrown; null if there was none.</param>
    public ConformanceException Broken(string found, string remedy, Exception? inner = null) =>
        new(check, $"{_subject} breaks a promise of {contract} (\"{check}\") when it {_doing}: {found} {remedy}", inner);
}
