namespace Penstock.Kafka.Sources;

/// <summary>
/// The thread that looks after the topics of a source: whether they are still there, and whether they have new partitions. A thread of its
/// own, since an answer may take long, and messages must not wait for it.
/// </summary>
internal sealed class TopicWatch(TimeSpan interval) : IDisposable
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    // It may be waiting for an answer that no broker gives, and then it is not waited for.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    // Longer than that no thread waits.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _soon = new(initialState: false);
    private readonly TimeSpan _interval = interval < Longest ? interval : Longest;
    private Thread? _thread;

    /// <summary>Begins to look.</summary>
    /// <param name="look">Looks; false to be called again soon.</param>
    /// <param name="failed">Called once with what ends the source.</param>
    /// <param name="atOnce">Whether to look at once, and not first after the interval.</param>
    public void Start(Func<bool> look, Action<Exception> failed, bool atOnce)
    {
        _thread = new Thread(() => Run(look, failed, atOnce)) { IsBackground = true, Name = "Penstock Kafka topics" };
        _thread.Start();
    }

    /// <summary>Has it look before the interval is over; on any thread.</summary>
    public void LookSoon() => _soon.Set();

    /// <summary>Waits until it looks no more, after <see cref="Dispose"/>.</summary>
    public void Join() => _thread?.Join();

    public void Dispose()
    {
        _stop.Cancel();
        if (_thread?.Join(StopPatience) != false)
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
                    if (_stop.Token.WaitHandle.WaitOne(SoonAgain))
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
