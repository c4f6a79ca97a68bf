using System.Collections.Concurrent;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Hosting;

/// <summary>
/// Watches over the event time of the sources of one attempt, beside the threads that read them: how far it has come, and which splits
/// without rows hold it back, that of their own source or that of a union with others. Those are named in the log, once.
/// </summary>
internal sealed class SourceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ExecutionGraph _graph;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, long> _reached = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public SourceWatch(ExecutionGraph graph)
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
            var reached = Sources().Select(source => Reached(source.Key, source))
                .Where(static watermark => watermark != Watermarks.End)
                .ToList();
            return reached.Count == 0 ? null : ToInstant(reached.Min());
        }
    }

    /// <summary>The splits that hold event time back at the moment, with their sources, and for how long they have.</summary>
    public IEnumerable<(string Source, string Split, TimeSpan For)> Holding => _holds
        .Select(hold => (hold.Key, hold.Value, For: _time.GetElapsedTime(hold.Value.Since)))
        .Where(static hold => hold.For >= Patience && hold.Value.HasOthersMoved)
        .SelectMany(static hold => hold.Value.Splits.Select(split => (hold.Key, split, hold.For)));

    /// <summary>Says who holds event time back and what helps; null where nobody does.</summary>
    public string? Problem => _holds
        .Where(hold => hold.Value.HasOthersMoved && _time.GetElapsedTime(hold.Value.Since) >= Patience)
        .OrderBy(static hold => hold.Key, StringComparer.Ordinal)
        .Select(static hold =>
            $"Source '{hold.Key}': the splits {hold.Value.Names} {hold.Value.Rows}, and hold event time back. If a split may have nothing "
                + $"to say, set Idle on the [EventTime] of the source, or Sources:{hold.Key}:Idle.")
        .FirstOrDefault();

    /// <summary>The watermark of a source; null where it is no instant.</summary>
    public DateTimeOffset? WatermarkOf(string source) =>
        Sources().FirstOrDefault(found => found.Key == source) is { } found ? ToInstant(Reached(source, found)) : null;

    /// <summary>Whether a subtask of a source is held, because others are too far behind.</summary>
    public bool IsHeld(string source) => Drivers().Any(driver => driver.Id == source && driver.IsHeld);

    /// <summary>The splits of a source that hold event time back.</summary>
    public IReadOnlyList<string> HeldBackBy(string source) =>
        [.. Holding.Where(hold => hold.Source == source).Select(static hold => hold.Split)];

    public void Dispose() => _timer.Dispose();

    private static DateTimeOffset? ToInstant(long watermark) =>
        Watermarks.IsInstant(watermark) ? EventTimes.ToDateTimeOffset(watermark) : null;

    private IEnumerable<ISourceDriver> Drivers() =>
        _graph.Subtasks.Select(static subtask => subtask.Source).OfType<ISourceDriver>().Where(static source => source.HasEventTime);

    private IEnumerable<IGrouping<string, ISourceDriver>> Sources() => Drivers().GroupBy(static source => source.Id);

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
            var sources = Sources().ToDictionary(static source => source.Key, static source => source.ToList());
            var splits = sources.ToDictionary(
                static source => source.Key,
                static source => source.Value.SelectMany(static driver => driver.SplitTimes()).ToList());
            foreach (var (source, drivers) in sources.Where(static source => source.Value[0].WaitsForQuietSplits))
            {
                var unions = _graph.Sources.UnionsOf(source).Select(others => others.Where(sources.ContainsKey).ToList()).ToList();
                var isWaitedFor = unions.SelectMany(static others => others)
                    .Append(source)
                    .Any(other => sources[other].Exists(static driver => driver.IsHeld));
                Check(
                    source,
                    splits[source],
                    [.. unions.Select(others => others.SelectMany(other => splits[other]).ToList())],
                    isWaitedFor);
            }
        }
    }

    private void Check(string source, List<SplitTime> splits, List<List<SplitTime>> unions, bool isWaitedFor)
    {
        var active = splits.Where(static split => split.IsActive).ToList();
        var lowest = Lowest(active);
        var behind = active.Where(split => split.Watermark == lowest).ToList();

        // A union waits for what is behind all others in it.
        var waiting = unions
            .Where(others => lowest <= Lowest(others.Where(static split => split.IsActive)))
            .SelectMany(static others => others);
        var furthest = splits.Concat(waiting).Select(static split => split.Watermark).DefaultIfEmpty(Watermarks.None).Max();

        // A split with rows to be read holds time back for as long as that takes, and no longer.
        if (behind.Count == 0 || lowest >= furthest || !behind.TrueForAll(static split => split.IsAtEnd))
        {
            _holds.TryRemove(source, out _);
            return;
        }

        var names = behind.Select(static split => split.Id).Order(StringComparer.Ordinal).ToArray();
        var hold = _holds.TryGetValue(source, out var known) && known.Watermark == lowest
            ? known with { Splits = names, Furthest = furthest, IsWaitedFor = isWaitedFor }
            : new Hold(names, lowest, furthest, furthest, isWaitedFor, _time.GetTimestamp());
        _holds[source] = hold;
        if (hold.HasOthersMoved && _time.GetElapsedTime(hold.Since) >= Patience && _told.Add(source))
        {
            _graph.Environment.Log.TimeHeldBack(
                source,
                _graph.Environment.Name,
                hold.Names,
                hold.Rows,
                EventTimes.ToDateTimeOffset(furthest));
        }
    }

    private static long Lowest(IEnumerable<SplitTime> splits) =>
        splits.Select(static split => split.Watermark).DefaultIfEmpty(Watermarks.End).Min();

    private sealed record Hold(string[] Splits, long Watermark, long FurthestAtFirst, long Furthest, bool IsWaitedFor, long Since)
    {
        /// <summary>Whether the hold is worth telling: when all are quiet, no split holds back the others.</summary>
        public bool HasOthersMoved => Watermark == Watermarks.None || Furthest > FurthestAtFirst || IsWaitedFor;

        /// <summary>The splits, for people.</summary>
        public string Names => string.Join(", ", Splits.Take(5)) + (Splits.Length > 5 ? $" and {Splits.Length - 5} more" : "");

        /// <summary>What rows they have had.</summary>
        public string Rows =>
            Watermark == Watermarks.None ? "have never had a row" : $"have had no rows since {EventTimes.ToDateTimeOffset(Watermark):O}";
    }
}
