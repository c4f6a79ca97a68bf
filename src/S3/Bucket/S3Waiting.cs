namespace Penstock.S3;

/// <summary>Waits for requests: storage of checkpoints is called on threads that may wait.</summary>
internal static class S3Waiting
{
    /// <summary>Runs something to its end. It begins on a thread of the pool, so that no context of the caller is waited for.</summary>
    public static T Wait<T>(Func<Task<T>> run) => Task.Run(run).GetAwaiter().GetResult();

    /// <summary>Runs something to its end. It begins on a thread of the pool, so that no context of the caller is waited for.</summary>
    public static void Wait(Func<Task> run) => Task.Run(run).GetAwaiter().GetResult();
}
