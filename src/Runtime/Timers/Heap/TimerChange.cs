using Penstock.State;

namespace Penstock.Timers;

/// <summary>A timer that was set or deleted.</summary>
internal readonly struct TimerChange<TKey>
    where TKey : struct, IKey<TKey>
{
    // Twice the time, plus one for a deletion: event times need 59 bits.
    private readonly long _time;

    public readonly TKey Key;

    public TimerChange(long time, TKey key, bool isDeleted)
        : this(time * 2 + (isDeleted ? 1 : 0), key)
    {
    }

    private TimerChange(long time, TKey key) => (_time, Key) = (time, key);

    public long Time => _time >> 1;

    public bool IsDeleted => (_time & 1) != 0;

    /// <summary>The time and what has happened to the timer, as saved in checkpoints.</summary>
    public long Saved => _time;

    /// <summary>Returns the change that was saved.</summary>
    public static TimerChange<TKey> Of(long saved, TKey key) => new(saved, key);

    /// <summary>Returns a byte of the time, counted from the earliest one.</summary>
    /// <param name="shift">The number of bits below it.</param>
    public int Digit(int shift) => (byte)(((ulong)Time - unchecked((ulong)EventTimes.Earliest)) >> shift);

    /// <summary>Indicates whether two changes are of the same timer.</summary>
    public static bool IsSame(in TimerChange<TKey> left, in TimerChange<TKey> right) =>
        left.Time == right.Time && TKey.Equals(left.Key, right.Key);

    /// <summary>Compares times and then keys, as <see cref="TimerEntry{TKey}"/> does.</summary>
    public static bool ComesBefore(in TimerChange<TKey> left, in TimerChange<TKey> right)
    {
        var (leftTime, rightTime) = (left.Time, right.Time);
        return leftTime != rightTime ? leftTime < rightTime : TKey.Compare(left.Key, right.Key) < 0;
    }
}
