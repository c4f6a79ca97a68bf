namespace Penstock.Testing.Simulation;

/// <summary>Runs simulated work that may block on a separate thread, which runs only while the simulation waits for it.</summary>
internal sealed class Fiber
{
    // Much longer than any step takes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [ThreadStatic]
    private static Fiber? _current;

    private readonly FiberThreads _threads;
    private readonly Turn _own = new();
    private readonly Turn _simulation = new();
    private readonly SynchronizationContext _context;
    private readonly Action _work;
    private FiberThreads.FiberThread? _thread;

    /// <summary>Creates the fiber. It starts at the first <see cref="Resume"/>.</summary>
    /// <param name="threads">The threads on which fibers run.</param>
    /// <param name="context">The context in which its asynchronous work continues.</param>
    /// <param name="work">The work, which must not throw.</param>
    public Fiber(FiberThreads threads, SynchronizationContext context, Action work)
    {
        _threads = threads;
        _context = context;
        _work = work;
    }

    /// <summary>The fiber of this thread; null if the thread does not belong to a fiber.</summary>
    public static Fiber? Current => _current;

    /// <summary><c>true</c> if its current operation never ends.</summary>
    public bool Hangs { get; private set; }

    /// <summary><c>true</c> if its work has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Runs the fiber until it pauses or ends.</summary>
    /// <exception cref="InvalidOperationException">The fiber waits for something outside of the simulation.</exception>
    public void Resume()
    {
        if (_thread == null)
        {
            _thread = _threads.Run(Run);
        }
        else
        {
            _own.Give();
        }

        if (!_simulation.TryTake(Patience))
        {
            throw new InvalidOperationException(
                "A thread of the simulation waits for something else than the simulation. Is a lock held over an operation on files, "
                    + "which may hang?");
        }
    }

    /// <summary>Waits until the simulation resumes the fiber. Called on its thread.</summary>
    /// <param name="hangs"><c>true</c> if it is not resumed before the end of the process.</param>
    public void Pause(bool hangs)
    {
        Hangs = hangs;
        _simulation.Give();
        _own.Take();
    }

    /// <summary>Gives the thread back, after the work has ended.</summary>
    public void Release() => _threads.Return(_thread!);

    private void Run()
    {
        _current = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        _work();
        HasEnded = true;
        _current = null;
        SynchronizationContext.SetSynchronizationContext(null);
        _simulation.Give();
    }
}
