using System.Globalization;
using System.Text;
using Penstock;

namespace FlightDelays;

/// <summary>Shows the progress of a pipeline: one line that is rewritten on a terminal, a plain line every second elsewhere.</summary>
internal sealed class Progress : IDisposable
{
    /// <summary>Moves to the start of the line on the terminal and clears it.</summary>
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

    /// <summary>Whether the line is rewritten; then other output to the terminal must clear it first.</summary>
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
        var isRunning = status.State == PipelineState.Running && _lastRows >= 0;
        if (Line(status, isRunning ? (status.Rows - _lastRows) * 1000 / Math.Max(1, now - _lastTime) : null) is not { } line)
        {
            return;
        }

        (_lastRows, _lastTime) = (status.Rows, now);
        if (_live)
        {
            Console.Write(ClearLine + line);
        }
        else
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>
    /// The progress line, with the figures that exist so far; null if there are none. The log contains the reason if a pipeline does not
    /// start.
    /// </summary>
    internal static string? Line(PipelineStatus status, long? rowsPerSecond)
    {
        if (status is { State: PipelineState.Starting } or { State: PipelineState.Failed, Rows: 0 })
        {
            return null;
        }

        var line = new StringBuilder($"{status.State}");
        if (status.Rows == 0)
        {
            return line.Append(", no row yet").ToString();
        }

        line.Append(CultureInfo.InvariantCulture, $": {status.Rows:N0} rows");
        if (rowsPerSecond != null)
        {
            line.Append(CultureInfo.InvariantCulture, $", {rowsPerSecond:N0} rows/s");
        }

        if (status.Watermark != null)
        {
            line.Append(CultureInfo.InvariantCulture, $", watermark {status.Watermark:yyyy-MM-ddTHH:mm}");
        }

        line.Append(CultureInfo.InvariantCulture, $", {status.Windows:N0} windows");
        if (status.LastCheckpoint is { } last)
        {
            line.Append(CultureInfo.InvariantCulture, $", checkpoint {last.Id} in {last.Duration.TotalMilliseconds:F0} ms");
        }

        return line.ToString();
    }
}
