using Penstock.Threads;

namespace Penstock.Runtime.Tests.Engine;

/// <summary>Does work that is meant for other threads on the thread that asks for it: it is done when the test goes on.</summary>
internal sealed class AtOnce : IBackground
{
    public static readonly AtOnce Instance = new();

    public TaskCreationOptions Completion => TaskCreationOptions.None;

    public int Threads => 1;

    public Task<T> Run<T>(Func<T> work) => Task.FromResult(work());

    public Task<T> RunLong<T>(Func<T> work) => Run(work);
}
