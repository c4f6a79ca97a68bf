using System.ComponentModel;
using Penstock.State;

namespace Penstock;

/// <summary>
/// How a <see cref="ReducingState{T, TReducer}"/> makes one value of two. Implement it by a struct: then it is called directly, and can be
/// inlined.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
public interface IReducer<T>
{
    /// <summary>Makes one value of two. It should not matter in which order values come and are taken together.</summary>
    /// <param name="left">What was reduced so far.</param>
    /// <param name="right">The new value.</param>
    /// <returns>Both in one.</returns>
    static abstract T Reduce(T left, T right);
}

/// <summary>
/// One value that stands for all that were added, as keyed state:
/// <c>[State] private partial ReducingState&lt;long, Largest&gt; Peak { get; }</c>. It lies in the entry of its key like any other state.
/// </summary>
/// <typeparam name="T">The values: what a state can be.</typeparam>
/// <typeparam name="TReducer">Makes one value of two.</typeparam>
public readonly ref struct ReducingState<T, TReducer>
    where TReducer : IReducer<T>
{
    private readonly ref Reduced<T> _reduced;
    private readonly ref long _expires;
    private readonly long _deadline;
    private readonly bool _onRead;

    /// <summary>Wraps what lies in the entry of a key. For generated code.</summary>
    /// <param name="reduced">What lies there.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ReducingState(ref Reduced<T> reduced) => _reduced = ref reduced;

    /// <summary>Wraps what lies in the entry of a key and expires. For generated code.</summary>
    /// <param name="reduced">What lies there.</param>
    /// <param name="expires">Its deadline.</param>
    /// <param name="now">The time of the row.</param>
    /// <param name="ttl">How long it lives after that, in microseconds.</param>
    /// <param name="onRead">Whether reading lets it live on, too.</param>
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

    /// <summary>Whether a value was added.</summary>
    public bool HasValue => _reduced.HasValue;

    /// <summary>The values in one.</summary>
    /// <exception cref="InvalidOperationException">None was added.</exception>
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

    /// <summary>Forgets every value.</summary>
    public void Clear() => _reduced = default;

    private void Renew()
    {
        if (_deadline != 0)
        {
            _expires = Expiry.Later(_expires, _deadline);
        }
    }
}

/// <summary>A reducing state as it lies in the entry of its key.</summary>
/// <typeparam name="T">The values.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct Reduced<T>
{
    /// <summary>Whether a value was added.</summary>
    public bool HasValue;

    /// <summary>The values in one.</summary>
    public T Value;
}
