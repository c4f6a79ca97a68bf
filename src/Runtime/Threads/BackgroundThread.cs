using System.Runtime.InteropServices;

namespace Penstock.Threads;

/// <summary>
/// Dedicated threads for writing checkpoints; the thread pool is for subtasks. If there are fewer processors than busy threads, these
/// threads yield to the subtasks, so that rows are not delayed. They do not starve: a thread with nice value 10 has a tenth of the weight
/// of a normal one.
/// </summary>
internal static partial class BackgroundThread
{
    private const int Nice = 10;

    /// <summary>Runs a function on such a thread.</summary>
    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(
        () =>
        {
            LowerPriority();
            return work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Runs an action on such a thread.</summary>
    public static Task Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    // .NET thread priorities have no effect on Linux, where each thread has its own nice value.
    private static void LowerPriority()
    {
        const int process = 0;
        const int thisThread = 0;
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(process, thisThread, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
