namespace Penstock.Threads;

/// <summary>
/// Where work is done that may block or take long, beside the threads of the subtasks. What awaits it goes on in the context that it had:
/// in a running pipeline there is none, in a simulation it is that of the simulation.
/// </summary>
internal interface IBackground
{
    /// <summary>
    /// How a task that is completed by hand is created, so that what waits for it does not run on the thread that completes it. In a
    /// simulation all that waits is a step of its own anyway, and the threads of the pool are not those of the simulation.
    /// </summary>
    TaskCreationOptions Completion { get; }

    /// <summary>How many pieces of work make sense at a time.</summary>
    int Threads { get; }

    /// <summary>Runs work on a thread of the pool.</summary>
    Task<T> Run<T>(Func<T> work);

    /// <summary>Runs work that may take all of a processor for a while, on a thread that gives way to those of the subtasks.</summary>
    Task<T> RunLong<T>(Func<T> work);
}

/// <summary>The threads of the machine.</summary>
internal sealed class ThreadBackground : IBackground
{
    public static readonly ThreadBackground Instance = new();

    public TaskCreationOptions Completion => TaskCreationOptions.RunContinuationsAsynchronously;

    public int Threads => Environment.ProcessorCount;

    public Task<T> Run<T>(Func<T> work) => Task.Run(work);

    public Task<T> RunLong<T>(Func<T> work) => BackgroundThread.Run(work);
}

/// <summary>Other forms of work.</summary>
internal static class BackgroundForms
{
    /// <summary>Runs work without a result.</summary>
    public static Task Run(this IBackground background, Action work) => background.Run(() =>
    {
        work();
        return true;
    });

    /// <summary>Begins asynchronous work.</summary>
    /// <returns>Completes with the work.</returns>
    public static Task RunAsync(this IBackground background, Func<Task> work) => background.Run(work).Unwrap();
}
