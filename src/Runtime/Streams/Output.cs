using System.Runtime.CompilerServices;

namespace Penstock;

/// <summary>
/// The output to which a <see cref="FlatMapAttribute"/>, <see cref="ProcessAttribute"/> or <see cref="OnTimerAttribute"/> method emits its
/// rows.
/// </summary>
/// <typeparam name="T">The row type of the operator's output.</typeparam>
/// <param name="rows">The reused buffer that the next stage reads.</param>
public readonly ref struct Output<T>(Streams.RowBuffer<T> rows)
{
    private readonly Streams.RowBuffer<T> _rows = rows;

    /// <summary>Emits a row with the event time of the row that is being processed, or of the timer that fires.</summary>
    /// <param name="row">The row to emit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row) => _rows.Add(in row);
}
