namespace Penstock.Threads;

/// <summary>
/// Runs work that may block or take long, outside of the threads of the subtasks. Code that awaits the work continues in its own context:
/// none in a running pipeline, the simulation's in a simulation.
/// </summary>
internal interface IBackground
{
    /// <summary>
    /// The options for tasks that are completed manually, so that continuations do not run on the completing thread. In a simulation every
    /// continuation is a separate step anyway, and must not run on the thread pool.
    /// </summary>
    TaskCreationOptions Completion { get; }

    /// <summary>The useful number of concurrent work items.</summary>
    int Threads { get; }

    /// <summary>Runs work on a thread-pool thread.</summary>
    Task<T> Run<T>(Func<T> work);

    /// <summary>Runs work that may occupy a processor for some time, on a thread that yields to those of the subtasks.</summary>
    Task<T> RunLong<T>(Func<T> work);
}

/// <summary>Runs work on real threads.</summary>
internal sealed class ThreadBackground : IBackground
{
    public static readonly ThreadBackground Instance = new();

    public TaskCreationOptions Completion => TaskCreationOptions.RunContinuationsAsynchronously;

    public int Threads => Environment.ProcessorCount;

    public Task<T> Run<T>(Func<T> work) => Task.Run(work);

    public Task<T> RunLong<T>(Func<T> work) => BackgroundThread.Run(work);
}

/// <summary>Overloads for other kinds of work.</summary>
internal static class BackgroundForms
{
    /// <summary>Runs work without a result.</summary>
    public static Task Run(this IBackground background, Action work) => background.Run(() =>
    {
        work();
        return true;
    });

    /// <summary>Starts asynchronous work.</summary>
    /// <returns>A task that completes with the work.</returns>
    public static Task RunAsync(this IBackground background, Func<Task> work) => background.Run(work).Unwrap();
}
