using System.ComponentModel;
using Penstock.State;

namespace Penstock;

/// <summary>
/// Reduces two values of a <see cref="ReducingState{T, TReducer}"/> to one. Implement it with a struct, so that calls are direct and can be
/// inlined.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
public interface IReducer<T>
{
    /// <summary>Reduces two values to one. The result should not depend on the order or grouping of the values.</summary>
    /// <param name="left">The values reduced so far.</param>
    /// <param name="right">The new value.</param>
    /// <returns>The reduced value.</returns>
    static abstract T Reduce(T left, T right);
}

/// <summary>
/// A value that is reduced from all added values, as keyed state: <c>[State] private partial ReducingState&lt;long, Largest&gt; Peak { get;
/// }</c>. It is stored in the entry of its key like any other state.
/// </summary>
/// <typeparam name="T">The values, which may be any type that is allowed for state.</typeparam>
/// <typeparam name="TReducer">Reduces two values to one.</typeparam>
public readonly ref struct ReducingState<T, TReducer>
    where TReducer : IReducer<T>
{
    private readonly ref Reduced<T> _reduced;
    private readonly ref long _expires;
    private readonly long _deadline;
    private readonly bool _onRead;

    /// <summary>Wraps the value in the entry of a key. For generated code.</summary>
    /// <param name="reduced">The value in the entry.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReducingState(ref Reduced<T> reduced) => _reduced = ref reduced;

    /// <summary>Wraps an expiring value in the entry of a key. For generated code.</summary>
    /// <param name="reduced">The value in the entry.</param>
    /// <param name="expires">The deadline of the value.</param>
    /// <param name="now">The time of the row.</param>
    /// <param name="ttl">The time to live after that, in microseconds.</param>
    /// <param name="onRead"><c>true</c> if reading the value renews its time to live, too.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReducingState(ref Reduced<T> reduced, ref long expires, long now, long ttl, bool onRead)
        : this(ref reduced)
    {
        _expires = ref expires;
        _deadline = Expiry.Deadline(now, ttl);
        _onRead = onRead;
        if (expires <= now)
        {
            reduced = default;
        }
    }

    /// <summary>Indicates whether a value was added.</summary>
    public bool HasValue => _reduced.HasValue;

    /// <summary>The reduced value.</summary>
    /// <exception cref="InvalidOperationException">No value was added.</exception>
    public T Value
    {
        get
        {
            if (_onRead)
            {
                Renew();
            }

            return _reduced.HasValue
                ? _reduced.Value
                : throw new InvalidOperationException("A reducing state has no value before one is added: look at HasValue first.");
        }
    }

    /// <summary>Adds a value.</summary>
    /// <param name="value">The value.</param>
    public void Add(T value)
    {
        _reduced.Value = _reduced.HasValue ? TReducer.Reduce(_reduced.Value, value) : value;
        _reduced.HasValue = true;
        Renew();
    }

    /// <summary>Removes all values.</summary>
    public void Clear() => _reduced = default;

    private void Renew()
    {
        if (_deadline != 0)
        {
            _expires = Expiry.Later(_expires, _deadline);
        }
    }
}

/// <summary>A reducing state, as stored in the entry of its key.</summary>
/// <typeparam name="T">The values.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Reduced<T>
{
    /// <summary>Indicates whether a value was added.</summary>
    public bool HasValue;

    /// <summary>The reduced value.</summary>
    public T Value;
}
