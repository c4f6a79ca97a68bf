using Penstock.Files;
using Penstock.Hosting;

namespace Penstock.Sources;

/// <summary>What a source is created from.</summary>
/// <param name="Id">The id of the source.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the source.</param>
/// <param name="FileSystem">The files that it may read.</param>
public sealed record SourceContext(string Id, string PipelineName, IServiceProvider Services, SourceOptions Options, IFileSystem FileSystem);
