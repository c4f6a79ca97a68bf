using System.ComponentModel;
using Microsoft.Extensions.Logging;

namespace Penstock.Connectors;

/// <summary>What a source or a sink is created from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Settings">The options of its connector.</param>
/// <param name="FileSystem">The files that it may use.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
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

    /// <summary>Where the connector says that it cannot do its work for the moment.</summary>
    public required ConnectorHealth Health { get; init; }

    /// <summary>Where messages for people go.</summary>
    public required ILogger Log { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
