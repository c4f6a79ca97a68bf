using System.Collections.Concurrent;
using Penstock.Sources;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Hosting;

/// <summary>
/// Watches over the event time of the sources of one attempt, beside the threads that read them: how far it has come, and which splits without rows hold it
/// back. Those are named in the log, once.
/// </summary>
internal sealed class SourceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PipelineGraph _graph;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, long> _reached = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public SourceWatch(PipelineGraph graph)
    {
        _graph = graph;
        _time = graph.Environment.Time;
        _timer = _time.CreateTimer(_ => Check(), null, Period, Period);
    }

    /// <summary>The watermark of the pipeline: the lowest of its sources; null where it is no instant.</summary>
    public DateTimeOffset? Watermark
    {
        get
        {
            var reached = Sources().Select(source => Reached(source.Key, source)).Where(static watermark => watermark != Watermarks.End).ToList();
            return reached.Count == 0 ? null : ToInstant(reached.Min());
        }
    }

    /// <summary>The splits that hold event time back at the moment, with their sources, and for how long they have.</summary>
    public IEnumerable<(string Source, string Split, TimeSpan For)> Holding => _holds
        .Select(hold => (hold.Key, hold.Value, For: _time.GetElapsedTime(hold.Value.Since)))
        .Where(static hold => hold.For >= Patience && hold.Value.HasOthersMoved)
        .SelectMany(static hold => hold.Value.Splits.Select(split => (hold.Key, split, hold.For)));

    /// <summary>The watermark of a source; null where it is no instant.</summary>
    public DateTimeOffset? WatermarkOf(string source) =>
        Sources().FirstOrDefault(found => found.Key == source) is { } found ? ToInstant(Reached(source, found)) : null;

    /// <summary>The splits that hold the watermark of a source back.</summary>
    public IReadOnlyList<string> HeldBackBy(string source) => [.. Holding.Where(hold => hold.Source == source).Select(static hold => hold.Split)];

    public void Dispose() => _timer.Dispose();

    private static DateTimeOffset? ToInstant(long watermark) => Watermarks.IsInstant(watermark) ? EventTimes.ToDateTimeOffset(watermark) : null;

    private IEnumerable<IGrouping<string, ISourceDriver>> Sources() =>
        _graph.Subtasks.Select(static subtask => subtask.Source).OfType<ISourceDriver>().Where(static source => source.HasEventTime).GroupBy(static source => source.Id);

    // An idle split that has rows again may lie behind: operators have been told of the later time, and so are people.
    private long Reached(string source, IEnumerable<ISourceDriver> drivers)
    {
        var now = SplitTime.Overall([.. drivers.SelectMany(static driver => driver.SplitTimes())]);
        return _reached.AddOrUpdate(source, now, (_, before) => Math.Max(before, now));
    }

    private void Check()
    {
        lock (_gate)
        {
            foreach (var source in Sources().Where(static source => source.First().WaitsForQuietSplits))
            {
                Check(source.Key, [.. source.SelectMany(static driver => driver.SplitTimes())]);
            }
        }
    }

    private void Check(string source, List<SplitTime> splits)
    {
        var active = splits.Where(static split => split.IsActive).ToList();
        var lowest = active.Count == 0 ? Watermarks.End : active.Min(static split => split.Watermark);
        var furthest = splits.Count == 0 ? Watermarks.None : splits.Max(static split => split.Watermark);
        var behind = active.Where(split => split.Watermark == lowest).ToList();

        // A split with rows to be read holds time back for as long as that takes, and no longer.
        if (behind.Count == 0 || lowest >= furthest || !behind.TrueForAll(static split => split.IsAtEnd))
        {
            _holds.TryRemove(source, out _);
            return;
        }

        var names = behind.Select(static split => split.Id).Order(StringComparer.Ordinal).ToArray();
        var hold = _holds.TryGetValue(source, out var known) && known.Watermark == lowest
            ? known with { Splits = names, Furthest = furthest }
            : new Hold(names, lowest, furthest, furthest, _time.GetTimestamp());
        _holds[source] = hold;
        if (hold.HasOthersMoved && _time.GetElapsedTime(hold.Since) >= Patience && _told.Add(source))
        {
            _graph.Environment.Log.TimeHeldBack(
                source,
                _graph.Environment.Name,
                string.Join(", ", names.Take(5)) + (names.Length > 5 ? $" and {names.Length - 5} more" : ""),
                lowest == Watermarks.None ? "have never had a row" : $"have had none since {EventTimes.ToDateTimeOffset(lowest):O}",
                EventTimes.ToDateTimeOffset(furthest));
        }
    }

    private sealed record Hold(string[] Splits, long Watermark, long FurthestAtFirst, long Furthest, long Since)
    {
        /// <summary>Whether the hold is worth telling: when a whole source is quiet, no split holds back the others.</summary>
        public bool HasOthersMoved => Watermark == Watermarks.None || Furthest > FurthestAtFirst;
    }
}
