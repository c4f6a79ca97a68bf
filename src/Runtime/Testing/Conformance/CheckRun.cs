namespace Penstock.Testing;

/// <summary>One run of a check: what is done at the moment, so that an error can say it.</summary>
/// <param name="contract">The contract that is checked.</param>
/// <param name="check">The name of the check.</param>
/// <param name="patience">How long to wait for what must come by itself, such as rows.</param>
internal sealed class CheckRun(string contract, string check, TimeSpan patience)
{
    private string _subject = "The setup";
    private string _doing = "makes what is to be checked";

    /// <summary>How long to wait for what must come by itself.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Says what is checked.</summary>
    public void Check(object subject) => _subject = $"'{subject.GetType().Name}'";

    /// <summary>Says what the subject does from now on.</summary>
    /// <param name="doing">It goes on behind "when it".</param>
    public void Begin(string doing) => _doing = doing;

    /// <summary>Runs a check, and closes what it has left open. Where the check fails, that is the error to be told.</summary>
    /// <param name="check">The check.</param>
    /// <param name="close">Closes what is open.</param>
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
                // What is closed behind an error may be in any state.
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

    /// <summary>Makes the exception for a broken promise.</summary>
    /// <param name="found">What was found, as a sentence.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    /// <param name="inner">What was thrown; null where nothing was.</param>
    public ConformanceException Broken(string found, string remedy, Exception? inner = null) =>
        new(check, $"{_subject} breaks a promise of {contract} (\"{check}\") when it {_doing}: {found} {remedy}", inner);
}
