using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Validation;

/// <summary>Checks sinks: no two may have the same id or place, and no source may read the output of a sink.</summary>
internal static class SinkRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        var ids = new HashSet<string>(plan.Nodes.Where(static node => node is not SinkNode).Select(static node => node.Id));
        var paths = new Dictionary<NormalizedPath, string>();
        foreach (var sink in plan.Nodes.OfType<SinkNode>())
        {
            var stream = plan.Find(sink.Inputs[0])?.Name ?? sink.Name;
            if (sink.Connector is FileSinkModel { Path: { Length: > 0 } path })
            {
                var place = DiagnosticAnchor.Sink(stream, sink.Index, "path");
                var written = NormalizedPath.Of(path);
                if (paths.TryGetValue(written, out var other))
                {
                    yield return new DiagnosticInfo("PEN517", place, path, other);
                    continue;
                }

                paths.Add(written, stream);
                if (PartFileName.FindProblem(PartFileName.NameOf(path), onWindows: false) is { } reason)
                {
                    yield return new DiagnosticInfo("PEN539", place, path, reason);
                }
                else if (ReaderOf(plan, written) is { } reader)
                {
                    yield return new DiagnosticInfo("PEN538", place, path, reader.Name, PartFileName.ExampleOf(written.Name));
                }
            }

            if (sink.Id.Trim().Length == 0 || !ids.Add(sink.Id))
            {
                yield return new DiagnosticInfo("PEN513", DiagnosticAnchor.Sink(stream, sink.Index, "Id"), sink.Id);
            }
        }
    }

    /// <summary>
    /// The source that reads the part files of a sink. Links and configuration are checked only when the pipeline starts.
    /// </summary>
    private static SourceNode? ReaderOf(LogicalPlan plan, NormalizedPath written)
    {
        var parts = PartFileName.PatternOf(written.Name);
        return plan.Nodes.OfType<SourceNode>().FirstOrDefault(source => source.Connector is FileSourceModel { Path.Length: > 0 } files
            && InputOf(files).Any(input => input.Folder == written.Folder && input.Names.Overlaps(parts, ignoresCase: false)));
    }

    // A path may name a file, or a folder whose files are read.
    private static IEnumerable<(string Folder, NamePattern Names)> InputOf(FileSourceModel source)
    {
        var path = NormalizedPath.Of(source.Path);
        yield return (path.Folder, NamePattern.Glob(path.Name));
        var folder = NormalizedPath.Of(source.Path.TrimEnd('/') + "/-").Folder;
        foreach (var end in new[] { "", ".gz" })
        {
            yield return (folder, NamePattern.Glob((source.Format == FileRowFormat.Csv ? "*.csv" : "*.jsonl") + end, ignoresCase: true));
        }
    }
}
