namespace Penstock.Threads;

/// <summary>Dedicated threads for work that lasts as long as its owner; the thread pool is for short work.</summary>
internal static class OwnThread
{
    /// <summary>Starts a background thread, which does not keep the process alive.</summary>
    /// <param name="name">The name of the thread in debuggers and dumps.</param>
    /// <param name="run">The code to run.</param>
    /// <param name="stackSize">The stack size in bytes; 0 for the default of the system.</param>
    public static Thread Start(string name, ThreadStart run, int stackSize = 0)
    {
        var thread = new Thread(run, stackSize) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }
}
