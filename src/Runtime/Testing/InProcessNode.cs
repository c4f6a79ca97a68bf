using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Testing;

/// <summary>
/// The other node of a job in the process of the first one, for tests and simulations: what goes between them are the same bytes.
/// </summary>
/// <param name="link">Creates a link: its end at the first node, and at the other one.</param>
internal sealed class InProcessNode(Func<(ILink First, ILink Second)> link) : INodeConnector
{
    private TaskManager? _manager;

    /// <summary>The subtasks of the node in this attempt; null where it has not joined.</summary>
    public ExecutionGraph? Graph => _manager?.Graph;

    public async Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop)
    {
        await CloseAsync().WaitAsync(stop);
        var (first, second) = link();
        _manager = new TaskManager(definition, environment, second, AtOnce.Instance);
        return first;
    }

    /// <summary>Ends what the node does in the attempt.</summary>
    public Task CloseAsync()
    {
        _manager?.Close();
        return _manager?.Closed ?? Task.CompletedTask;
    }

    /// <summary>The thread that reads the link: what a test has told the node has happened when it goes on.</summary>
    private sealed class AtOnce : IBackground
    {
        public static readonly AtOnce Instance = new();

        public TaskCreationOptions Completion => TaskCreationOptions.None;

        public int Threads => 1;

        public Task<T> Run<T>(Func<T> work) => Task.FromResult(work());

        public Task<T> RunLong<T>(Func<T> work) => Run(work);
    }
}
