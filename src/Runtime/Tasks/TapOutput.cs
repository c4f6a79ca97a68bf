using System.ComponentModel;

namespace Penstock.Tasks;

/// <summary>The way of the rows of a stream without a sink to a test. The tasks of production have none.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TapOutput<T>
{
    private readonly List<T> _rows;

    internal TapOutput(List<T> rows) => _rows = rows;

    /// <summary>Shows a row.</summary>
    /// <param name="row">The row.</param>
    public void Emit(in T row) => _rows.Add(row);
}
