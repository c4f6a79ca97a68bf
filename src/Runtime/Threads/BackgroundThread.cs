using System.Runtime.InteropServices;

namespace Penstock.Threads;

/// <summary>
/// Threads of their own for the writing of checkpoints. The pool's are those of the subtasks; and where there are fewer processors than
/// busy threads, these give way to them, so that rows are not held up. They are not starved either: with a nice value of 10 a thread has a
/// tenth of the weight of one without.
/// </summary>
internal static partial class BackgroundThread
{
    private const int Nice = 10;

    /// <summary>Runs something on such a thread.</summary>
    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(
        () =>
        {
            GiveWay();
            return work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Runs something on such a thread.</summary>
    public static Task Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    // .NET's own priorities mean nothing on Linux, where a thread may have a nice value of its own.
    private static void GiveWay()
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
