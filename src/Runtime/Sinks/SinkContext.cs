using System.ComponentModel;
using Penstock.Files;
using Penstock.Hosting;
using Penstock.Sinks.Files;

namespace Penstock.Sinks;

/// <summary>What a sink is created from.</summary>
/// <param name="Id">The id of the sink.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the sink.</param>
/// <param name="FileSystem">The files that it may write.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SinkContext(string Id, string PipelineName, IServiceProvider Services, SinkOptions Options, IFileSystem FileSystem)
{
    /// <summary>The part files of a sink: what the pipeline says, overridden by configuration.</summary>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The options.</returns>
    public FileSinkOptions Files(FileSinkSettings settings)
    {
        var options = new FileSinkOptions(settings, FileSystem);
        return options with { Path = Options.Path ?? options.Path, RollSize = Options.RollSize ?? options.RollSize };
    }
}
