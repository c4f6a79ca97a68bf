using System.ComponentModel;
using Penstock.Streams;

namespace Penstock.Connectors;

/// <summary>A column of a row type.</summary>
public abstract class RowColumn
{
    private protected RowColumn(string member, IReadOnlyList<string> path, bool isNullable) =>
        (Member, Path, Name, IsNullable) = (member, path, string.Join('.', path), isNullable);

    /// <summary>The member of the row, such as <c>Price</c>; inside of an object the way to it, such as <c>Customer.Zip</c>.</summary>
    public string Member { get; }

    /// <summary>
    /// The names from the row to the column: one, or inside of objects several. They are those that files have, by <c>[Column]</c> and
    /// <c>Naming</c>.
    /// </summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The name of the column, such as <c>price</c> or <c>customer.zip</c>.</summary>
    public string Name { get; }

    /// <summary>The type of its values, without <see cref="Nullable{T}"/>; of an enum that of its numbers.</summary>
    public abstract Type Type { get; }

    /// <summary>The enum whose numbers the values are; null where they are none of an enum.</summary>
    public Type? Enum { get; init; }

    /// <summary>Whether it can be null, because it or an object around it can.</summary>
    public bool IsNullable { get; }

    /// <summary>Whether a source may leave it out: the row type declares what stands in its place, as the default of a parameter.</summary>
    public bool IsOptional { get; private protected init; }

    /// <summary>Describes a column that a source must have.</summary>
    /// <typeparam name="TValue">The type of its values.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="path">The names from the row to the column.</param>
    /// <param name="isNullable">Whether it can be null.</param>
    /// <param name="enumType">The enum whose numbers the values are.</param>
    /// <returns>The column.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RowColumn Of<TValue>(string member, IReadOnlyList<string> path, bool isNullable = false, Type? enumType = null) =>
        new RowColumn<TValue>(member, path, isNullable, default!, isOptional: false, isNullByDefault: false) { Enum = enumType };

    /// <summary>Describes a column that a source may leave out.</summary>
    /// <typeparam name="TValue">The type of its values.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="path">The names from the row to the column.</param>
    /// <param name="value">What stands in its place.</param>
    /// <param name="isNullable">Whether it can be null.</param>
    /// <param name="enumType">The enum whose numbers the values are.</param>
    /// <returns>The column.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RowColumn Optional<TValue>(
        string member,
        IReadOnlyList<string> path,
        TValue value,
        bool isNullable = false,
        Type? enumType = null) =>
        new RowColumn<TValue>(member, path, isNullable, value, isOptional: true, isNullByDefault: false) { Enum = enumType };

    /// <summary>Describes a column that a source may leave out, and that is null then.</summary>
    /// <typeparam name="TValue">The type of its values.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="path">The names from the row to the column.</param>
    /// <param name="enumType">The enum whose numbers the values are.</param>
    /// <returns>The column.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RowColumn OptionalNull<TValue>(string member, IReadOnlyList<string> path, Type? enumType = null) =>
        new RowColumn<TValue>(member, path, isNullable: true, default!, isOptional: true, isNullByDefault: true) { Enum = enumType };

    /// <summary>The column as text, such as <c>note: String?</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {(Enum ?? Type).Name}{(IsNullable ? "?" : "")}";

    /// <summary>Makes what holds the values that a reader hands over.</summary>
    internal abstract ColumnValues CreateValues();

    /// <summary>Makes what holds the values that a writer gets.</summary>
    internal abstract ColumnBuffer CreateBuffer();
}

/// <summary>A column whose type is known.</summary>
internal sealed class RowColumn<TValue> : RowColumn
{
    public RowColumn(string member, IReadOnlyList<string> path, bool isNullable, TValue value, bool isOptional, bool isNullByDefault)
        : base(member, path, isNullable) => (Default, IsNullByDefault, IsOptional) = (value, isNullByDefault, isOptional);

    public override Type Type => typeof(TValue);

    /// <summary>What stands in the place of a column that is left out.</summary>
    public TValue Default { get; }

    public bool IsNullByDefault { get; }

    internal override ColumnValues CreateValues() => new ColumnValues<TValue>(this);

    internal override ColumnBuffer CreateBuffer() => new ColumnBuffer<TValue>();
}
