using System.ComponentModel;

namespace Penstock.Windows;

/// <summary>How windows overlap.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum WindowForm
{
    /// <summary>Windows of the same length.</summary>
    Sliding,

    /// <summary>Windows with the same start and different ends.</summary>
    Cumulative,
}
