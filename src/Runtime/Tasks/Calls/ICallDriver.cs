using Penstock.Connectors;
using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>
/// The calls of a subtask that maps its rows asynchronously. It stands between the input of the subtask and its loop, which gets the
/// results. All members are called on the thread of the subtask, except where noted.
/// </summary>
internal interface ICallDriver : IDisposable
{
    /// <summary>
    /// The number of rows whose calls are running or whose results wait for those of earlier rows. May be read on any thread.
    /// </summary>
    int InFlight { get; }

    /// <summary>Indicates whether rows or watermark updates have not been passed on yet.</summary>
    bool IsBusy { get; }

    /// <summary>Called after a restore: restored rows precede everything that the channels report.</summary>
    void Open();

    /// <summary>
    /// Takes a batch. It is released when the calls of all of its rows have started. Its credit is returned then, or before if a barrier is
    /// on its way.
    /// </summary>
    void Receive(InputChannel input, Batch batch);

    /// <summary>
    /// Records that a barrier is on its way. Until it has arrived on all channels, credits are returned immediately, so that it does not
    /// wait for calls behind batches that have no credit.
    /// </summary>
    void Expect(long checkpoint);

    /// <summary>Takes the results of calls that have completed.</summary>
    /// <exception cref="PipelineException">A call has failed, or takes too long.</exception>
    void TakeCompleted();

    /// <summary>Passes results on, and starts calls, as far as possible.</summary>
    /// <returns><c>false</c> if there was nothing to do.</returns>
    bool TryAdvance();

    /// <summary>Cancels all calls. May be called on any thread.</summary>
    void Cancel();

    /// <summary>Returns a task that completes when no call is running. Called when no more calls are started.</summary>
    Task Settled();
}
