using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Streams;

/// <summary>The values of one column that a reader has handed over.</summary>
internal abstract class ColumnValues(RowColumn column)
{
    private static bool[] _allValid = [];

    public RowColumn Column { get; } = column;

    /// <summary>Whether values have been handed over.</summary>
    public bool IsSet { get; set; }

    /// <summary>Whether the column was left out, so that its default stands, whatever that is.</summary>
    public bool IsDefault { get; protected set; }

    /// <summary>Which of the values are valid, and not null; empty where all are.</summary>
    public ReadOnlyMemory<bool> Valid { get; protected set; }

    /// <summary>How many values there are.</summary>
    public abstract int Length { get; }

    /// <summary>Lets go of what was handed over.</summary>
    public virtual void Unset()
    {
        IsSet = false;
        IsDefault = false;
        Valid = default;
    }

    /// <summary>Puts the default of the column in the place of values.</summary>
    public abstract void SetDefault(int count);

    /// <summary>The index of the first null among some values; the end where there is none.</summary>
    public abstract int IndexOfNull(int from, int to);

    /// <summary>A value as text, for messages.</summary>
    public abstract string TextAt(int index);

    /// <summary>Which values are valid, whatever was handed over.</summary>
    public ReadOnlySpan<bool> ValidAt(int from, int count) => Valid.IsEmpty ? AllValid(count) : Valid.Span.Slice(from, count);

    // Of all columns of the process: a larger one is made when it is needed.
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

/// <summary>The values of a column whose type is known.</summary>
internal sealed class ColumnValues<TValue>(RowColumn<TValue> column) : ColumnValues(column)
{
    private ReadOnlyMemory<TValue> _values;

    // What stands in the place of a column that is left out.
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
