namespace Penstock.Sources.Files;

/// <summary>The file extensions by which a source selects files of a folder.</summary>
internal static class FileExtensions
{
    /// <summary>The extensions of CSV files.</summary>
    public static readonly string[] Csv = [".csv", ".csv.gz"];

    /// <summary>The extensions of JSON Lines files.</summary>
    public static readonly string[] JsonLines = [".jsonl", ".jsonl.gz"];
}
