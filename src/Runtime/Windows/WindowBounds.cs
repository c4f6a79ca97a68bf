using System.ComponentModel;

namespace Penstock.Windows;

/// <summary>The bounds of a window that fires.</summary>
/// <param name="Start">The inclusive start of the window, in microseconds since the Unix epoch.</param>
/// <param name="End">The exclusive end of the window, in microseconds since the Unix epoch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct WindowBounds(long Start, long End);

/// <summary>A result of a window that has fired, which late rows have changed.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Window">The window.</param>
/// <param name="Kind">The row kind: an insert if it is the first result of its key, otherwise an update of an earlier one.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LateWindow<TKey>(TKey Key, WindowBounds Window, RowKind Kind)
    where TKey : struct;
