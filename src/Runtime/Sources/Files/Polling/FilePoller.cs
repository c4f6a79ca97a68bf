using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Penstock.Telemetry;

namespace Penstock.Sources.Files;

/// <summary>Lists the files of a source again and again, beside the thread that reads them.</summary>
/// <param name="source">The id of the source, for messages.</param>
/// <param name="list">Lists the files.</param>
/// <param name="interval">How long to wait after a listing.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where messages for people go.</param>
internal sealed class FilePoller(string source, Func<IReadOnlyList<InputFile>> list, TimeSpan interval, TimeProvider time, ILogger log) : IDisposable
{
    private readonly ConcurrentQueue<IReadOnlyList<InputFile>> _listings = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile Exception? _failure;
    private volatile bool _isKnown;

    /// <summary>Whether the last listing succeeded: if not, nobody knows whether there is more.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Begins to list.</summary>
    /// <param name="available">Called, on another thread, when there is a listing.</param>
    public void Start(Action available) => Task.Run(() => RunAsync(available));

    /// <summary>Takes the next listing.</summary>
    /// <returns>The files; null when there is no new listing.</returns>
    /// <exception cref="PipelineException">Listing has failed for good.</exception>
    public IReadOnlyList<InputFile>? Take() => _failure is { } failure ? throw failure : _listings.TryDequeue(out var files) ? files : null;

    public void Dispose() => _stop.Cancel();

    private async Task RunAsync(Action available)
    {
        try
        {
            while (true)
            {
                List();
                available();
                await Task.Delay(interval, time, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The source is closed.
        }
        catch (Exception error)
        {
            _failure = error;
            available();
        }
    }

    private void List()
    {
        try
        {
            var files = list();
            if (!_isKnown)
            {
                _isKnown = true;
                log.ListingSucceeds(source, files.Count);
            }

            _listings.Enqueue(files);
        }
        catch (Exception error) when (error is IOException or TimeoutException)
        {
            // Whoever keeps the files may come back.
            _isKnown = false;
            log.ListingFails(source, interval, error.Message);
        }
    }
}
