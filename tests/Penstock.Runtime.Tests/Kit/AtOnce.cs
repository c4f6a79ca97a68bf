using Penstock.Threads;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>Runs background work synchronously on the calling thread, so that it is done when the test continues.</summary>
internal sealed class AtOnce : IBackground
{
    public static readonly AtOnce Instance = new();

    public TaskCreationOptions Completion => TaskCreationOptions.None;

    public int Threads => 1;

    public Task<T> Run<T>(Func<T> work) => Task.FromResult(work());

    public Task<T> RunLong<T>(Func<T> work) => Run(work);
}
