namespace Penstock.S3;

/// <summary>Waits for requests synchronously. Checkpoint storage is called on threads that may block.</summary>
internal static class SyncOverAsync
{
    /// <summary>Runs a function on the thread pool, without the caller's context, and waits for its result.</summary>
    public static T Wait<T>(Func<Task<T>> run) => Task.Run(run).GetAwaiter().GetResult();

    /// <summary>Runs a function on the thread pool, without the caller's context, and waits for its result.</summary>
    public static void Wait(Func<Task> run) => Task.Run(run).GetAwaiter().GetResult();
}
