using Penstock.Generator.Shared;

namespace Penstock.Hosting;

/// <summary>
/// The path of files in configuration and the format that the pipeline was built for: a name that says another format is refused, because
/// the files would not be what they are called.
/// </summary>
internal static class ConfiguredFormat
{
    /// <summary>What is wrong with the path of a source or sink.</summary>
    /// <param name="path">The path in configuration, or null.</param>
    /// <param name="node">The source or sink, or null.</param>
    /// <returns>The end of a sentence; null when nothing is wrong.</returns>
    public static string? WhyNot(string? path, PlanNode? node)
    {
        if (path == null || node?.Files is not { } files)
        {
            return null;
        }

        var said = FileNameFormat.IsCsv(path) ? FileFormat.Csv : FileNameFormat.IsJsonLines(path) ? FileFormat.JsonLines : files.Format;
        return said == files.Format
            ? null
            : $"is '{path}', which is a name for {Name(said)}, but the pipeline was built to "
                + $"{(node.Kind == PlanNodeKind.Source ? "read" : "write")} {Name(files.Format)} there ('{files.Path}'). Choose a name that ends in {Extension(files.Format)} or {Extension(files.Format)}.gz, or change the path or the Format of the attribute.";
    }

    private static string Name(FileFormat format) => format == FileFormat.Csv ? "CSV" : "JSON Lines";

    private static string Extension(FileFormat format) => format == FileFormat.Csv ? ".csv" : ".jsonl";
}
