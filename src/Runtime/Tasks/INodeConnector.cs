using Penstock.Network.Links;

namespace Penstock.Tasks;

/// <summary>Connects the first node of a job with the other one, anew for each attempt.</summary>
internal interface INodeConnector
{
    /// <summary>Waits until the other node is there, and nothing of an earlier attempt is at work on it.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">What the attempt touches; its spool is the place for checkpoints.</param>
    /// <param name="stop">Waits no longer.</param>
    /// <returns>The link to it.</returns>
    Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop);
}
