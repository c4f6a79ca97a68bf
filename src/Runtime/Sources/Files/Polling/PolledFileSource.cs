using Penstock.Connectors;
using Penstock.Telemetry;

namespace Penstock.Sources.Files;

/// <summary>
/// Reads the existing files and those that appear while the pipeline runs. The path of a file determines which of a fixed number of lanes
/// it belongs to. A subtask reads the files of its lanes one after the other, in the order in which they appear, and by path within one
/// listing. The lanes are the splits: their number is fixed, so that a lane has the same files at every parallelism.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="files">Opens single files.</param>
/// <param name="options">The options of the files.</param>
/// <param name="poller">Lists the files for all subtasks.</param>
/// <param name="subtask">The subtask that reads them.</param>
internal sealed class PolledFileSource<T>(ISource<T> files, FileSourceOptions options, FilePoller poller, PollingSubtask subtask)
    : IStreamingSource<T>, IConfiguredSource
{
    /// <summary>The number of lanes, and thus of subtasks that can read.</summary>
    public const int Lanes = 16;

    private readonly PolledLane<T>?[] _lanes = new PolledLane<T>?[Lanes];
    private readonly Dictionary<string, (InputFile File, long Listing)> _waiting = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Path, long Listing)> _order = new();
    private PolledLane<T>? _active;
    private Action? _available;
    private long _taken;

    // The file that was missing when it was opened, and the last listing at that time.
    private (string Path, long Taken)? _missing;

    public string PositionName => files.PositionName;

    public bool IsUnbounded => true;

    // A listing shows that there are no more files; none can be in transit.
    public bool IsIdleAtEnd => true;

    /// <summary>Indicates whether the current files are known.</summary>
    public bool IsKnown => poller.IsKnown(_taken);

    /// <summary>Indicates whether a listing with files has been taken since the start.</summary>
    public bool IsListed => FirstListing > 0;

    /// <summary>The number of the first listing with files since the start; 0 before it. The place may not be mounted before.</summary>
    public long FirstListing { get; private set; }

    public IReadOnlyList<SourceSplit> Discover()
    {
        // A wrong or unreadable path is an error at the start. After a restart, a place that cannot be listed is retried, as it is while
        // the job runs.
        if (!subtask.IsRestart)
        {
            var listed = poller.List();
            options.SkipFiles?.WarnOfOthers(listed);
        }

        return [.. Enumerable.Range(0, Lanes).Select(lane => new SourceSplit(new LaneId(options.Path, lane).ToString()))];
    }

    string? IConfiguredSource.FindResumeProblem(string sourceId, SavedSplit saved) =>
        LaneId.DescribePollingChange(sourceId, options.Path, saved.Id);

    public int SlotOf(SourceSplit split) => LaneOf(split);

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        _lanes[LaneOf(split)] = new PolledLane<T>(this, split.Id, position, badRows);

    // The lanes are always the same: a checkpoint that has the source without any split was taken with another kind of source.
    public ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) =>
        throw new SourceChangedException(LaneId.DescribePollingChange(subtask.SourceId, options.Path, null), ErrorCodes.ReadOtherwise);

    public void Start(Action available)
    {
        _available = available;
        poller.Start(subtask.Index, available);
    }

    public ISplitReader<T>? Next()
    {
        if (poller.Take(_taken) is { } listing)
        {
            FirstListing = IsListed || listing.Files.Count == 0 ? FirstListing : listing.Number;
            _taken = listing.Number;
            Add(listing);

            // All lanes are read again, even those that just returned nothing: their status depends on the listing.
            _available?.Invoke();
        }

        // Before the first listing, a file that was being read may have been replaced since the checkpoint. Also, an idle lane that has
        // files now must hold the watermark back before any of these files is read: otherwise its rows would be late after those of the
        // other lanes.
        if (_taken == 0 || Array.Exists(_lanes, static lane => lane is { CountsAsIdle: true, Waiting: > 0 }))
        {
            return null;
        }

        poller.Announce(subtask.Index, _taken);
        if (_active is not { Current: not null })
        {
            _active = Array.Find(_lanes, static lane => lane is { Current: not null }) ?? BeginNext();
        }

        return _active;
    }

    public IReadOnlyList<SourceSplit> TakeNewSplits() => [];

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        // Nothing to do: a checkpoint does not affect listings.
    }

    /// <summary>Opens a file.</summary>
    public ISplitReader<T> OpenFile(InputFile file, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        files.Open(new SourceSplit(new FileSplit(file.Path, 0, long.MaxValue).Id, file.Fingerprint), position, badRows);

    /// <summary>
    /// Lets a file wait again that is missing, before all others. It was deleted, or the whole place is away: a listing of other files
    /// shows that it was deleted. If it was passed over before, and came back with its place, its rows would be late after the others of
    /// its listing.
    /// </summary>
    public void PutBack(PolledLane<T> lane, InputFile file, long listing)
    {
        _waiting[file.Path] = (file, listing);
        _order.AddFirst((file.Path, listing));
        lane.Await(listing);
        if (_missing?.Path != file.Path)
        {
            poller.ListSoon();
        }

        _missing = (file.Path, _taken);
    }

    public void Dispose() => poller.Dispose();

    private static int LaneOf(SourceSplit split) => LaneId.Parse(split.Id)!.Value.Lane;

    private PolledLane<T>? LaneOf(UInt128 key) => _lanes[(int)(key % Lanes)];

    private void Add(Listing listing)
    {
        var listed = new HashSet<UInt128>(listing.Files.Count);
        foreach (var file in listing.Files)
        {
            var key = CompletedFiles.KeyOf(file.Path);
            listed.Add(key);
            if (LaneOf(key) is { } lane)
            {
                Add(lane, key, file, listing.Number);
            }
        }

        // An empty listing may mean that the place is not mounted. If the read files were forgotten then, all of them would be read again.
        if (listed.Count > 0)
        {
            Forget(listed);
        }
    }

    private void Add(PolledLane<T> lane, UInt128 key, InputFile file, long listing)
    {
        if (lane.Current?.Path == file.Path)
        {
            if (lane.Current.Fingerprint != file.Fingerprint)
            {
                throw Changed(file, "while it was read");
            }
        }
        else if (lane.Done.Contains(key, file.Fingerprint, out var isSame))
        {
            if (!isSame)
            {
                throw Changed(file, "after it was read");
            }
        }
        else
        {
            if (_waiting.TryGetValue(file.Path, out var known))
            {
                listing = known.Listing;
            }
            else
            {
                _order.AddLast((file.Path, listing));
                lane.Await(listing);
            }

            _waiting[file.Path] = (file, listing);
        }
    }

    private void Forget(HashSet<UInt128> listed)
    {
        foreach (var lane in _lanes)
        {
            lane?.Done.Keep(listed);
        }

        foreach (var (path, waiting) in _waiting)
        {
            var key = CompletedFiles.KeyOf(path);
            if (!listed.Contains(key))
            {
                _waiting.Remove(path);
                LaneOf(key)!.RemoveWaiting(waiting.Listing);
                subtask.Log.FileGone(subtask.SourceId, path);
            }
        }
    }

    private PolledLane<T>? BeginNext()
    {
        // The others may be missing for the same reason, and must not be read before the file that is.
        if (_missing?.Taken == _taken)
        {
            return null;
        }

        while (_order.First?.Value is { } next && poller.IsAnnounced(next.Listing))
        {
            _order.RemoveFirst();

            // The file may be gone again, or may have returned with a later listing.
            if (_waiting.TryGetValue(next.Path, out var waiting) && waiting.Listing == next.Listing)
            {
                _waiting.Remove(next.Path);
                var lane = LaneOf(CompletedFiles.KeyOf(next.Path))!;
                lane.Begin(waiting.File, waiting.Listing);
                return lane;
            }
        }

        return null;
    }

    private SourceChangedException Changed(InputFile file, string when) => new(
        $"Source '{subtask.SourceId}': '{file.Path}' was changed {when}. Restore it and add new content under another name; writers "
            + $"should move complete files into the folder.");
}
