using System.Globalization;
using Penstock.Generator.Plan;

namespace Penstock.Sinks.Files;

/// <summary>
/// The names of the part files of one sink: they depend on the sink, the subtask, the checkpoint and a sequence number, and
/// nothing else, so that its name alone says which checkpoint a file belongs to.
/// </summary>
internal sealed class PartNames
{
    private readonly string _prefix;
    private readonly string _extension;

    /// <summary>Derives the names from one such as <c>delays.csv</c>.</summary>
    public PartNames(string fileName)
    {
        (var stem, _extension) = PartFileName.Split(fileName);
        _prefix = stem + "-";
    }

    /// <summary>The name of a part that is visible.</summary>
    public string Visible(int subtask, long checkpoint, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}{subtask}-{checkpoint:D10}-{sequence}{_extension}");

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
}
