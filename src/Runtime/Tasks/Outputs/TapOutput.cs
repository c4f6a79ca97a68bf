using System.ComponentModel;

namespace Penstock.Tasks;

/// <summary>Sends the rows of a stream without a sink to a test. Production tasks have no such output.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TapOutput<T>
{
    private readonly List<Change<T>> _rows;

    internal TapOutput(List<Change<T>> rows) => _rows = rows;

    /// <summary>Emits a row.</summary>
    /// <param name="row">The row.</param>
    public void Emit(in T row) => Emit(in row, RowKind.Insert);

    /// <summary>Emits a row of an upsert stream.</summary>
    /// <param name="row">The row.</param>
    /// <param name="kind">The row kind.</param>
    public void Emit(in T row, RowKind kind) => _rows.Add(new Change<T>(kind, row));
}
