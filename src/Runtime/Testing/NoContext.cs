namespace Penstock.Testing;

/// <summary>
/// Removes the synchronization context from the thread until disposed. The test blocks on asynchronous work of the engine, which must not
/// wait for the thread of the test.
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
