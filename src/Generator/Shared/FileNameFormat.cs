namespace Penstock.Generator.Shared;

/// <summary>The format and compression that a file name shows. The build and the start use the same rules.</summary>
internal static class FileNameFormat
{
    private const string Gzip = ".gz";

    /// <summary>Whether the file is compressed, according to its name.</summary>
    public static bool IsCompressed(string name) => Ends(name, Gzip);

    /// <summary>Whether the file is CSV, compressed or not, according to its name.</summary>
    public static bool IsCsv(string name) => Ends(Plain(name), ".csv");

    /// <summary>Whether the file is JSON Lines, compressed or not, according to its name.</summary>
    public static bool IsJsonLines(string name) => Ends(Plain(name), ".jsonl");

    /// <summary>The name without the extension for compression.</summary>
    public static string Plain(string name) => IsCompressed(name) ? name.Substring(0, name.Length - Gzip.Length) : name;

    private static bool Ends(string name, string extension) => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
