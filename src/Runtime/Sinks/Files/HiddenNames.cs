using System.Globalization;
using System.Text;
using Penstock.Tasks;

namespace Penstock.Sinks.Files;

/// <summary>
/// The names of part files in a folder before they are committed: <c>.NAME.tmp</c>, and where the writer has a number
/// (<see cref="ExecutionEnvironment.Writer"/>) <c>..NUMBER.NAME.tmp</c>. No part is named so when it is visible, since no name of a sink
/// begins with a dot.
/// </summary>
internal static class HiddenNames
{
    private const string Extension = ".tmp";

    /// <summary>The name of a part that is not committed.</summary>
    /// <param name="part">The name that it gets when it is.</param>
    /// <param name="writer">The number of its writer.</param>
    public static string Of(string part, int writer) =>
        writer == 0 ? $".{part}{Extension}" : string.Create(CultureInfo.InvariantCulture, $"..{writer}.{part}{Extension}");

    /// <summary>The name that a part gets when it is committed.</summary>
    /// <param name="name">The name of a file.</param>
    /// <returns>The name; null where the file is no part that is not committed.</returns>
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
    /// What a checkpoint keeps to find a part again; empty where the writer has no number, so that an earlier version can go on with the
    /// checkpoint.
    /// </summary>
    public static byte[] TicketOf(int writer) => writer == 0 ? [] : Encoding.ASCII.GetBytes(writer.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number of the writer of a part; 0 where there is none, or the part was prepared elsewhere than in a folder.</summary>
    public static int WriterOf(ReadOnlySpan<byte> ticket) => WriterOf(Encoding.UTF8.GetString(ticket).AsSpan());

    private static int WriterOf(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var writer) ? writer : 0;
}
