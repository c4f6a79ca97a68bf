using Penstock.State;

namespace Penstock.Timers;

/// <summary>
/// A timer as stored: timers fire in the order of time and, at the same time, of keys. So the parallelism does not change it.
/// </summary>
internal readonly struct TimerEntry<TKey>(long time, TKey key) : IOrdered<TimerEntry<TKey>>
    where TKey : struct, IKey<TKey>
{
    public readonly long Time = time;
    public readonly TKey Key = key;

    public static int Compare(in TimerEntry<TKey> left, in TimerEntry<TKey> right) =>
        left.Time != right.Time ? left.Time.CompareTo(right.Time) : TKey.Compare(left.Key, right.Key);
}
