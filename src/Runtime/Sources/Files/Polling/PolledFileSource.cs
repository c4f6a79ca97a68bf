using Penstock.Connectors;
using Penstock.Telemetry;

namespace Penstock.Sources.Files;

/// <summary>
/// Reads the files that are there and those that come while the pipeline runs. The path of a file decides which of a few lanes it belongs
/// to; a subtask reads the files of its lanes one after the other, in the order in which it finds them, those of one listing by their
/// paths. The lanes are the splits: their number is fixed, so that a lane has the same files at every parallelism.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="files">Opens single files.</param>
/// <param name="options">Where they are.</param>
/// <param name="poller">Lists them, for all subtasks.</param>
/// <param name="subtask">Who reads them.</param>
internal sealed class PolledFileSource<T>(ISource<T> files, FileSourceOptions options, FilePoller poller, PollingSubtask subtask)
    : IStreamingSource<T>, IConfiguredSource
{
    /// <summary>How many lanes there are: no more subtasks can read.</summary>
    public const int Lanes = 16;

    private readonly PolledLane<T>?[] _lanes = new PolledLane<T>?[Lanes];
    private readonly Dictionary<string, (InputFile File, long Listing)> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<(string Path, long Listing)> _order = new();
    private PolledLane<T>? _active;
    private Action? _available;
    private long _taken;

    public string PositionName => files.PositionName;

    public bool IsOpenEnded => true;

    // A listing says that there is no more; nothing can be on its way.
    public bool IsIdleAtEnd => true;

    /// <summary>Whether it is known which files there are.</summary>
    public bool IsKnown => poller.IsKnown(_taken);

    /// <summary>Whether a listing has come since the start.</summary>
    public bool IsListed => _taken > 0;

    /// <summary>The number of the first listing since the start.</summary>
    public long FirstListing { get; private set; }

    public IReadOnlyList<SourceSplit> Discover()
    {
        // A wrong path, or one that may not be read, is an error at the start. After a restart, a place that cannot be listed is waited
        // for, as while the job runs.
        if (!subtask.IsRestart)
        {
            var listed = poller.List();
            options.SetAside?.WarnOfOthers(listed);
        }

        return [.. Enumerable.Range(0, Lanes).Select(lane => new SourceSplit(new LaneId(options.Path, lane).ToString()))];
    }

    string? IConfiguredSource.WhyGone(string sourceId, SavedSplit saved) => LaneId.WhyNotPolled(sourceId, options.Path, saved.Id);

    public int SlotOf(SourceSplit split) => LaneOf(split);

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        _lanes[LaneOf(split)] = new PolledLane<T>(this, split.Id, position, badRows);

    // The lanes are always the same ones: a checkpoint that knows the source without any split is one of another kind.
    public ISplitReader<T> OpenNew(SourceSplit split, IBadRowHandler badRows) =>
        throw new SourceChangedException(LaneId.WhyNotPolled(subtask.SourceId, options.Path, null), ErrorCodes.ReadOtherwise);

    public void Begin(Action available)
    {
        _available = available;
        poller.Start(subtask.Index, available);
    }

    public ISplitReader<T>? Next()
    {
        if (poller.Take(_taken) is { } listing)
        {
            FirstListing = IsListed ? FirstListing : listing.Number;
            _taken = listing.Number;
            Add(listing);

            // All lanes are read once more, also when they were read just now and gave nothing: what they report depends on the listing.
            _available?.Invoke();
        }

        // Before the first listing, a file that was being read may have been replaced since the checkpoint. And a lane that counts as idle
        // and has files now must hold time back before any of these files is read: otherwise its rows are late behind those of the other
        // lanes.
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

    public IReadOnlyList<SourceSplit> TakeNew() => [];

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        // There is nothing to do: a listing is not changed by a checkpoint.
    }

    /// <summary>Opens a file.</summary>
    public ISplitReader<T> OpenFile(InputFile file, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        files.Open(new SourceSplit(new FileSplit(file.Path, 0, long.MaxValue).Id, file.Fingerprint), position, badRows);

    /// <summary>A file was listed, and gone before a row of it was read.</summary>
    public void NoteGone(InputFile file) => subtask.Log.FileGone(subtask.SourceId, file.Path);

    public void Dispose() => poller.Dispose();

    private static int LaneOf(SourceSplit split) => LaneId.Parse(split.Id)!.Value.Lane;

    private PolledLane<T>? LaneOf(UInt128 key) => _lanes[(int)(key % Lanes)];

    private void Add(Listing listing)
    {
        var listed = new HashSet<UInt128>(listing.Files.Count);
        foreach (var file in listing.Files)
        {
            var key = ReadFiles.KeyOf(file.Path);
            listed.Add(key);
            if (LaneOf(key) is { } lane)
            {
                Add(lane, key, file, listing.Number);
            }
        }

        // An empty listing may mean that the place is not mounted: if the files that were read were forgotten then, all of them would be
        // read once more.
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
                _order.Enqueue((file.Path, listing));
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
            var key = ReadFiles.KeyOf(path);
            if (!listed.Contains(key))
            {
                _waiting.Remove(path);
                LaneOf(key)!.Forgo(waiting.Listing);
            }
        }
    }

    private PolledLane<T>? BeginNext()
    {
        while (_order.TryPeek(out var next) && poller.IsAnnounced(next.Listing))
        {
            _order.Dequeue();

            // It may be gone again, or have come back with a later listing.
            if (_waiting.TryGetValue(next.Path, out var waiting) && waiting.Listing == next.Listing)
            {
                _waiting.Remove(next.Path);
                var lane = LaneOf(ReadFiles.KeyOf(next.Path))!;
                lane.Begin(waiting.File, waiting.Listing);
                return lane;
            }
        }

        return null;
    }

    private SourceChangedException Changed(InputFile file, string when) => new(
        $"Source '{subtask.SourceId}': '{file.Path}' was changed {when}. Put it back as it was, and what is new under another name; let "
            + $"writers move files in when they are whole.");
}
