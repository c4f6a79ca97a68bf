namespace Penstock.Checkpoints;

/// <summary>What a checkpoint is for.</summary>
internal enum CheckpointMode
{
    /// <summary>The pipeline goes on behind it.</summary>
    Ordinary,

    /// <summary>As an ordinary one, but with all of the state in one file, so that it can be copied.</summary>
    Savepoint,

    /// <summary>Sources read no further behind it.</summary>
    Stop,

    /// <summary>A savepoint behind which sources read no further.</summary>
    StopWithSavepoint,

    /// <summary>The same after event time was moved to its end, so that every window has fired.</summary>
    Drain,

    /// <summary>The job has finished.</summary>
    Terminal,
}

/// <summary>What the modes have in common.</summary>
internal static class CheckpointModes
{
    /// <summary>Whether sources read no further behind it.</summary>
    public static bool IsLast(this CheckpointMode mode) => mode is not (CheckpointMode.Ordinary or CheckpointMode.Savepoint);

    /// <summary>Whether every window has fired before it.</summary>
    public static bool IsEnd(this CheckpointMode mode) => mode is CheckpointMode.Drain or CheckpointMode.Terminal;

    /// <summary>Whether a savepoint is made of it.</summary>
    public static bool IsSavepoint(this CheckpointMode mode) =>
        mode is CheckpointMode.Savepoint or CheckpointMode.StopWithSavepoint or CheckpointMode.Drain;
}
