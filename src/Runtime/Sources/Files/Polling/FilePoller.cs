using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Telemetry;
using Penstock.Threads;

namespace Penstock.Sources.Files;

/// <summary>A listing of the files of a source.</summary>
/// <param name="Number">The number of the listing, from 1.</param>
/// <param name="Files">The files.</param>
internal sealed record Listing(long Number, IReadOnlyList<InputFile> Files);

/// <summary>
/// Lists the files of a source periodically, outside of the threads that read them, for all of its subtasks: files that appear together are
/// seen together. The files of a listing may be read once every subtask has announced which of its lanes have files now. Otherwise the
/// first subtask to read could advance the watermark past the files of subtasks that were idle until then.
/// </summary>
/// <param name="source">The id of the source, for messages.</param>
/// <param name="subtasks">The number of subtasks.</param>
/// <param name="list">Lists the files.</param>
/// <param name="interval">The pause after each listing.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The logger.</param>
/// <param name="health">Reports failed listings.</param>
internal sealed class FilePoller(
    string source,
    int subtasks,
    Func<IReadOnlyList<InputFile>> list,
    TimeSpan interval,
    TimeProvider time,
    ILogger log,
    ConnectorHealth health) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _announced = new long[subtasks];
    private readonly Action?[] _available = new Action?[subtasks];
    private Listing? _newest;
    private Exception? _failure;
    private bool _isKnown;
    private bool _isRunning;

    // The timer of the current pause, and whether the next one is left out.
    private ITimer? _pause;
    private bool _isUrgent;

    /// <summary>Runs the listings.</summary>
    public IBackground Background { private get; init; } = ThreadBackground.Instance;

    /// <summary>Completes when no listing is running after <see cref="Dispose"/>.</summary>
    internal Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Indicates whether the last listing succeeded and was taken; if not, there may be more files.</summary>
    public bool IsKnown(long taken)
    {
        lock (_gate)
        {
            return _isKnown && _newest!.Number == taken;
        }
    }

    /// <summary>Lists the files.</summary>
    /// <returns>The files; empty if there are none yet.</returns>
    public IReadOnlyList<InputFile> List()
    {
        try
        {
            return list();
        }
        catch (InputNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Starts listing when the first subtask calls it.</summary>
    /// <param name="subtask">The index of the subtask.</param>
    /// <param name="available">Called on another thread when there may be a new listing.</param>
    public void Start(int subtask, Action available)
    {
        lock (_gate)
        {
            _available[subtask] = available;
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        Ended = Background.RunAsync(RunAsync);
    }

    /// <summary>Takes the newest listing.</summary>
    /// <param name="taken">The number of the last listing that was taken.</param>
    /// <returns>The listing, or null if there is no newer one.</returns>
    /// <exception cref="PipelineException">Listing has failed permanently.</exception>
    public Listing? Take(long taken)
    {
        lock (_gate)
        {
            return _failure is { } failure ? throw failure : _newest?.Number > taken ? _newest : null;
        }
    }

    /// <summary>Lists again without a pause, because a listed file is missing.</summary>
    public void ListSoon()
    {
        lock (_gate)
        {
            _isUrgent = _pause?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan) != true;
        }
    }

    /// <summary>Records that a subtask has announced which of its lanes have files, as of a listing.</summary>
    public void Announce(int subtask, long number)
    {
        lock (_gate)
        {
            if (_announced[subtask] == number)
            {
                return;
            }

            _announced[subtask] = number;
        }

        WakeAll();
    }

    /// <summary>Indicates whether all subtasks have announced this listing or a newer one.</summary>
    public bool IsAnnounced(long number)
    {
        lock (_gate)
        {
            return Array.TrueForAll(_announced, announced => announced >= number);
        }
    }

    /// <summary>
    /// Stops listing. A running listing is not awaited, because the store may not answer. It only reads; its result or error is discarded,
    /// so it cannot affect the next attempt.
    /// </summary>
    public void Dispose() => _stop.Cancel();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                ListAgain();
                _stop.Token.ThrowIfCancellationRequested();
                WakeAll();
                await PauseAsync();
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The source is closed.
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _failure = error;
            }

            WakeAll();
        }
    }

    private async Task PauseAsync()
    {
        // The timer or Dispose completes it, never the caller of ListSoon, which must not wait for a listing.
        var isOver = new TaskCompletionSource();
        using var timer = time.CreateTimer(_ => isOver.TrySetResult(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var stopped = _stop.Token.Register(() => isOver.TrySetCanceled(_stop.Token));
        lock (_gate)
        {
            timer.Change(_isUrgent ? TimeSpan.Zero : interval, Timeout.InfiniteTimeSpan);
            (_pause, _isUrgent) = (timer, false);
        }

        try
        {
            await isOver.Task;
        }
        finally
        {
            lock (_gate)
            {
                _pause = null;
            }
        }
    }

    private void ListAgain()
    {
        try
        {
            var files = List();
            _stop.Token.ThrowIfCancellationRequested();
            lock (_gate)
            {
                _newest = new Listing((_newest?.Number ?? 0) + 1, files);
                (_isKnown, var wasKnown) = (true, _isKnown);
                if (wasKnown)
                {
                    return;
                }
            }

            health.ReportWorking();
            log.ListingSucceeds(source, files.Count);
        }
        catch (Exception error) when (error is IOException or TimeoutException or PipelineException && !_stop.IsCancellationRequested)
        {
            // The place may become reachable again, and its permissions may be corrected. A wrong path was an error at the start.
            lock (_gate)
            {
                _isKnown = false;
            }

            health.ReportFailing($"its files cannot be listed: {error.Message}");
            log.ListingFails(source, interval, error.Message);
        }
    }

    private void WakeAll()
    {
        foreach (var available in _available)
        {
            available?.Invoke();
        }
    }
}
