using System.Buffers;
using MemoryPack;
using Penstock.Generator.Schemas;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Timers;

/// <content>Timers in checkpoints, and how they are restored.</content>
public sealed partial class TimerTable<TKey>
{
    string IStatePart.Id => _id + StateSuffix.Timers;

    string IStatePart.Schema => $"timers({TKey.Schema}){{Time:int64}}";

    KeyGroupRange? IStatePart.KeyGroups => _range.Groups;

    IFrozenPart IStatePart.Freeze(bool all) =>
        new FrozenTimers<TKey>(
            new TimerProgress(_reached, _firedTo),
            _timers.Freeze(all),
            _nextOverdue.Freeze(all: true),
            _overdue.Freeze(all: true),
            _watermark == Watermarks.End);

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var newest = ReadHead(saved[^1], state);

        // Sources announce their watermarks again. That is no advance, for which timers of the past would fire.
        _reached = _watermark = _firingFor = Math.Max(_reached, newest.Progress.Reached);
        _firedTo = Math.Max(_firedTo, newest.Progress.FiredTo);
        for (var index = FindWhole(saved, state); index < saved.Count; index++)
        {
            var reader = new MemoryPackReader(saved[index], state);
            FrozenTimers<TKey>.ReadHead(ref reader);
            ReadChanges(ref reader, newest.First);
            if (index == saved.Count - 1)
            {
                ReadOverdue(ref reader, _nextOverdue);
                ReadOverdue(ref reader, _overdue);
            }

            reader.Dispose();
        }
    }

    // Another subtask may have advanced further. The timers that it has passed are overdue here, too, and fire for its advance.
    void IStatePart.Restored()
    {
        while (_firedTo != Watermarks.None && _timers.TryPeek(_firedTo + 1, out var passed))
        {
            _timers.Take();
            _overdue.TryAdd(passed);
        }
    }

    void IStatePart.Forget()
    {
        _timers.Clear();
        _nextOverdue.Clear();
        _overdue.Clear();
        ForgetProgress();
    }

    void IStatePart.ForgetWatermark() => ForgetProgress();

    private void ForgetProgress() =>
        _watermark = _reached = _firedTo = _firing = _firingFor = Watermarks.None;

    private static TimerHead<TKey> ReadHead(in ReadOnlySequence<byte> saved, MemoryPackReaderOptionalState state)
    {
        var reader = new MemoryPackReader(saved, state);
        var head = FrozenTimers<TKey>.ReadHead(ref reader);
        reader.Dispose();
        return head;
    }

    // The newest checkpoint that has all timers. The first one of a chain does.
    private static int FindWhole(IReadOnlyList<ReadOnlySequence<byte>> saved, MemoryPackReaderOptionalState state)
    {
        var index = saved.Count - 1;
        while (index > 0 && !ReadHead(saved[index], state).IsWhole)
        {
            index--;
        }

        return index;
    }

    private void ReadChanges(ref MemoryPackReader reader, FirstTimer<TKey> first)
    {
        for (var count = reader.ReadUnmanaged<int>(); count != 0; count = reader.ReadUnmanaged<int>())
        {
            for (; count > 0; count--)
            {
                var change = FrozenTimers<TKey>.ReadChange(ref reader);
                if (first.Includes(in change) && _range.Owns(change.Key))
                {
                    _timers.Restore(in change);
                }
            }
        }
    }

    private void ReadOverdue(ref MemoryPackReader reader, OrderedEntries<TimerEntry<TKey>> overdue)
    {
        for (var count = reader.ReadUnmanaged<int>(); count != 0; count = reader.ReadUnmanaged<int>())
        {
            for (; count > 0; count--)
            {
                var timer = FrozenTimers<TKey>.ReadChange(ref reader);
                if (_range.Owns(timer.Key))
                {
                    overdue.TryAdd(new TimerEntry<TKey>(timer.Time, timer.Key));
                }
            }
        }
    }
}
