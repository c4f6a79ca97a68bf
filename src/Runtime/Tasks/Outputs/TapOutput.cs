using System.ComponentModel;

namespace Penstock.Tasks;

/// <summary>The way of the rows of a stream without a sink to a test. The tasks of production have none.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TapOutput<T>
{
    private readonly List<Change<T>> _rows;

    internal TapOutput(List<Change<T>> rows) => _rows = rows;

    /// <summary>Shows a row.</summary>
    /// <param name="row">The row.</param>
    public void Emit(in T row) => Emit(in row, RowKind.Insert);

    /// <summary>Shows a row of an upsert stream.</summary>
    /// <param name="row">The row.</param>
    /// <param name="kind">What the row means.</param>
    public void Emit(in T row, RowKind kind) => _rows.Add(new Change<T>(kind, row));
}
