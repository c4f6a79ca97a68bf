using Penstock.Threads;

namespace Penstock.Testing.Simulation;

/// <summary>Work of a simulation that may block: on a thread of its own, which runs only while the simulation waits for it.</summary>
internal sealed class Fiber : IDisposable
{
    private const int StackSize = 512 * 1024;

    // Far longer than any step takes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [ThreadStatic]
    private static Fiber? _current;

    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _paused = new(0);
    private readonly SynchronizationContext _context;
    private readonly Action _work;
    private Thread? _thread;

    /// <summary>Creates the fiber. It begins with the first <see cref="Resume"/>.</summary>
    /// <param name="context">The context in which its asynchronous work goes on.</param>
    /// <param name="work">The work; throws nothing.</param>
    public Fiber(SynchronizationContext context, Action work)
    {
        _context = context;
        _work = work;
    }

    /// <summary>The fiber of this thread; null where the thread is none of a fiber.</summary>
    public static Fiber? Current => _current;

    /// <summary>Whether what it is about to do does not come to an end.</summary>
    public bool Hangs { get; private set; }

    /// <summary>Whether its work is done.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Lets it run until it pauses or ends.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that is no part of the simulation.</exception>
    public void Resume()
    {
        if (_thread == null)
        {
            _thread = OwnThread.Start("Penstock simulation", Run, StackSize);
        }
        else
        {
            _go.Release();
        }

        if (!_paused.Wait(Patience))
        {
            throw new InvalidOperationException(
                "A thread of the simulation waits for something else than the simulation. Is a lock held over an operation on files, "
                    + "which may hang?");
        }
    }

    /// <summary>Called on its thread: waits until the simulation resumes it.</summary>
    /// <param name="hangs">Whether it is not resumed before the end of the process.</param>
    public void Pause(bool hangs)
    {
        Hangs = hangs;
        _paused.Release();
        _go.Wait();
    }

    public void Dispose()
    {
        _thread?.Join();
        _go.Dispose();
        _paused.Dispose();
    }

    private void Run()
    {
        _current = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        _work();
        HasEnded = true;
        _paused.Release();
    }
}
