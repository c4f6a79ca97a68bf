using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Time;

namespace Penstock.State;

/// <summary>
/// The deadlines of state with a TTL, in microseconds since the Unix epoch. State has expired from its deadline on. The deadline of state
/// that was never written is 0.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Expiry
{
    // The deadline of state that was saved without one, until the time is known.
    private const long NotYet = long.MaxValue;

    /// <summary>
    /// Returns a reference to a state, which is reset to its default value if it has expired. The caller may write through the reference,
    /// so the time to live is renewed.
    /// </summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="value">The state.</param>
    /// <param name="expires">The deadline of the state.</param>
    /// <param name="now">The time of the row.</param>
    /// <param name="ttl">The time to live after that, in microseconds.</param>
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

    /// <summary>Returns the deadline after a write.</summary>
    /// <param name="expires">The deadline before it.</param>
    /// <param name="deadline">The deadline of the new value.</param>
    /// <returns>The later of both: rows may come out of order, and none of them shortens the time to live.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Later(long expires, long deadline) => expires is NotYet or 0 ? deadline : Math.Max(expires, deadline);

    /// <summary>Determines whether no later row can see a state, so that it can be removed.</summary>
    /// <param name="expires">The deadline of the state.</param>
    /// <param name="past">The time before which all deadlines have passed for every later row.</param>
    /// <returns>
    /// <c>true</c> if no later row can see it. Also <c>true</c> for state that was never written, even before 1970, where instants are less
    /// than its deadline of 0.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsExpired(long expires, long past) => expires <= past || expires == 0;

    /// <summary>Returns the deadline of state that is written at an instant.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="ttl">The time to live after that, in microseconds.</param>
    /// <returns>The deadline.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Deadline(long now, long ttl)
    {
        var deadline = now > NotYet - 1 - ttl ? NotYet - 1 : now + ttl;
        return deadline == 0 ? 1 : deadline;
    }

    /// <summary>
    /// Sets the deadline of state that was saved without one, in two steps: it is marked when it is read, since only then is it known that
    /// it was saved without a deadline; and marked state gets a deadline when the time is known, as if it had just been written. State that
    /// was never written gets no deadline, since its first value would then live too long.
    /// </summary>
    /// <param name="expires">The deadline.</param>
    /// <param name="now">The time, or <see cref="Watermarks.None"/> to mark the state.</param>
    /// <param name="ttl">The time to live after that, in microseconds.</param>
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
