using System.Globalization;
using Penstock.Generator.Shared;

namespace Penstock.Sinks.Files;

/// <summary>
/// The names of the part files of one sink. They depend only on the sink, the subtask, the checkpoint and a sequence number, so that a name
/// shows which checkpoint a file belongs to.
/// </summary>
internal sealed class PartNames
{
    private readonly string _stem;
    private readonly string _extension;

    /// <summary>Creates the names from a file name such as <c>delays.csv</c>.</summary>
    public PartNames(string fileName) => (_stem, _extension) = PartFileName.Split(fileName);

    /// <summary>
    /// Returns the name of a visible part. Parts can be read in the order of their names: within a checkpoint, all rows of a key are in the
    /// parts of one subtask.
    /// </summary>
    public string Visible(int subtask, long checkpoint, int sequence) =>
        $"{_stem}{PartFileName.Numbers(checkpoint, subtask, sequence)}{_extension}";

    /// <summary>
    /// Determines whether a file is a visible part of this sink, and of which checkpoint. The parts of <c>delays-late</c> are not parts of
    /// <c>delays</c>.
    /// </summary>
    public bool IsVisible(string fileName, out long checkpoint)
    {
        checkpoint = 0;
        if (!fileName.StartsWith(_stem + "-", StringComparison.Ordinal)
            || !fileName.EndsWith(_extension, StringComparison.Ordinal)
            || fileName.Length <= _stem.Length + 1 + _extension.Length)
        {
            return false;
        }

        var parts = fileName[(_stem.Length + 1)..^_extension.Length].Split('-');
        return parts.Length == 3 && (IsPart(fileName, parts[0], parts[1], parts[2], Visible, out checkpoint)
            || IsPart(fileName, parts[1], parts[0], parts[2], OfVersion01, out checkpoint));
    }

    // Only an exact name that this class would generate may be deleted.
    private static bool IsPart(
        string fileName,
        string checkpoint,
        string subtask,
        string sequence,
        Func<int, long, int, string> name,
        out long id)
    {
        id = 0;
        return int.TryParse(subtask, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && long.TryParse(checkpoint, NumberStyles.None, CultureInfo.InvariantCulture, out id)
            && int.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && fileName == name(index, id, number);
    }

    // Version 0.1 put the subtask first.
    private string OfVersion01(int subtask, long checkpoint, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{_stem}-{subtask}-{checkpoint:D10}-{sequence}{_extension}");
}
