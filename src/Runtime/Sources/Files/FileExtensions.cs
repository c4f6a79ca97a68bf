namespace Penstock.Sources.Files;

/// <summary>By which names a source of a folder knows its files.</summary>
internal static class FileExtensions
{
    /// <summary>Files of CSV.</summary>
    public static readonly string[] Csv = [".csv", ".csv.gz"];

    /// <summary>Files of JSON Lines.</summary>
    public static readonly string[] JsonLines = [".jsonl", ".jsonl.gz"];
}
