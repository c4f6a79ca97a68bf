using System.Diagnostics.CodeAnalysis;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>A pool of panes of closed windows, with their memory, for new windows.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
internal sealed class SparePanes<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private const int MaxPanes = 64;

    // Memory that one large window has left must not be kept for new windows.
    private const long MaxBytes = 64 << 20;

    private readonly Stack<(WindowPane<TKey, TState> Pane, long Bytes)> _empty = new();

    // Closed panes that a checkpoint is still writing.
    private readonly Queue<(WindowPane<TKey, TState> Pane, long Bytes)> _resting = new();
    private long _bytes;

    /// <summary>Determines whether the pane of a closing window may be kept.</summary>
    public static bool IsWorthKeeping(WindowPane<TKey, TState> pane) => !pane.IsPartlyGivenUp && pane.KeptBytes <= MaxBytes;

    /// <summary>Keeps the pane of a closed window, or releases its memory.</summary>
    public void Keep(WindowPane<TKey, TState> pane)
    {
        var bytes = pane.KeptBytes;
        if (pane.IsPartlyGivenUp || _bytes + bytes > MaxBytes || (pane.IsBusy ? _resting.Count : _empty.Count) == MaxPanes)
        {
            pane.GiveUp();
            return;
        }

        _bytes += bytes;
        if (pane.IsBusy)
        {
            _resting.Enqueue((pane, bytes));
        }
        else
        {
            pane.Empty();
            _empty.Push((pane, bytes));
        }
    }

    /// <summary>Takes an empty pane if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out WindowPane<TKey, TState>? pane)
    {
        if (_empty.TryPop(out var spare))
        {
            pane = spare.Pane;
        }
        else if (_resting.TryPeek(out spare) && !spare.Pane.IsBusy)
        {
            _resting.Dequeue();
            pane = spare.Pane;
            pane.Empty();
        }
        else
        {
            pane = null;
            return false;
        }

        _bytes -= spare.Bytes;
        return true;
    }
}
