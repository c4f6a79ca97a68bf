using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>A lower bound of the timers of a frozen version: all earlier ones have fired.</summary>
internal readonly struct FirstTimer<TKey>
    where TKey : struct, IKey<TKey>
{
    public FirstTimer(long time) => Time = time;

    public FirstTimer(long time, TKey key) => (Time, Key, HasKey) = (time, key, true);

    public long Time { get; }

    public bool HasKey { get; }

    public TKey Key { get; }

    /// <summary>Indicates whether a timer is not before this bound.</summary>
    public bool Includes(in TimerChange<TKey> change) =>
        Time < change.Time || (Time == change.Time && (!HasKey || TKey.Compare(Key, change.Key) <= 0));
}

/// <summary>
/// Timers as of a barrier. The subtask continues immediately: it only appends to the chunks that the version contains, or replaces them. So
/// the version can be read without locks.
/// </summary>
/// <param name="memory">The memory account, or null for none.</param>
internal sealed class TimerFreeze<TKey>(StateMemory? memory)
    where TKey : struct, IKey<TKey>
{
    private const int MaxKept = 4_096;

    private readonly List<(TimerChunk<TKey> Chunk, int Count)> _pieces = [];
    private readonly List<TimerChange<TKey>> _run = [];
    private ImageLog<TimerChange<TKey>>? _log;
    private volatile bool _isDone = true;
    private long _copied;

    /// <summary>Indicates whether the frozen version is no longer needed.</summary>
    public bool IsDone => _isDone;

    /// <summary>The number of the freeze, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Indicates whether the version has all timers, and not only the changes since the previous one.</summary>
    public bool IsWhole { get; private set; }

    public FirstTimer<TKey> First { get; private set; }

    public void Begin(int number, bool isWhole, FirstTimer<TKey> first)
    {
        Release();
        (Number, IsWhole, First) = (number, isWhole, first);
        _isDone = false;
    }

    public void Add(TimerChunk<TKey> chunk) => _pieces.Add((chunk, chunk.Count));

    public void AddRun(ReadOnlySpan<TimerEntry<TKey>> timers)
    {
        // Usually a few hundred; all timers of an instant while they fire.
        _copied = timers.Length * (long)Unsafe.SizeOf<TimerChange<TKey>>();
        memory?.Add(_copied, 0);
        foreach (ref readonly var timer in timers)
        {
            _run.Add(new TimerChange<TKey>(timer.Time, timer.Key, isDeleted: false));
        }
    }

    /// <summary>Takes the log of changes, and returns an empty one for the next.</summary>
    public ImageLog<TimerChange<TKey>>? TakeLog(ImageLog<TimerChange<TKey>>? log)
    {
        var empty = _log;
        _log = log;
        return empty;
    }

    /// <summary>Visits the changes: those of a timer in the order in which they were made. Called on a background thread.</summary>
    public void Read<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IImageVisitor<TimerChange<TKey>>
    {
        if (!IsWhole)
        {
            _log?.Read(ref visitor);
            return;
        }

        visitor.Visit(CollectionsMarshal.AsSpan(_run));
        foreach (var (chunk, count) in _pieces)
        {
            visitor.Visit(chunk.First(count));
        }
    }

    /// <summary>Ends the freeze. May be called on any thread, but not while the version is read.</summary>
    public void End() => _isDone = true;

    /// <summary>Releases the memory of the version. Called on the thread of the subtask.</summary>
    public void Release()
    {
        _pieces.Clear();
        _run.Clear();
        _run.Capacity = Math.Min(_run.Capacity, MaxKept);
        memory?.Add(-_copied, 0);
        _copied = 0;
        _log?.Clear();
    }
}
