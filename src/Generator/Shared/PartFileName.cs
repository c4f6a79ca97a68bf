using System.Text;

namespace Penstock.Generator.Shared;

/// <summary>
/// The rules for the names of part files: what a sink's name must be like, and which names are made of it. The build, the start, and every
/// store of part files go by them.
/// </summary>
internal static class PartFileName
{
    /// <summary>
    /// The most bytes of a name. File systems take 255 for a name; what is added to it (dots, the number of a node, a subtask, a
    /// checkpoint, a sequence number and the temporary extension) takes up to 54.
    /// </summary>
    public const int MaxBytes = 200;

    /// <summary>
    /// The digits that each number has at least in the name of a part: checkpoint, subtask, and which part of them it is. With these the
    /// names sort, character by character, in the order in which a subtask wrote the parts.
    /// </summary>
    public static IReadOnlyList<int> Digits { get; } = [10, 5, 5];

    /// <summary>The last part of a path: the name that the names of the parts are made of.</summary>
    public static string NameOf(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    /// <summary>Divides a name into what stands before and behind the numbers of a part.</summary>
    public static (string Stem, string Extension) Split(string name)
    {
        // Of 'delays.csv.gz' the extension is '.csv.gz'.
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

    /// <summary>The numbers in the name of a part, each with a hyphen before it.</summary>
    public static string Numbers(long checkpoint, int subtask, int sequence)
    {
        long[] numbers = [checkpoint, subtask, sequence];
        return string.Concat(numbers.Select(static (number, index) => "-"
            + number.ToString("D" + Digits[index], System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Why a name cannot be that of part files: what is wrong with it, and what to write instead.</summary>
    /// <param name="name">The name of a file.</param>
    /// <param name="onWindows">Whether the rules of Windows hold, too.</param>
    /// <returns>The reason, as the end of a sentence; null when nothing is wrong.</returns>
    public static string? WhyNot(string name, bool onWindows) =>
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
        : onWindows ? WhyNotOnWindows(name)
        : null;

    // Windows takes what is behind a colon for a stream inside the file, and drops spaces at the end: the files would not be found again.
    private static string? WhyNotOnWindows(string name) =>
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
