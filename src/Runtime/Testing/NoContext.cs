namespace Penstock.Testing;

/// <summary>
/// Takes the synchronization context off the thread for a while: the test waits for asynchronous work of the engine, which must not wait
/// for the thread of the test in its turn.
/// </summary>
internal readonly ref struct NoContext
{
    private readonly SynchronizationContext? _before;

    private NoContext(SynchronizationContext? before) => _before = before;

    public static NoContext Enter()
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        return new NoContext(before);
    }

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
}
