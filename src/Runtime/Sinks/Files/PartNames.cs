using System.Globalization;

namespace Penstock.Sinks.Files;

/// <summary>
/// The names of the part files of one sink: they depend on the sink, the subtask, the checkpoint and a sequence number, and
/// nothing else, so that whoever sees a file knows which checkpoint it belongs to.
/// </summary>
internal sealed class PartNames
{
    private readonly string _prefix;
    private readonly string _extension;

    /// <summary>Derives the names from a path such as <c>out/delays.csv</c>.</summary>
    public PartNames(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(path);
        Folder = System.IO.Path.GetFullPath(string.IsNullOrEmpty(folder) ? "." : folder);
        Path = System.IO.Path.Combine(Folder, System.IO.Path.GetFileName(path));
        _prefix = System.IO.Path.GetFileNameWithoutExtension(path) + "-";
        _extension = System.IO.Path.GetExtension(path);
    }

    /// <summary>The full path that the names are derived from.</summary>
    public string Path { get; }

    /// <summary>The path of the file that is locked while a job runs that writes these parts.</summary>
    public string LockPath => System.IO.Path.Combine(Folder, $".{System.IO.Path.GetFileName(Path)}.lock");

    /// <summary>The path of the file that names that job until it has finished.</summary>
    public string MarkPath => System.IO.Path.Combine(Folder, $".{System.IO.Path.GetFileName(Path)}.owner");

    /// <summary>The full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>The name of a part that is visible.</summary>
    public string Visible(int subtask, long checkpoint, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}{subtask}-{checkpoint:D10}-{sequence}{_extension}");

    /// <summary>The path of a visible part.</summary>
    public string PathOf(string visibleName) => System.IO.Path.Combine(Folder, visibleName);

    /// <summary>The path of the same part before it is committed: a hidden file.</summary>
    public string TemporaryPathOf(string visibleName) => System.IO.Path.Combine(Folder, $".{visibleName}.tmp");

    /// <summary>Whether a file is a visible part of this sink, and of which checkpoint. The parts of <c>delays-late</c> are none of <c>delays</c>.</summary>
    public bool IsVisible(string fileName, out long checkpoint)
    {
        checkpoint = 0;
        if (!fileName.StartsWith(_prefix, StringComparison.Ordinal) || !fileName.EndsWith(_extension, StringComparison.Ordinal) || fileName.Length <= _prefix.Length + _extension.Length)
        {
            return false;
        }

        var parts = fileName[_prefix.Length..^_extension.Length].Split('-');

        // Only a name that we would write ourselves, digit for digit, is ours to delete.
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var subtask)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out checkpoint)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && fileName == Visible(subtask, checkpoint, sequence);
    }

    /// <summary>Whether a file is a part of this sink that was not committed.</summary>
    public bool IsTemporary(string fileName) =>
        fileName.StartsWith('.') && fileName.EndsWith(".tmp", StringComparison.Ordinal) && IsVisible(fileName[1..^4], out _);
}
