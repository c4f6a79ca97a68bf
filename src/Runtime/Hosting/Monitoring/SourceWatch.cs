using System.Collections.Concurrent;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Hosting;

/// <summary>
/// Monitors the event time of the sources of one attempt, outside of the threads that read them: how far it has advanced, and which splits
/// without rows hold it back, in their own source or in a task that they reach. Each of those is logged once.
/// </summary>
internal sealed class SourceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StallThreshold = TimeSpan.FromSeconds(30);

    private readonly ExecutionGraph _graph;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, long> _reached = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Stall> _stalls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SlowestSplit> _slowest = new(StringComparer.Ordinal);
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);

    public SourceWatch(ExecutionGraph graph)
    {
        _graph = graph;
        _time = graph.Environment.Time;
        _timer = _time.CreateTimer(_ => Check(), null, Period, Period);
    }

    /// <summary>The watermark of the pipeline: the lowest of its sources, or null if that is not an event time.</summary>
    public DateTimeOffset? Watermark
    {
        get
        {
            var reached = Sources().Select(source => Reached(source.Key, source))
                .Where(static watermark => watermark != Watermarks.End)
                .ToList();
            return reached.Count == 0 ? null : ToInstant(reached.Min());
        }
    }

    /// <summary>The splits that currently hold event time back, with their sources and the duration.</summary>
    public IEnumerable<(string Source, int Subtask, string Split, TimeSpan For)> Stalls => _stalls
        .Select(stall => (stall.Key, stall.Value, For: _time.GetElapsedTime(stall.Value.Since)))
        .Where(static stall => stall.For >= StallThreshold && stall.Value.IsReportable)
        .SelectMany(static stall => stall.Value.Splits.Select(split => (stall.Key, split.Subtask, split.Id, stall.For)));

    /// <summary>The slowest split of each source.</summary>
    public IEnumerable<SlowestSplit> SlowestSplits => _slowest.Values.OrderBy(static split => split.Source, StringComparer.Ordinal);

    /// <summary>The slowest split of all sources, or null if all are idle or have ended.</summary>
    public SlowestSplit? Slowest =>
        SlowestSplits.MinBy(static split => split.Watermark ?? DateTimeOffset.MinValue);

    /// <summary>Names the splits that hold event time back, with the remedy, or null if there are none.</summary>
    public string? Problem => _stalls
        .Where(stall => stall.Value.IsReportable && _time.GetElapsedTime(stall.Value.Since) >= StallThreshold)
        .OrderBy(static stall => stall.Key, StringComparer.Ordinal)
        .Select(static stall =>
            $"Source '{stall.Key}': the splits {stall.Value.Names} {stall.Value.Rows}, and hold event time back. If a split may have no "
                + $"rows for a long time, set Idle on the [EventTime] of the source, or Sources:{stall.Key}:Idle.")
        .FirstOrDefault();

    /// <summary>Returns the watermark of a source, or null if it is not an event time.</summary>
    public DateTimeOffset? WatermarkOf(string source) =>
        Sources().FirstOrDefault(found => found.Key == source) is { } found ? ToInstant(Reached(source, found)) : null;

    /// <summary>Returns the slowest split of a source, or null if all are idle or have ended.</summary>
    public SlowestSplit? SlowestOf(string source) => _slowest.GetValueOrDefault(source);

    /// <summary>Determines whether a subtask of a source is paused because others are too far behind.</summary>
    public bool IsPaused(string source) => Drivers().Any(driver => driver.Id == source && driver.IsPaused);

    /// <summary>Returns the splits of a source that hold event time back.</summary>
    public IReadOnlyList<string> StalledSplits(string source) =>
        [.. Stalls.Where(stall => stall.Source == source).Select(static stall => stall.Split)];

    public void Dispose() => _timer.Dispose();

    private static DateTimeOffset? ToInstant(long watermark) =>
        Watermarks.IsInstant(watermark) ? EventTimes.ToDateTimeOffset(watermark) : null;

    private IEnumerable<ISourceDriver> Drivers() =>
        _graph.Subtasks.Select(static subtask => subtask.Source).OfType<ISourceDriver>().Where(static source => source.HasEventTime);

    private IEnumerable<IGrouping<string, ISourceDriver>> Sources() => Drivers().GroupBy(static source => source.Id);

    // The watermark shown never decreases, like that of operators: an idle split that has rows again may be behind it.
    private long Reached(string source, IEnumerable<ISourceDriver> drivers)
    {
        var now = SplitTime.Combined([.. drivers.SelectMany(static driver => driver.SplitTimes())]);
        return _reached.AddOrUpdate(source, now, (_, before) => Math.Max(before, now));
    }

    private void Check()
    {
        lock (_gate)
        {
            var sources = Sources().ToDictionary(static source => source.Key, static source => source.ToList());
            var splits = sources.ToDictionary(
                static source => source.Key,
                static source => source.Value
                    .SelectMany(static driver => driver.SplitTimes().Select(split => new WatchedSplit(split, driver.Subtask)))
                    .ToList());
            foreach (var (source, times) in splits)
            {
                RecordSlowest(source, times);
            }

            foreach (var (source, drivers) in sources.Where(static source => source.Value[0].WaitsForQuietSplits))
            {
                var groups = _graph.Sources.GroupsWith(source).Select(others => others.Where(sources.ContainsKey).ToList()).ToList();
                var isWaitedFor = groups.SelectMany(static others => others)
                    .Append(source)
                    .Any(other => sources[other].Exists(static driver => driver.IsPaused));
                Check(
                    source,
                    splits[source],
                    [.. groups.Select(others => others.SelectMany(other => splits[other]).ToList())],
                    isWaitedFor);
            }
        }
    }

    private void RecordSlowest(string source, List<WatchedSplit> splits)
    {
        var slowest = splits.Where(static split => split.Time.IsActive)
            .OrderBy(static split => split.Time.Watermark)
            .ThenBy(static split => split.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        if (slowest == null)
        {
            _slowest.TryRemove(source, out _);
            return;
        }

        var found = new SlowestSplit(source, slowest.Subtask, slowest.Id, ToInstant(slowest.Time.Watermark), _time.GetUtcNow());
        _slowest.AddOrUpdate(source, found, (_, known) => known with { Since = found.Since } == found ? known : found);
    }

    private void Check(string source, List<WatchedSplit> splits, List<List<WatchedSplit>> groups, bool isWaitedFor)
    {
        var active = splits.Where(static split => split.Time.IsActive).ToList();
        var lowest = Lowest(active);
        var behind = active.Where(split => split.Time.Watermark == lowest).ToList();

        // A task waits for the split that is behind all others whose rows reach it.
        var waiting = groups
            .Where(others => lowest <= Lowest(others.Where(static split => split.Time.IsActive)))
            .SelectMany(static others => others);
        var furthest = splits.Concat(waiting).Select(static split => split.Time.Watermark).DefaultIfEmpty(Watermarks.None).Max();

        // A split with unread rows holds time back only until they are read.
        if (behind.Count == 0 || lowest >= furthest || !behind.TrueForAll(static split => split.Time.IsAtEnd))
        {
            _stalls.TryRemove(source, out _);
            return;
        }

        var names = behind.OrderBy(static split => split.Id, StringComparer.Ordinal).ToArray();
        var stall = _stalls.TryGetValue(source, out var known) && known.Watermark == lowest
            ? known with { Splits = names, Furthest = furthest, IsWaitedFor = isWaitedFor }
            : new Stall(names, lowest, furthest, furthest, isWaitedFor, _time.GetTimestamp());
        _stalls[source] = stall;
        if (stall.IsReportable && _time.GetElapsedTime(stall.Since) >= StallThreshold && _logged.Add(source))
        {
            _graph.Environment.Log.EventTimeStalled(
                source,
                _graph.Environment.Name,
                stall.Names,
                stall.Rows,
                _time.GetUtcNow() - _time.GetElapsedTime(stall.Since),
                EventTimes.ToDateTimeOffset(furthest));
        }
    }

    private static long Lowest(IEnumerable<WatchedSplit> splits) =>
        splits.Select(static split => split.Time.Watermark).DefaultIfEmpty(Watermarks.End).Min();

    private sealed record WatchedSplit(SplitTime Time, int Subtask)
    {
        public string Id => Time.Id;
    }

    private sealed record Stall(WatchedSplit[] Splits, long Watermark, long FurthestAtFirst, long Furthest, bool IsWaitedFor, long Since)
    {
        /// <summary>Indicates whether the hold should be reported. If all splits are quiet, none holds back the others.</summary>
        public bool IsReportable => Watermark == Watermarks.None || Furthest > FurthestAtFirst || IsWaitedFor;

        /// <summary>The splits, for messages.</summary>
        public string Names =>
            string.Join(", ", Splits.Take(5).Select(static split => $"{split.Id} (subtask {split.Subtask})"))
            + (Splits.Length > 5 ? $" and {Splits.Length - 5} more" : "");

        /// <summary>The time of their last rows, for messages.</summary>
        public string Rows =>
            Watermark == Watermarks.None ? "have never had a row" : $"have had no rows since {EventTimes.ToDateTimeOffset(Watermark):O}";
    }
}
