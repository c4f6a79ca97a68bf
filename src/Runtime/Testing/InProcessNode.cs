using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Testing;

/// <summary>
/// The second node of a job in the process of the first one, for tests and simulations. The nodes exchange the same bytes as in production.
/// </summary>
/// <param name="link">Creates a link, and returns its ends at the first and the second node.</param>
internal sealed class InProcessNode(Func<(ILink First, ILink Second)> link) : INodeConnector
{
    private TaskManager? _manager;

    /// <summary>The execution graph of the node in this attempt; null if the node has not joined.</summary>
    public ExecutionGraph? Graph => _manager?.Graph;

    public async Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop)
    {
        await CloseAsync().WaitAsync(stop);
        var (first, second) = link();
        _manager = new TaskManager(definition, environment, second, AtOnce.Instance);
        return first;
    }

    /// <summary>Ends the work of the node in the attempt.</summary>
    public Task CloseAsync()
    {
        _manager?.Close();
        return _manager?.Closed ?? Task.CompletedTask;
    }

    /// <summary>Runs background work synchronously, so a message to the node has taken effect when the test continues.</summary>
    private sealed class AtOnce : IBackground
    {
        public static readonly AtOnce Instance = new();

        public TaskCreationOptions Completion => TaskCreationOptions.None;

        public int Threads => 1;

        public Task<T> Run<T>(Func<T> work) => Task.FromResult(work());

        public Task<T> RunLong<T>(Func<T> work) => Run(work);
    }
}
