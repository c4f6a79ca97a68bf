using Penstock.Connectors;
using Penstock.Generator.Shared;
using Penstock.Sources.Files;

namespace Penstock.Hosting.Places;

/// <summary>Reads the places of one pipeline from its settings and attributes.</summary>
/// <param name="files">The file system.</param>
/// <param name="pipeline">The name of the pipeline.</param>
internal sealed class PlaceReader(IFileSystem files, string pipeline)
{
    /// <summary>Returns the folder named by a setting of the pipeline, or null if the setting is not set.</summary>
    public Place? Folder(string what, string setting, string? path) => string.IsNullOrEmpty(path)
        ? null
        : new Place(pipeline, what, path, PlaceFolder.Of(files, path)) { Setting = KeyOf(setting) };

    /// <summary>Returns the places that a sink writes; empty if its path is invalid, which the sink itself reports.</summary>
    public IEnumerable<Place> Output(PlanNode sink, PipelineOptions options)
    {
        var stream = sink.Inputs[0];
        var configured = options.SinkOptions(sink.Id, stream).Path;
        var path = configured ?? sink.Files!.Path;
        var name = NameOf(path);
        return name.Length == 0 ? [] :
        [
            new Place(pipeline, $"the sink of stream '{stream}'", path, PlaceFolder.Of(files, FolderOf(path)))
            {
                Setting = KeyOf($"Sinks:{(options.Sinks.ContainsKey(sink.Id) ? sink.Id : stream)}:Path"),
                IsInAttribute = configured == null,
                IsWritten = true,
                Parts = PartFileName.PatternOf(name),
            },
        ];
    }

    /// <summary>
    /// Returns the places that a source reads. A path may be a file or a folder of files; a path that does not exist yet may become either.
    /// </summary>
    public IEnumerable<Place> Input(PlanNode source, PipelineOptions options)
    {
        var configured = options.SourceOptions(source.Id).Path;
        var path = configured ?? source.Files!.Path;
        var place = new Place(pipeline, $"source '{source.Id}'", path, PlaceFolder.Of(files, FolderOf(path)))
        {
            Setting = KeyOf($"Sources:{source.Id}:Path"),
            IsInAttribute = configured == null,
        };
        var isElsewhere = NormalizedPath.HasScheme(path);
        var name = NameOf(path);
        if (name.IndexOfAny(['*', '?']) >= 0)
        {
            yield return place with { Input = NamePattern.Glob(name) };
        }

        if (isElsewhere || files.FileExists(path) || !files.DirectoryExists(path))
        {
            // A file may be a link to a file in another folder.
            var real = isElsewhere ? path : files.RealPath(path);
            yield return place with { Folder = PlaceFolder.Of(files, FolderOf(real)), Input = NamePattern.Name(NameOf(real)) };
        }

        if (isElsewhere || !files.FileExists(path))
        {
            foreach (var extension in source.Files!.Format == FileFormat.Csv ? FileExtensions.Csv : FileExtensions.JsonLines)
            {
                yield return place with
                {
                    Folder = PlaceFolder.Of(files, path),
                    Input = NamePattern.Glob("*" + extension, ignoresCase: true)
                };
            }
        }
    }

    private static string NameOf(string path) =>
        NormalizedPath.HasScheme(path) ? path[(path.LastIndexOf('/') + 1)..] : Path.GetFileName(path);

    private static string FolderOf(string path) => path[..^NameOf(path).Length] is { Length: > 0 } folder ? folder : ".";

    private string KeyOf(string setting) => $"Penstock:Pipelines:{pipeline}:{setting}";
}
