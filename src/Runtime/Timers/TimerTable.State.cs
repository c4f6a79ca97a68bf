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
        new FrozenTimers<TKey>(new TimerProgress(_reached, _firedTo), _entries.Freeze(all), _past.Freeze(all: true));

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var newest = new MemoryPackReader(saved[^1], state);
        var (progress, first) = FrozenTimers<TKey>.ReadHead(ref newest);
        newest.Dispose();
        _reached = _watermark = Math.Max(_reached, progress.Reached);
        _firedTo = Math.Max(_firedTo, progress.FiredTo);
        for (var index = 0; index < saved.Count; index++)
        {
            var reader = new MemoryPackReader(saved[index], state);
            FrozenTimers<TKey>.ReadHead(ref reader);
            ReadEntries(ref reader, first);
            if (index == saved.Count - 1)
            {
                ReadPast(ref reader);
            }

            reader.Dispose();
        }
    }

    void IStatePart.Forget()
    {
        _entries.Clear();
        _past.Clear();
        ForgetProgress();
    }

    void IStatePart.ForgetWatermark() => ForgetProgress();

    private void ForgetProgress() =>
        (_watermark, _reached, _firedTo, _firing) = (Watermarks.None, Watermarks.None, Watermarks.None, Watermarks.None);

    private void ReadPast(ref MemoryPackReader reader)
    {
        for (var count = reader.ReadUnmanaged<int>(); count != 0; count = reader.ReadUnmanaged<int>())
        {
            for (; count > 0; count--)
            {
                var entry = FrozenTimers<TKey>.ReadEntry(ref reader);
                if (_range.Owns(entry.Key))
                {
                    _past.TryAdd(in entry);
                }
            }
        }
    }

    // Timers before the first one of the newest checkpoint have fired since they were saved.
    private void ReadEntries(ref MemoryPackReader reader, TimerEntry<TKey>? first)
    {
        while (reader.ReadUnmanaged<int>() is not 0 and var count)
        {
            for (; count < 0; count++)
            {
                _entries.Remove(FrozenTimers<TKey>.ReadEntry(ref reader));
            }

            for (; count > 0; count--)
            {
                var entry = FrozenTimers<TKey>.ReadEntry(ref reader);
                if (first is { } kept && TimerEntry<TKey>.Compare(in entry, in kept) >= 0 && _range.Owns(entry.Key))
                {
                    _entries.TryAdd(in entry);
                }
            }
        }
    }
}
