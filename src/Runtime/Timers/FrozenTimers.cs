using MemoryPack;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>How far the timers of a subtask have fired.</summary>
/// <param name="Reached">The furthest watermark, without the end of input.</param>
/// <param name="FiredTo">The time up to which timers have fired.</param>
internal readonly record struct TimerProgress(long Reached, long FiredTo);

/// <summary>What stands at the beginning of saved timers.</summary>
/// <param name="Progress">How far they have fired.</param>
/// <param name="IsWhole">Whether all timers follow, and not only the changes since the last checkpoint.</param>
/// <param name="First">Earlier timers have fired.</param>
internal readonly record struct TimerHead<TKey>(TimerProgress Progress, bool IsWhole, FirstTimer<TKey> First)
    where TKey : struct, IKey<TKey>;

/// <summary>
/// The timers as of a barrier. In a checkpoint: the head; then blocks, each with a count and as many changes, those of a timer in the order
/// in which they were made. An empty block ends them. All overdue timers follow in such blocks, those that wait and those that fire.
/// At the end of input all of them wait: a restart gets that end once more, or further input.
/// </summary>
internal sealed class FrozenTimers<TKey>(
    TimerProgress progress,
    TimerFreeze<TKey> timers,
    OrderedFreeze<TimerEntry<TKey>> nextOverdue,
    OrderedFreeze<TimerEntry<TKey>> overdue,
    bool isAtEnd) : IFrozenPart
    where TKey : struct, IKey<TKey>
{
    public void Write(StateStream stream)
    {
        stream.Write((progress, timers), static (ref writer, head) =>
        {
            var first = head.timers.First;
            writer.WriteUnmanaged(head.progress.Reached, head.progress.FiredTo, head.timers.IsWhole, first.Time, first.HasKey);
            if (first.HasKey)
            {
                TKey.Write(ref writer, first.Key);
            }
        });
        var blocks = new BlockWriter(stream);
        timers.Read(ref blocks);
        blocks.End();
        nextOverdue.Read(ref blocks);
        if (isAtEnd)
        {
            overdue.Read(ref blocks);
            blocks.End();
        }
        else
        {
            blocks.End();
            overdue.Read(ref blocks);
        }

        blocks.End();
    }

    public void End()
    {
        timers.End();
        nextOverdue.End();
        overdue.End();
    }

    public static TimerHead<TKey> ReadHead(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long reached, out long firedTo, out bool isWhole, out long time, out bool hasKey);
        var first = hasKey ? new FirstTimer<TKey>(time, TKey.Read(ref reader)) : new FirstTimer<TKey>(time);
        return new TimerHead<TKey>(new TimerProgress(reached, firedTo), isWhole, first);
    }

    public static TimerChange<TKey> ReadChange(ref MemoryPackReader reader)
    {
        var saved = reader.ReadUnmanaged<long>();
        return TimerChange<TKey>.Of(saved, TKey.Read(ref reader));
    }

    private readonly struct BlockWriter(StateStream stream) : IImageVisitor<TimerChange<TKey>>, IImageVisitor<TimerEntry<TKey>>
    {
        public void Visit(ReadOnlySpan<TimerChange<TKey>> images)
        {
            if (images.IsEmpty)
            {
                return;
            }

            WriteCount(images.Length);
            stream.Write(images, static (ref writer, changes) =>
            {
                foreach (ref readonly var change in changes)
                {
                    writer.WriteUnmanaged(change.Saved);
                    TKey.Write(ref writer, change.Key);
                }
            });
        }

        public void Visit(ReadOnlySpan<TimerEntry<TKey>> images)
        {
            if (images.IsEmpty)
            {
                return;
            }

            WriteCount(images.Length);
            stream.Write(images, static (ref writer, timers) =>
            {
                foreach (ref readonly var timer in timers)
                {
                    writer.WriteUnmanaged(new TimerChange<TKey>(timer.Time, timer.Key, isDeleted: false).Saved);
                    TKey.Write(ref writer, timer.Key);
                }
            });
        }

        public void End() => WriteCount(0);

        private void WriteCount(int count) => stream.Write(count, static (ref writer, value) => writer.WriteUnmanaged(value));
    }
}
