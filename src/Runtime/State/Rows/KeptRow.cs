using System.ComponentModel;

namespace Penstock.State;

/// <summary>A row as state, for the codec that writes it to checkpoints.</summary>
/// <typeparam name="TRow">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct KeptRow<TRow>
{
    /// <summary>The row.</summary>
    public TRow Row;
}
