using Penstock.Network.Links;

namespace Penstock.Tasks;

/// <summary>Connects the first node of a job to the other one, again for each attempt.</summary>
internal interface INodeConnector
{
    /// <summary>Waits until the other node is connected, with no work of an earlier attempt running on it.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">The environment of the attempt; its spool is the checkpoint storage.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <returns>The link to the other node.</returns>
    Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop);
}
