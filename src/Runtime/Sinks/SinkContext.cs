using Penstock.Files;
using Penstock.Hosting;

namespace Penstock.Sinks;

/// <summary>What a sink is created from.</summary>
/// <param name="Id">The id of the sink.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the sink.</param>
/// <param name="FileSystem">The files that it may write.</param>
public sealed record SinkContext(string Id, string PipelineName, IServiceProvider Services, SinkOptions Options, IFileSystem FileSystem);
