using System.ComponentModel;
using Penstock.Streams;

namespace Penstock.Connectors;

/// <summary>A column of a row type.</summary>
public abstract class RowColumn
{
    private protected RowColumn(string member, IReadOnlyList<string> path, bool isNullable) =>
        (Member, Path, Name, IsNullable) = (member, path, string.Join('.', path), isNullable);

    /// <summary>The member of the row, such as <c>Price</c>, or inside of an object the path to it, such as <c>Customer.Zip</c>.</summary>
    public string Member { get; }

    /// <summary>
    /// The names from the row to the column: several if the column is inside of objects. They are the names in files, as set by
    /// <c>[Column]</c> and <c>Naming</c>.
    /// </summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The name of the column, such as <c>price</c> or <c>customer.zip</c>.</summary>
    public string Name { get; }

    /// <summary>The type of the values, without <see cref="Nullable{T}"/>; for an enum, its underlying type.</summary>
    public abstract Type Type { get; }

    /// <summary>The enum type of the values, or null if they are not of an enum.</summary>
    public Type? Enum { get; init; }

    /// <summary>Indicates whether the column can be null, because it or an enclosing object can.</summary>
    public bool IsNullable { get; }

    /// <summary>
    /// Indicates whether a source may omit the column; the row type then declares its value, as the default of a parameter.
    /// </summary>
    public bool IsOptional { get; private protected init; }

    /// <summary>Describes a required column.</summary>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="path">The names from the row to the column.</param>
    /// <param name="isNullable"><c>true</c> if the column can be null.</param>
    /// <param name="enumType">The enum type of the values.</param>
    /// <returns>The column.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RowColumn Of<TValue>(string member, IReadOnlyList<string> path, bool isNullable = false, Type? enumType = null) =>
        new RowColumn<TValue>(member, path, isNullable, default!, isOptional: false, isNullByDefault: false) { Enum = enumType };

    /// <summary>Describes a column that a source may omit.</summary>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="path">The names from the row to the column.</param>
    /// <param name="value">The value if the column is omitted.</param>
    /// <param name="isNullable"><c>true</c> if the column can be null.</param>
    /// <param name="enumType">The enum type of the values.</param>
    /// <returns>The column.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RowColumn Optional<TValue>(
        string member,
        IReadOnlyList<string> path,
        TValue value,
        bool isNullable = false,
        Type? enumType = null) =>
        new RowColumn<TValue>(member, path, isNullable, value, isOptional: true, isNullByDefault: false) { Enum = enumType };

    /// <summary>Describes a column that a source may omit, and that is then null.</summary>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="member">The member.</param>
    /// <param name="path">The names from the row to the column.</param>
    /// <param name="enumType">The enum type of the values.</param>
    /// <returns>The column.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static RowColumn OptionalNull<TValue>(string member, IReadOnlyList<string> path, Type? enumType = null) =>
        new RowColumn<TValue>(member, path, isNullable: true, default!, isOptional: true, isNullByDefault: true) { Enum = enumType };

    /// <summary>The column as text, such as <c>note: String?</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {(Enum ?? Type).Name}{(IsNullable ? "?" : "")}";

    /// <summary>Creates the storage for values from a reader.</summary>
    internal abstract ColumnValues CreateValues();

    /// <summary>Creates the storage for values to a writer.</summary>
    internal abstract ColumnBuffer CreateBuffer();
}

/// <summary>A column of a known type.</summary>
internal sealed class RowColumn<TValue> : RowColumn
{
    public RowColumn(string member, IReadOnlyList<string> path, bool isNullable, TValue value, bool isOptional, bool isNullByDefault)
        : base(member, path, isNullable) => (Default, IsNullByDefault, IsOptional) = (value, isNullByDefault, isOptional);

    public override Type Type => typeof(TValue);

    /// <summary>The value of the column if it is left unset.</summary>
    public TValue Default { get; }

    public bool IsNullByDefault { get; }

    internal override ColumnValues CreateValues() => new ColumnValues<TValue>(this);

    internal override ColumnBuffer CreateBuffer() => new ColumnBuffer<TValue>();
}
