namespace Penstock.Generator.Shared;

/// <summary>What the name of a file says of its content. The build and the start go by it.</summary>
internal static class FileNameFormat
{
    private const string Gzip = ".gz";

    /// <summary>Whether the name says that the file is compressed.</summary>
    public static bool IsCompressed(string name) => Ends(name, Gzip);

    /// <summary>Whether the name says CSV, compressed or not.</summary>
    public static bool IsCsv(string name) => Ends(Plain(name), ".csv");

    /// <summary>Whether the name says JSON Lines, compressed or not.</summary>
    public static bool IsJsonLines(string name) => Ends(Plain(name), ".jsonl");

    /// <summary>The name without what says that the file is compressed.</summary>
    public static string Plain(string name) => IsCompressed(name) ? name.Substring(0, name.Length - Gzip.Length) : name;

    private static bool Ends(string name, string extension) => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
