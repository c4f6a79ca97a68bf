using Penstock.Generator.Shared;

namespace Penstock.Hosting;

/// <summary>
/// Compares the configured path of files with the format that the pipeline was built for. A file name of another format is refused, because
/// the files would not have the format that their name claims.
/// </summary>
internal static class ConfiguredFormat
{
    /// <summary>Checks the path of a source or sink.</summary>
    /// <param name="path">The path in configuration, or null.</param>
    /// <param name="node">The source or sink, or null.</param>
    /// <returns>The end of the error message, or null if the path is valid.</returns>
    public static string? FindProblem(string? path, PlanNode? node)
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
