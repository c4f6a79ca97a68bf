namespace Penstock.Checkpoints;

/// <summary>The purpose of a checkpoint.</summary>
internal enum CheckpointMode
{
    /// <summary>The pipeline continues after it.</summary>
    Ordinary,

    /// <summary>The pipeline continues, and the whole state is in one file, so that it can be copied.</summary>
    Savepoint,

    /// <summary>Sources stop reading at its barrier.</summary>
    Stop,

    /// <summary>A savepoint at whose barrier sources stop reading.</summary>
    StopWithSavepoint,

    /// <summary>
    /// A savepoint at whose barrier sources stop reading, taken after event time was advanced to its end, so that everything has fired.
    /// </summary>
    Drain,

    /// <summary>The job has finished.</summary>
    Terminal,
}

/// <summary>Properties of the modes.</summary>
internal static class CheckpointModes
{
    /// <summary>Determines whether sources stop reading at the barrier of the checkpoint.</summary>
    public static bool IsLast(this CheckpointMode mode) => mode is not (CheckpointMode.Ordinary or CheckpointMode.Savepoint);

    /// <summary>Determines whether everything that is due at the end fires before the checkpoint, and all calls return.</summary>
    public static bool IsEnd(this CheckpointMode mode) => mode is CheckpointMode.Drain or CheckpointMode.Terminal;

    /// <summary>Determines whether a savepoint is made from the checkpoint.</summary>
    public static bool IsSavepoint(this CheckpointMode mode) =>
        mode is CheckpointMode.Savepoint or CheckpointMode.StopWithSavepoint or CheckpointMode.Drain;
}
