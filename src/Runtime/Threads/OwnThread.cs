namespace Penstock.Threads;

/// <summary>Threads of their own for what runs for as long as its owner: the pool's are for what ends soon.</summary>
internal static class OwnThread
{
    /// <summary>Starts a thread, which keeps no process alive.</summary>
    /// <param name="name">Its name, which debuggers and dumps show.</param>
    /// <param name="run">What it does.</param>
    /// <param name="stackSize">The size of its stack in bytes; 0 for that of the system.</param>
    public static Thread Start(string name, ThreadStart run, int stackSize = 0)
    {
        var thread = new Thread(run, stackSize) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }
}
