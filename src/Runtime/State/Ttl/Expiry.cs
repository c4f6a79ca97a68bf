using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Time;

namespace Penstock.State;

/// <summary>
/// The deadlines of state with a TTL, in microseconds since the Unix epoch: state is gone from that instant on. A deadline of 0 is that of
/// state which was never written.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Expiry
{
    // Of state that was saved without a deadline, until the time is known.
    private const long NotYet = long.MaxValue;

    /// <summary>
    /// Gives a reference to a state: to the default value, where the former one has expired. The caller may write through it, so it lives
    /// on.
    /// </summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="value">The state.</param>
    /// <param name="expires">Its deadline.</param>
    /// <param name="now">The time of the row.</param>
    /// <param name="ttl">How long it lives after that, in microseconds.</param>
    /// <returns>The reference to the state.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Touch<T>(ref T value, ref long expires, long now, long ttl)
    {
        if (expires <= now)
        {
            value = default!;
        }

        expires = Later(expires, Deadline(now, ttl));
        return ref value;
    }

    /// <summary>The deadline after a write.</summary>
    /// <param name="expires">The deadline before it.</param>
    /// <param name="deadline">That of what is written now.</param>
    /// <returns>The later one: rows may come out of order, and none shortens a life.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Later(long expires, long deadline) => expires is NotYet or 0 ? deadline : Math.Max(expires, deadline);

    /// <summary>Whether no row will see a state any more, so that it can be removed.</summary>
    /// <param name="expires">Its deadline.</param>
    /// <param name="past">The instant up to which deadlines have passed for every row to come.</param>
    /// <returns>True also for state that was never written: instants before 1970 are below its 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPast(long expires, long past) => expires <= past || expires == 0;

    /// <summary>The deadline of what is written at an instant.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="ttl">How long it lives after that, in microseconds.</param>
    /// <returns>The deadline.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Deadline(long now, long ttl)
    {
        var deadline = now > NotYet - 1 - ttl ? NotYet - 1 : now + ttl;
        return deadline == 0 ? 1 : deadline;
    }

    /// <summary>
    /// Gives state that was saved without a deadline one, in two steps: as it is read it is marked, since only then is it known that what
    /// saved it knew no deadline; and when the time is known, what is marked gets one, as if it had just been written. State that was never
    /// written gets none: it would let the first value live too long.
    /// </summary>
    /// <param name="expires">The deadline.</param>
    /// <param name="now">The time; <see cref="Watermarks.None"/> to mark it.</param>
    /// <param name="ttl">How long it lives after that, in microseconds.</param>
    public static void Start(ref long expires, long now, long ttl)
    {
        if (now == Watermarks.None)
        {
            expires = expires == 0 ? NotYet : expires;
        }
        else if (expires == NotYet)
        {
            expires = Deadline(now, ttl);
        }
    }
}
