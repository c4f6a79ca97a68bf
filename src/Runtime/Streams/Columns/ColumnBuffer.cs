using System.Runtime.CompilerServices;

namespace Penstock.Streams;

/// <summary>Memory for the values of one column, which is used again for every batch.</summary>
internal abstract class ColumnBuffer
{
    private bool[] _valid = [];

    /// <summary>Which values are valid, and not null.</summary>
    public Span<bool> Valid(int count)
    {
        if (_valid.Length < count)
        {
            _valid = new bool[count];
        }

        return _valid.AsSpan(0, count);
    }

    /// <summary>Lets go of the objects among the values.</summary>
    public abstract void Clear(int count);
}

/// <summary>Memory for the values of a column whose type is known.</summary>
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
