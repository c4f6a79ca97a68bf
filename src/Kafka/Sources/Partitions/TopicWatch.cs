namespace Penstock.Kafka.Sources;

/// <summary>
/// The thread that checks the topics of a source for deletion and for new partitions. It is a separate thread, since an answer may take
/// long and messages must not wait for it.
/// </summary>
internal sealed class TopicWatch(TimeSpan interval) : IDisposable
{
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(1);

    // The thread may be waiting for brokers that do not answer. It is then left running.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    // The maximum time of a single wait.
    private static readonly TimeSpan MaxInterval = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _soon = new(initialState: false);
    private readonly TimeSpan _interval = interval < MaxInterval ? interval : MaxInterval;
    private Thread? _thread;

    /// <summary>Starts the checks.</summary>
    /// <param name="look">Performs a check; returns <c>false</c> to be called again soon.</param>
    /// <param name="failed">Called once with the error that ends the source.</param>
    /// <param name="atOnce"><c>true</c> for a first check immediately; <c>false</c> for one after the interval.</param>
    public void Start(Func<bool> look, Action<Exception> failed, bool atOnce)
    {
        _thread = new Thread(() => Run(look, failed, atOnce)) { IsBackground = true, Name = "Penstock Kafka topics" };
        _thread.Start();
    }

    /// <summary>Requests a check before the interval is over. Can be called on any thread.</summary>
    public void RequestCheck() => _soon.Set();

    /// <summary>Waits until the checks have ended, after <see cref="Dispose"/>.</summary>
    public void Join() => _thread?.Join();

    public void Dispose()
    {
        _stop.Cancel();
        if (_thread?.Join(StopTimeout) != false)
        {
            _stop.Dispose();
            _soon.Dispose();
        }
    }

    private void Run(Func<bool> look, Action<Exception> failed, bool atOnce)
    {
        WaitHandle[] wakes = [_stop.Token.WaitHandle, _soon];
        var next = atOnce ? TimeSpan.Zero : _interval;
        while (WaitHandle.WaitAny(wakes, next) != 0)
        {
            try
            {
                while (!look())
                {
                    if (_stop.Token.WaitHandle.WaitOne(RecheckDelay))
                    {
                        return;
                    }
                }

                next = _interval;
            }
            catch (Exception error)
            {
                failed(error);
                return;
            }
        }
    }
}
