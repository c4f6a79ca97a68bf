using System.Globalization;
using Penstock.Hosting;

namespace FlightDelays;

/// <summary>Shows how a pipeline gets on: one line that is rewritten on a terminal, a plain line every second elsewhere.</summary>
internal sealed class Progress : IDisposable
{
    /// <summary>Goes to the start of the terminal's line and clears it.</summary>
    public const string ClearLine = "\r\e[K";

    private readonly IPipelineMonitor _pipeline;
    private readonly bool _live = IsLive;
    private readonly Timer _timer;
    private long _lastRows = -1;
    private long _lastTime;

    public Progress(IPipelineMonitor pipeline)
    {
        _pipeline = pipeline;
        _lastTime = Environment.TickCount64;
        var period = TimeSpan.FromMilliseconds(_live ? 200 : 1000);
        _timer = new Timer(_ => Show(), null, period, period);
    }

    /// <summary>Whether the line is rewritten; then whoever else writes to the terminal must clear it first.</summary>
    public static bool IsLive => !Console.IsOutputRedirected;

    public void Dispose()
    {
        using var stopped = new ManualResetEvent(false);
        _timer.Dispose(stopped);
        stopped.WaitOne();
        if (_live)
        {
            Console.Write(ClearLine);
        }
    }

    private void Show()
    {
        var status = _pipeline.GetStatus();
        var now = Environment.TickCount64;
        var perSecond = _lastRows < 0 ? 0 : (status.Rows - _lastRows) * 1000 / Math.Max(1, now - _lastTime);
        (_lastRows, _lastTime) = (status.Rows, now);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{status.State}: {status.Rows:N0} rows, {perSecond:N0} rows/s, watermark {status.Watermark:yyyy-MM-ddTHH:mm}, {status.Windows:N0} windows, {Checkpoint(status.LastCheckpoint)}");
        if (_live)
        {
            Console.Write(ClearLine + line);
        }
        else
        {
            Console.WriteLine(line);
        }
    }

    private static string Checkpoint(CheckpointStatus? last) => last == null
        ? "no checkpoint yet"
        : string.Create(CultureInfo.InvariantCulture, $"checkpoint {last.Id} in {last.Duration.TotalMilliseconds:F0} ms");
}
