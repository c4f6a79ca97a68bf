using System.ComponentModel;
using Penstock.Files;
using Penstock.Hosting;
using Penstock.Sources.Files;

namespace Penstock.Sources;

/// <summary>What a source is created from.</summary>
/// <param name="Id">The id of the source.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the source.</param>
/// <param name="FileSystem">The files that it may read.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SourceContext(string Id, string PipelineName, IServiceProvider Services, SourceOptions Options, IFileSystem FileSystem)
{
    /// <summary>The files of a source: what the pipeline says, overridden by configuration.</summary>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The options.</returns>
    public FileSourceOptions Files(FileSourceSettings settings)
    {
        var options = new FileSourceOptions(settings, FileSystem);
        return options with { Path = Options.Path ?? options.Path, SplitSize = Options.SplitSize ?? options.SplitSize };
    }
}
