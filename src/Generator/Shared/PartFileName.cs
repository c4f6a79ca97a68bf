using System.Text;

namespace Penstock.Generator.Shared;

/// <summary>
/// The rules for the names of part files: which names a sink may have, and the names that are derived from them. The build, the start, and
/// every store of part files use them.
/// </summary>
internal static class PartFileName
{
    /// <summary>
    /// The maximum length of a name in bytes. File systems allow 255; the additions (dots, the number of a node, a subtask, a checkpoint, a
    /// sequence number and the temporary extension) need up to 54.
    /// </summary>
    public const int MaxBytes = 200;

    /// <summary>
    /// The minimum number of digits of each number in the name of a part: checkpoint, subtask, and sequence number. With these, sorting the
    /// names by character gives the order in which a subtask wrote the parts.
    /// </summary>
    public static IReadOnlyList<int> Digits { get; } = [10, 5, 5];

    /// <summary>The last part of a path, from which the names of parts are derived.</summary>
    public static string NameOf(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    /// <summary>Splits a name at the position of a part's numbers.</summary>
    public static (string Stem, string Extension) Split(string name)
    {
        // The extension of 'delays.csv.gz' is '.csv.gz'.
        var dot = FileNameFormat.Plain(name).LastIndexOf('.');
        return dot < 0
            && FileNameFormat.IsCompressed(name) ? (FileNameFormat.Plain(name), name.Substring(FileNameFormat.Plain(name).Length))
            : dot < 0 ? (name, "") : (name.Substring(0, dot), name.Substring(dot));
    }

    /// <summary>The names of all parts of a sink.</summary>
    public static NamePattern PatternOf(string name)
    {
        var (stem, extension) = Split(name);
        return NamePattern.Numbered(stem, Digits, extension);
    }

    /// <summary>The name of the first part, for messages.</summary>
    public static string ExampleOf(string name)
    {
        var (stem, extension) = Split(name);
        return $"{stem}{Numbers(1, 0, 0)}{extension}";
    }

    /// <summary>The numbers in the name of a part, each preceded by a hyphen.</summary>
    public static string Numbers(long checkpoint, int subtask, int sequence)
    {
        long[] numbers = [checkpoint, subtask, sequence];
        return string.Concat(numbers.Select(static (number, index) => "-"
            + number.ToString("D" + Digits[index], System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Why a name cannot be used for part files, and how to fix it.</summary>
    /// <param name="name">The name of a file.</param>
    /// <param name="onWindows">Whether the rules of Windows also apply.</param>
    /// <returns>The reason, as the end of a sentence; null if the name is valid.</returns>
    public static string? FindProblem(string name, bool onWindows) =>
        name.Length == 0 ? "it does not name a file. Write the folder and the name of the part files, such as 'out/delays.csv'"
        : name.StartsWith(
            ".",
            StringComparison.Ordinal) ? "a name that begins with a dot is hidden: sources do not read such files from a folder, and "
                + "sinks treat them as parts that are not committed. Remove the dot"
        : name.IndexOfAny(['*', '?', '\\']) is >= 0
            and var special ? $"'{name[special]}' has a special meaning in paths. Name one file, with '/' between folders"
        : name.Any(static character => char.IsControl(character)) ? "it has a control character. Remove it"
        : !IsText(name) ? "it is not valid Unicode, so the files would not be found again. Use other characters"
        : Encoding.UTF8.GetByteCount(
            name) > MaxBytes ? $"it is longer than {MaxBytes} bytes, and the numbers of the parts need room. Choose a shorter name"
        : onWindows ? FindWindowsProblem(name)
        : null;

    // Windows treats text after a colon as a stream inside the file, and removes spaces at the end, so the files would not be found again.
    private static string? FindWindowsProblem(string name) =>
        name.IndexOfAny(['<', '>', ':', '"', '|']) is >= 0
            and var forbidden ? $"Windows does not allow '{name[forbidden]}' in a name. Remove it"
        : name.EndsWith(" ", StringComparison.Ordinal) ? "Windows drops the space at its end. Remove the space"
        : null;

    private static bool IsText(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(name[i]))
            {
                return false;
            }
        }

        return true;
    }
}
