namespace Penstock.Connectors;

/// <summary>The columns of a row type, as sources and sinks learn them. The compiler writes it: nothing is found by reflection.</summary>
/// <param name="columns">The columns, in the order of their members.</param>
public sealed class RowSchema(IReadOnlyList<RowColumn> columns)
{
    /// <summary>The columns, in the order of their members. Objects inside of a row are not columns: their members are.</summary>
    public IReadOnlyList<RowColumn> Columns { get; } = columns;

    /// <summary>The columns with their types as text, such as <c>id: Int64, note: String?</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(", ", Columns);
}
