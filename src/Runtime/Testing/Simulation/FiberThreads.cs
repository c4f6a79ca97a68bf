using Penstock.Threads;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The threads of the fibers of a simulated process. A thread runs one fiber after another: most fibers are short, and a new thread costs
/// more than what they do.
/// </summary>
internal sealed class FiberThreads : IDisposable
{
    private const int StackSize = 512 * 1024;

    private readonly Stack<FiberThread> _idle = new();
    private readonly List<FiberThread> _all = [];

    /// <summary>Runs work on an idle thread, or on a new one.</summary>
    /// <param name="work">The work, which must not throw.</param>
    /// <returns>The thread, to be given back when the work has ended.</returns>
    public FiberThread Run(Action work)
    {
        if (!_idle.TryPop(out var thread))
        {
            thread = new FiberThread();
            _all.Add(thread);
        }

        thread.Run(work);
        return thread;
    }

    /// <summary>Accepts a thread whose work has ended.</summary>
    public void Return(FiberThread thread) => _idle.Push(thread);

    /// <summary>Ends the threads. Their work has ended.</summary>
    public void Dispose() => _all.ForEach(static thread => thread.End());

    /// <summary>A thread that runs one work after another.</summary>
    internal sealed class FiberThread
    {
        private readonly Turn _next = new();
        private readonly Thread _thread;
        private Action? _work;

        public FiberThread() => _thread = OwnThread.Start("Penstock simulation", RunAll, StackSize);

        public void Run(Action work)
        {
            _work = work;
            _next.Give();
        }

        public void End()
        {
            _work = null;
            _next.Give();
            _thread.Join();
        }

        private void RunAll()
        {
            while (true)
            {
                _next.Take();
                if (_work == null)
                {
                    return;
                }

                _work();
            }
        }
    }
}
