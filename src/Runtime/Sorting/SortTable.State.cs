using System.Buffers;
using MemoryPack;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Sorting;

/// <content>The rows in checkpoints, and how they are restored.</content>
public sealed partial class SortTable<TKey, TRow, TRowCodec, TStateCodec>
{
    // The rows that were added since the last freeze, including those that were passed on.
    private long _added;

    // Rows before this position are in earlier checkpoints.
    private RowPosition _saved;

    // The checkpoints of this chain have all rows that were added before the last freeze.
    private bool _isChained;

    string IStatePart.Id => _id;

    string IStatePart.Schema => SchemaOf(TStateCodec.Schema);

    KeyGroupRange? IStatePart.KeyGroups => _range.Groups;

    string IStatePart.AcceptedSchema => SchemaOf(TStateCodec.AcceptedSchema ?? TStateCodec.Schema);

    bool IStatePart.HasHead => true;

    IFrozenPart IStatePart.Freeze(bool all)
    {
        // To save all rows is less than twice the work if half of them are new, and a restore then needs no older ones.
        var isWhole = all || !_isChained || _added * 2 >= _rows.Count;
        var head = new SortHead(_reached, isWhole, _passed);
        var frozen = new FrozenSort<TRow, TRowCodec, TStateCodec>(
            head,
            isWhole ? default : _saved,
            _rows.Freeze(),
            _order.Freeze(all: true));
        (_added, _saved, _isChained) = (0, _rows.End, true);
        return frozen;
    }

    // The state may come from several subtasks, one of which may have advanced further than another while inputs were idle. Rows that wait
    // are still passed on here, but rows that would have been late for that subtask are late.
    void IStatePart.RestoreHead(in ReadOnlySequence<byte> newest) => Reach(SortHead.Read(newest).Reached);

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var newest = SortHead.Read(saved[^1]);
        Reach(newest.Reached);
        using var states = new SavedStates<KeptRow<TRow>, TStateCodec>(schema, this);
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        for (var index = FindWhole(saved); index < saved.Count; index++)
        {
            var reader = new MemoryPackReader(saved[index], state);
            SortHead.Read(ref reader);
            for (var count = reader.ReadUnmanaged<int>(); count != 0; count = reader.ReadUnmanaged<int>())
            {
                for (; count > 0; count--)
                {
                    reader.ReadUnmanaged(out long time, out long position);
                    states.Read(ref reader, out var kept);
                    if (newest.Passed.IsBefore(new SortPlace(time, position)) && Owns(in kept.Row))
                    {
                        Add(in kept.Row, time);
                    }
                }
            }

            reader.Dispose();
        }

        // The positions are new, so that the next checkpoint cannot refer to the rows of earlier ones.
        _isChained = false;
    }

    void IStatePart.Forget()
    {
        _rows.Clear();
        _order.Clear();
        (_passed, _isChained) = (SortPlace.None, false);
        ForgetTime();
    }

    // All rows were passed on, so none were saved.
    void IStatePart.ForgetWatermark() => ForgetTime();

    private void ForgetTime() => (_watermark, _reached) = (Watermarks.None, Watermarks.None);

    private bool Owns(in TRow row) => _range.Parallelism == 1 || _range.Owns(TKey.Of(in row));

    // The newest checkpoint that has all rows. The first one of a chain does.
    private static int FindWhole(IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var index = saved.Count - 1;
        while (index > 0 && !SortHead.Read(saved[index]).IsWhole)
        {
            index--;
        }

        return index;
    }

    private static string SchemaOf(string fields) => $"sorted({TKey.Schema}){{{fields}}}";
}
