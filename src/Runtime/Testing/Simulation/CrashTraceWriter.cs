namespace Penstock.Testing.Simulation;

/// <summary>Records the steps of the processes of a run in a readable form.</summary>
internal sealed class CrashTraceWriter : IDisposable
{
    // Only the last steps before a crash are kept, because they explain it.
    private const int MaxSteps = 12;

    private readonly SimulatedJob _job;
    private readonly List<string>? _lines;
    private readonly Action<string>? _before;
    private readonly Queue<string> _last = new();
    private int _process;

    public CrashTraceWriter(SimulatedJob job, List<string>? lines)
    {
        (_job, _lines, _before) = (job, lines, job.Observe);
        if (lines != null)
        {
            job.Observe = what =>
            {
                _before?.Invoke(what);
                Observe(what);
            };
        }
    }

    public void WriteStart()
    {
        _last.Clear();
        _lines?.Add($"Process {++_process} starts{(_process == 1 ? "" : " from the newest checkpoint")}.");
    }

    public void WriteEnd(ProcessEnd end)
    {
        if (end == ProcessEnd.Crashed)
        {
            _lines?.AddRange(_last.SkipLast(1).Select(static step => $"  {step}"));
            _lines?.Add($"  It crashes, parallelism {_job.Parallelism}, before: {_last.LastOrDefault()}");
        }
        else
        {
            _lines?.Add($"  It ends ({end}), parallelism {_job.Parallelism}.");
        }
    }

    public void Dispose() => _job.Observe = _before;

    private void Observe(string what)
    {
        _last.Enqueue(what);
        if (_last.Count > MaxSteps)
        {
            _last.Dequeue();
        }
    }
}
