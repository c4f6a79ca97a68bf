using System.Globalization;

namespace Penstock.Sources.Files;

/// <summary>
/// Reads the files that are there and those that come while the pipeline runs. Each file falls to one of a few lanes by its path; a subtask reads the
/// files of its lanes one after the other, in the order in which it finds them, those of one listing by their paths. The lanes are the splits: their number
/// is fixed, so that each finds its files again at every parallelism.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="files">Opens single files.</param>
/// <param name="options">Where they are.</param>
/// <param name="extensions">The extensions of the files that are taken from a folder.</param>
/// <param name="context">What the source is created from.</param>
internal sealed class PolledFileSource<T>(ISource<T> files, FileSourceOptions options, string[] extensions, SourceContext context) : IStreamingSource<T>
{
    /// <summary>How many lanes there are: no more subtasks can read.</summary>
    public const int Lanes = 16;

    private const string Separator = ", lane ";

    private readonly PolledLane<T>?[] _lanes = new PolledLane<T>?[Lanes];
    private readonly Dictionary<string, InputFile> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private FilePoller? _poller;
    private PolledLane<T>? _active;

    public string PositionName => files.PositionName;

    public bool IsOpenEnded => true;

    // A listing says that there is no more; nothing can be on its way.
    public bool IsIdleAtEnd => true;

    /// <summary>Whether it is known which files there are.</summary>
    public bool IsKnown => _poller is { IsKnown: true };

    public IReadOnlyList<SourceSplit> Discover()
    {
        // So that a wrong path, or one that nobody may read, is told at the start.
        List();
        return [.. Enumerable.Range(0, Lanes).Select(lane => new SourceSplit(string.Create(CultureInfo.InvariantCulture, $"{options.Path}{Separator}{lane}")))];
    }

    public int SlotOf(SourceSplit split) => LaneOf(split);

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        _lanes[LaneOf(split)] = new PolledLane<T>(this, split.Id, position, badRows);

    public ISplitReader<T> OpenNew(SourceSplit split, IBadRowHandler badRows) => Open(split, [], badRows);

    public void Begin(Action available)
    {
        _poller = new FilePoller(context.Id, List, options.Poll!.Value, context.Time, context.Log);
        _poller.Start(available);
    }

    public ISplitReader<T>? Next()
    {
        while (_poller!.Take() is { } listing)
        {
            Add(listing);
        }

        if (_active is not { Current: not null })
        {
            _active = Array.Find(_lanes, static lane => lane is { Current: not null }) ?? BeginNext();
        }

        return _active;
    }

    public IReadOnlyList<SourceSplit> TakeNew() => [];

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        // Nobody wants to know.
    }

    /// <summary>Opens a file.</summary>
    public ISplitReader<T> OpenFile(InputFile file, ReadOnlySpan<byte> position, IBadRowHandler badRows) => files.Open(new SourceSplit(file.Path, file.Fingerprint), position, badRows);

    public void Dispose() => _poller?.Dispose();

    private static int LaneOf(SourceSplit split) => int.Parse(split.Id.AsSpan(split.Id.LastIndexOf(Separator, StringComparison.Ordinal) + Separator.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    private IReadOnlyList<InputFile> List()
    {
        try
        {
            return options.Input.Find(options.Path, extensions);
        }
        catch (InputNotFoundException)
        {
            return [];
        }
    }

    private void Add(IReadOnlyList<InputFile> listing)
    {
        var listed = new HashSet<UInt128>(listing.Count);
        foreach (var file in listing)
        {
            var key = ReadFiles.KeyOf(file.Path);
            listed.Add(key);
            if (_lanes[(int)(key % Lanes)] is { } lane)
            {
                Add(lane, key, file);
            }
        }

        // A place that shows nothing at all may be one that is not mounted: who forgets then would read all of it once more.
        if (listed.Count == 0)
        {
            return;
        }

        foreach (var lane in _lanes)
        {
            lane?.Done.Keep(listed);
        }

        foreach (var path in _waiting.Keys.Where(path => !listed.Contains(ReadFiles.KeyOf(path))).ToList())
        {
            _waiting.Remove(path);
            _lanes[(int)(ReadFiles.KeyOf(path) % Lanes)]!.Waiting--;
        }
    }

    private void Add(PolledLane<T> lane, UInt128 key, InputFile file)
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
            if (!_waiting.ContainsKey(file.Path))
            {
                _order.Enqueue(file.Path);
                lane.Waiting++;
            }

            _waiting[file.Path] = file;
        }
    }

    private PolledLane<T>? BeginNext()
    {
        while (_order.TryDequeue(out var path))
        {
            // It may be gone again.
            if (_waiting.Remove(path, out var file))
            {
                var lane = _lanes[(int)(ReadFiles.KeyOf(path) % Lanes)]!;
                lane.Begin(file);
                return lane;
            }
        }

        return null;
    }

    private SourceChangedException Changed(InputFile file, string when) => new(
        $"Source '{context.Id}': '{file.Path}' was changed {when}. Put it back as it was, and what is new under another name; let writers move files in when they are whole.");
}
