using System.Globalization;
using System.Text;
using Penstock.Tasks;

namespace Penstock.Sinks.Files;

/// <summary>
/// The names of part files in a folder before they are committed: <c>.NAME.tmp</c>, or <c>..NUMBER.NAME.tmp</c> if the writer has a number
/// (<see cref="ExecutionEnvironment.Writer"/>). No visible part has such a name, since the name of a sink never begins with a dot.
/// </summary>
internal static class HiddenNames
{
    private const string Extension = ".tmp";

    /// <summary>Returns the name of an uncommitted part.</summary>
    /// <param name="part">The name of the part after the commit.</param>
    /// <param name="writer">The number of its writer.</param>
    public static string Of(string part, int writer) =>
        writer == 0 ? $".{part}{Extension}" : string.Create(CultureInfo.InvariantCulture, $"..{writer}.{part}{Extension}");

    /// <summary>Returns the name that a part has after the commit.</summary>
    /// <param name="name">The name of a file.</param>
    /// <returns>The name, or null if the file is not an uncommitted part.</returns>
    public static string? PartOf(string name)
    {
        if (!name.StartsWith('.') || !name.EndsWith(Extension, StringComparison.Ordinal) || name.Length <= Extension.Length)
        {
            return null;
        }

        var part = name[1..^Extension.Length];
        return !part.StartsWith('.') ? part
            : part.IndexOf('.', 1) is var dot and > 1
                && WriterOf(part.AsSpan(1, dot - 1)) is > 0 and var writer
                && Of(part[(dot + 1)..], writer) == name ? part[(dot + 1)..]
            : null;
    }

    /// <summary>
    /// Returns the data that a checkpoint keeps for finding a part; empty if the writer has no number, so that an earlier version can
    /// resume from the checkpoint.
    /// </summary>
    public static byte[] TicketOf(int writer) => writer == 0 ? [] : Encoding.ASCII.GetBytes(writer.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns the number of the writer of a part; 0 if it has none, or if the part was not prepared in a folder.</summary>
    public static int WriterOf(ReadOnlySpan<byte> ticket) => WriterOf(Encoding.UTF8.GetString(ticket).AsSpan());

    private static int WriterOf(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var writer) ? writer : 0;
}
