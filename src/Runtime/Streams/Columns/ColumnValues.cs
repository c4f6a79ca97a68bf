using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Streams;

/// <summary>The values of one column, provided by a reader.</summary>
internal abstract class ColumnValues(RowColumn column)
{
    private static bool[] _allValid = [];

    public RowColumn Column { get; } = column;

    /// <summary>Indicates whether values have been set.</summary>
    public bool IsSet { get; set; }

    /// <summary>Indicates whether the column was left unset and has its default.</summary>
    public bool IsDefault { get; protected set; }

    /// <summary>Indicates which values are valid, that is, not null; empty if all are.</summary>
    public ReadOnlyMemory<bool> Valid { get; protected set; }

    /// <summary>The number of values.</summary>
    public abstract int Length { get; }

    /// <summary>Releases the values.</summary>
    public virtual void Unset()
    {
        IsSet = false;
        IsDefault = false;
        Valid = default;
    }

    /// <summary>Sets all values to the default of the column.</summary>
    public abstract void SetDefault(int count);

    /// <summary>Returns the index of the first null in a range, or the end of the range if there is none.</summary>
    public abstract int IndexOfNull(int from, int to);

    /// <summary>Returns a value as text, for messages.</summary>
    public abstract string TextAt(int index);

    /// <summary>Returns which values are valid, even if the reader did not set any validity.</summary>
    public ReadOnlySpan<bool> ValidAt(int from, int count) => Valid.IsEmpty ? AllValid(count) : Valid.Span.Slice(from, count);

    // Shared by all columns of the process, and enlarged when necessary.
    private static ReadOnlySpan<bool> AllValid(int count)
    {
        var all = Volatile.Read(ref _allValid);
        if (all.Length < count)
        {
            all = new bool[count];
            Array.Fill(all, true);
            Volatile.Write(ref _allValid, all);
        }

        return all.AsSpan(0, count);
    }
}

/// <summary>The values of a column of a known type.</summary>
internal sealed class ColumnValues<TValue>(RowColumn<TValue> column) : ColumnValues(column)
{
    private ReadOnlyMemory<TValue> _values;

    // The values of a column that is left unset.
    private TValue[] _defaults = [];
    private bool[] _noneValid = [];

    public override int Length => _values.Length;

    public void Set(ReadOnlyMemory<TValue> values, ReadOnlyMemory<bool> valid)
    {
        _values = values;
        Valid = valid;
        IsSet = true;
    }

    public ReadOnlySpan<TValue> At(int from, int count) => _values.Span.Slice(from, count);

    public override void Unset()
    {
        base.Unset();
        _values = default;
    }

    public override void SetDefault(int count)
    {
        if (_defaults.Length < count)
        {
            _defaults = new TValue[count];
            Array.Fill(_defaults, column.Default);
            _noneValid = column.IsNullByDefault ? new bool[count] : [];
        }

        Set(_defaults, _noneValid);
        IsDefault = true;
    }

    public override int IndexOfNull(int from, int to)
    {
        if (!Valid.IsEmpty)
        {
            var invalid = Valid.Span[from..to].IndexOf(false);
            to = invalid < 0 ? to : from + invalid;
        }

        if (!typeof(TValue).IsValueType)
        {
            var values = _values.Span;
            for (var index = from; index < to; index++)
            {
                if (values[index] is null)
                {
                    return index;
                }
            }
        }

        return to;
    }

    public override string TextAt(int index) => Valid.IsEmpty || Valid.Span[index]
        ? string.Create(CultureInfo.InvariantCulture, $"{(object?)_values.Span[index] ?? "null"}")
        : "null";
}
