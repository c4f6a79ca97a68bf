namespace Penstock.Tasks;

/// <summary>Where a subtask goes on when its group has credits again.</summary>
internal struct Suspension
{
    /// <summary>Whether it is suspended, as its group was told.</summary>
    public bool IsNoted;

    /// <summary>Whether windows that are due have yet to fire.</summary>
    public bool IsFiring;

    /// <summary>
    /// The step of time by which they are due, which is done when all have fired; null where they were due when the subtask was restored.
    /// </summary>
    public (long Split, bool IsIdle)? Step;

    /// <summary>Where the first batch that waits was left: the next row, and the next step.</summary>
    public (int Row, int Step) Left;
}
