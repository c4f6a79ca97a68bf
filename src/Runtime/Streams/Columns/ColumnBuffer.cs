using System.Runtime.CompilerServices;

namespace Penstock.Streams;

/// <summary>The reusable memory for the values of one column.</summary>
internal abstract class ColumnBuffer
{
    private bool[] _valid = [];

    /// <summary>Indicates which values are valid, that is, not null.</summary>
    public Span<bool> Valid(int count)
    {
        if (_valid.Length < count)
        {
            _valid = new bool[count];
        }

        return _valid.AsSpan(0, count);
    }

    /// <summary>Releases the objects among the values.</summary>
    public abstract void Clear(int count);
}

/// <summary>The memory for a column of a known type.</summary>
internal sealed class ColumnBuffer<TValue> : ColumnBuffer
{
    private TValue[] _values = [];

    public Span<TValue> Values(int count)
    {
        if (_values.Length < count)
        {
            _values = new TValue[count];
        }

        return _values.AsSpan(0, count);
    }

    public override void Clear(int count)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TValue>())
        {
            Values(count).Clear();
        }
    }
}
