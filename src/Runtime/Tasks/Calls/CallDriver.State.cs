using System.Buffers;
using MemoryPack;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Tasks;

/// <content>The rows in a checkpoint: those in flight, and those that were received and have not been called.</content>
internal sealed partial class CallDriver<TIn, TResult, TOut, TCall, TCodec>
{
    // Restored rows do not come from a channel of this attempt. Each has the watermark that its split had before it.
    private readonly InputChannel _restoredChannel = new(0, -1);
    private readonly Queue<SavedCall<TIn>> _restored = new();

    // The watermarks of channels that were known when the attempt started; they hold after the restored rows.
    private readonly List<(InputChannel Channel, long Watermark)> _announced = [];
    private long _restoredSplit = Watermarks.None;

    public string Id => _operator.Id;

    public string Schema => $"calls{{{TCodec.Schema}}}";

    public string AcceptedSchema => $"calls{{{TCodec.AcceptedSchema ?? TCodec.Schema}}}";

    public IFrozenPart Freeze(bool all)
    {
        var rows = new List<SavedCall<TIn>>(_list.Rows + _restored.Count);
        var splits = new Dictionary<InputChannel, long>();
        for (var entry = _list.First; entry != null; entry = entry.Next)
        {
            if (entry.IsUpdate)
            {
                splits[entry.Channel] = entry.SplitWatermark;
            }
            else
            {
                rows.Add(new(SplitOf(entry.Channel), entry.Time, entry.Row));
            }
        }

        rows.AddRange(_restored);
        var (row, update) = (_row, _update);
        foreach (var (input, batch) in _input)
        {
            for (; row < batch.Count; row++)
            {
                PassUpdates(input, batch, row);
                rows.Add(new(SplitOf(input), batch.Times[row], batch.Rows[row]));
            }

            PassUpdates(input, batch, row);
            (row, update) = (0, 0);
        }

        return new FrozenCalls<TIn, TCodec>(rows);

        long SplitOf(InputChannel channel) => splits.TryGetValue(channel, out var split) ? split : channel.SplitWatermark;

        void PassUpdates(InputChannel input, Batch<TIn> batch, int upTo)
        {
            for (; update < batch.WatermarkUpdates.Length && batch.WatermarkUpdates[update].Index <= upTo; update++)
            {
                splits[input] = batch.WatermarkUpdates[update].SplitWatermark;
            }
        }
    }

    /// <summary>
    /// At any parallelism, the rows of one subtask are restored by one subtask, in their order. They have no key, so any subtask may call
    /// them.
    /// </summary>
    public void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        if (writer.Subtask % _context.Parallelism != _context.Subtask)
        {
            return;
        }

        using var rows = new SavedStates<KeptRow<TIn>, TCodec>(schema, this);
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved[^1], state);
        for (var count = reader.ReadUnmanaged<int>(); count > 0; count--)
        {
            reader.ReadUnmanaged(out long split, out long time);
            rows.Read(ref reader, out var row);
            _restored.Enqueue(new(split, time, row.Row));
        }

        reader.Dispose();
    }

    public void Forget() => _restored.Clear();

    public void Open()
    {
        if (_restored.Count == 0)
        {
            return;
        }

        foreach (var channel in _task.Inputs.Where(static input => input.CombinedWatermark != Watermarks.None))
        {
            _announced.Add((channel, channel.CombinedWatermark));
            channel.CombinedWatermark = Watermarks.None;
        }
    }

    private bool TryStartRestored()
    {
        var saved = _restored.Peek();
        if (!HasRoomForUpdates || !MayStart(_restored.Count))
        {
            return false;
        }

        if (saved.SplitWatermark != _restoredSplit)
        {
            _restoredSplit = saved.SplitWatermark;
            Enqueue(_restoredChannel, saved.SplitWatermark, Watermarks.None);
        }

        Start(_restoredChannel, in saved.Row, saved.Time);
        _restored.Dequeue();
        if (_restored.Count == 0)
        {
            _announced.ForEach(known => Enqueue(known.Channel, Watermarks.None, known.Watermark));
        }

        return true;
    }
}

/// <summary>A row in flight in a checkpoint.</summary>
/// <typeparam name="TIn">The type of the row.</typeparam>
/// <param name="splitWatermark">The watermark of its split before the row.</param>
/// <param name="time">Its event time.</param>
/// <param name="row">The row.</param>
internal readonly struct SavedCall<TIn>(long splitWatermark, long time, TIn row)
{
    public readonly long SplitWatermark = splitWatermark;
    public readonly long Time = time;
    public readonly TIn Row = row;
}

/// <summary>The rows in flight as of a barrier, in their order.</summary>
/// <typeparam name="TIn">The type of the rows.</typeparam>
/// <typeparam name="TCodec">The codec of a row.</typeparam>
internal sealed class FrozenCalls<TIn, TCodec>(IReadOnlyList<SavedCall<TIn>> rows) : IFrozenPart
    where TCodec : struct, IStateCodec<KeptRow<TIn>>
{
    public void Write(StateStream stream)
    {
        stream.Write(rows.Count, static (ref writer, count) => writer.WriteUnmanaged(count));
        foreach (var row in rows)
        {
            stream.Write(row, static (ref writer, row) =>
            {
                writer.WriteUnmanaged(row.SplitWatermark, row.Time);
                TCodec.Write(ref writer, new KeptRow<TIn> { Row = row.Row });
            });
        }
    }

    public void End()
    {
        // There is nothing to release.
    }
}
