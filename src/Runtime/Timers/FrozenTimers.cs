using MemoryPack;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>How far the timers of a subtask have fired.</summary>
/// <param name="Reached">The furthest watermark, without the end of input.</param>
/// <param name="FiredTo">The time up to which timers have fired.</param>
internal readonly record struct TimerProgress(long Reached, long FiredTo);

/// <summary>
/// The timers as of a barrier. In a checkpoint: the progress; the first timer, if there is one; then blocks as those of a table, each with
/// a count and as many timers, negative for removed ones. An empty block ends them. All timers of the past follow, in such blocks.
/// </summary>
internal sealed class FrozenTimers<TKey>(
    TimerProgress progress,
    OrderedFreeze<TimerEntry<TKey>> entries,
    OrderedFreeze<TimerEntry<TKey>> past) : IFrozenPart
    where TKey : struct, IKey<TKey>
{
    public void Write(StateStream stream)
    {
        stream.Write((progress, entries), static (ref writer, head) =>
        {
            writer.WriteUnmanaged(head.progress.Reached, head.progress.FiredTo, head.entries.Count > 0);
            if (head.entries.Count > 0)
            {
                WriteEntry(ref writer, head.entries.First);
            }
        });
        var removed = new BlockWriter(stream, sign: -1);
        entries.ReadRemoved(ref removed);
        var added = new BlockWriter(stream, sign: 1);
        entries.Read(ref added);
        EndBlocks(stream);
        past.Read(ref added);
        EndBlocks(stream);
    }

    public void End()
    {
        entries.End();
        past.End();
    }

    public static (TimerProgress Progress, TimerEntry<TKey>? First) ReadHead(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long reached, out long firedTo, out bool hasFirst);
        return (new TimerProgress(reached, firedTo), hasFirst ? ReadEntry(ref reader) : null);
    }

    public static TimerEntry<TKey> ReadEntry(ref MemoryPackReader reader)
    {
        var time = reader.ReadUnmanaged<long>();
        return new TimerEntry<TKey>(time, TKey.Read(ref reader));
    }

    private static void EndBlocks(StateStream stream) => stream.Write(0, static (ref writer, end) => writer.WriteUnmanaged(end));

    private static void WriteEntry<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in TimerEntry<TKey> entry)
        where TBuffer : class, System.Buffers.IBufferWriter<byte>
    {
        writer.WriteUnmanaged(entry.Time);
        TKey.Write(ref writer, entry.Key);
    }

    private readonly struct BlockWriter(StateStream stream, int sign) : IImageVisitor<TimerEntry<TKey>>
    {
        public void Visit(ReadOnlySpan<TimerEntry<TKey>> images)
        {
            if (images.IsEmpty)
            {
                return;
            }

            stream.Write(images.Length * sign, static (ref writer, count) => writer.WriteUnmanaged(count));
            stream.Write(images, static (ref writer, entries) =>
            {
                foreach (ref readonly var entry in entries)
                {
                    WriteEntry(ref writer, in entry);
                }
            });
        }
    }
}
