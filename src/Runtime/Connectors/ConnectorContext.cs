using Microsoft.Extensions.Logging;

namespace Penstock.Connectors;

/// <summary>The context in which a source or sink is created.</summary>
/// <param name="Id">The id of the source or sink.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Settings">The options of the connector.</param>
/// <param name="FileSystem">The file system that it may use.</param>
public abstract record ConnectorContext(
    string Id,
    string PipelineName,
    IServiceProvider Services,
    ConnectorSettings Settings,
    IFileSystem FileSystem)
{
    /// <summary>The options of the pipeline.</summary>
    public required PipelineOptions PipelineOptions { get; init; }

    /// <summary>The index of the subtask, from 0.</summary>
    public required int Subtask { get; init; }

    /// <summary>Reports that the connector is temporarily unable to work.</summary>
    public required ConnectorHealth Health { get; init; }

    /// <summary>The logger.</summary>
    public required ILogger Log { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
