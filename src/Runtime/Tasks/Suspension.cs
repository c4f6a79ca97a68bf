namespace Penstock.Tasks;

/// <summary>The state from which a suspended subtask resumes when its group has credits again.</summary>
internal struct Suspension
{
    /// <summary>Indicates whether the subtask is suspended, as reported to its group.</summary>
    public bool IsReported;

    /// <summary>Indicates whether some of what is due has not fired yet: windows, timers or sorted rows.</summary>
    public bool IsFiring;

    /// <summary>
    /// The watermark update by which they are due, which is completed when all have fired; null if they were due when the subtask was
    /// restored.
    /// </summary>
    public (long Split, bool IsIdle)? Step;

    /// <summary>The position in the first waiting batch: the next row, and the next watermark update.</summary>
    public (int Row, int Step) Left;
}
