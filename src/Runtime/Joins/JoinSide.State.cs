using System.Buffers;
using MemoryPack;
using Penstock.State;

namespace Penstock.Joins;

/// <content>The rows in checkpoints, and how they are restored.</content>
internal sealed partial class JoinSide<TKey, TRow, TRowCodec, TStateCodec>
{
    // The rows that were added since the last freeze, including those that were removed.
    private long _added;

    // Rows before this position are in earlier checkpoints.
    private RowPosition _saved;

    // The positions of those that have been met since the last freeze, and the log of the freeze before it.
    private ImageLog<long>? _matched;
    private ImageLog<long>? _frozenMatched;

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
        var rows = _rows.Freeze();

        // The previous freeze has ended.
        _frozenMatched?.Clear();
        (_matched, _frozenMatched) = (_frozenMatched, _matched);
        var frozen = new FrozenJoin<TRow, TRowCodec, TStateCodec>(
            new JoinHead(_keys.Reached, _keys.Watermark, isWhole),
            _kept,
            isWhole ? default : _saved,
            rows,
            isWhole ? null : _frozenMatched);
        (_added, _saved, _isChained) = (0, _rows.End, true);
        return frozen;
    }

    // The state may come from several subtasks, one of which may have advanced further than another while inputs were idle. Rows that are
    // passed here are removed when the subtask starts, but rows that would have been late for that subtask are late.
    void IStatePart.RestoreHead(in ReadOnlySequence<byte> newest) => _keys.Reach(JoinHead.Read(newest).Reached);

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var newest = JoinHead.Read(saved[^1]);
        _keys.Reach(newest.Reached);
        var first = FindWhole(saved);
        using var states = new SavedStates<KeptRow<TRow>, TStateCodec>(schema, this);
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var matched = new HashSet<long>();
        for (var index = first; index < saved.Count; index++)
        {
            var reader = new MemoryPackReader(saved[index], state);
            JoinHead.Read(ref reader);
            ReadMatched(ref reader, matched);
            reader.Dispose();
        }

        for (var index = first; index < saved.Count; index++)
        {
            var reader = new MemoryPackReader(saved[index], state);
            JoinHead.Read(ref reader);
            ReadMatched(ref reader, null);
            for (var position = reader.ReadUnmanaged<long>();
                position != FrozenJoin<TRow, TRowCodec, TStateCodec>.EndOfRows;
                position = reader.ReadUnmanaged<long>())
            {
                var stamp = reader.ReadUnmanaged<long>();
                states.Read(ref reader, out var kept);
                var row = new JoinRow<TRow> { Stamp = stamp };
                if (row.Time + _kept >= newest.Passed)
                {
                    Restore(in kept.Row, row.Time, row.IsMatched || matched.Contains(position));
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
        _timers.Clear();
        _isChained = false;
        _keys.Clear();
    }

    // All rows were passed, so none were saved.
    void IStatePart.ForgetWatermark() => _keys.ForgetTime();

    private void Restore(in TRow row, long time, bool isMatched)
    {
        var key = _keyOf(row);
        if (_range.Owns(key))
        {
            Add(ref ListOf(ref _keys.GetOrAdd(key, _keys.HashOf(key))), key, in row, time, isMatched);
        }
    }

    private static void ReadMatched(ref MemoryPackReader reader, HashSet<long>? matched)
    {
        for (var count = reader.ReadUnmanaged<int>(); count != 0; count = reader.ReadUnmanaged<int>())
        {
            for (; count > 0; count--)
            {
                var position = reader.ReadUnmanaged<long>();
                matched?.Add(position);
            }
        }
    }

    // The newest checkpoint that has all rows. The first one of a chain does.
    private static int FindWhole(IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        var index = saved.Count - 1;
        while (index > 0 && !JoinHead.Read(saved[index]).IsWhole)
        {
            index--;
        }

        return index;
    }

    // Which rows are kept, and which of them count as matched, depends on the interval and on the methods: a start with others is refused.
    private string SchemaOf(string fields)
    {
        var (lower, upper) = _isLeft ? (_from, _to) : (-_to, -_from);
        return $"joined({TKey.Schema};{lower},{upper},{(int)_mode}){{{fields}}}";
    }
}
