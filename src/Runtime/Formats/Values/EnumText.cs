using System.Text;

namespace Penstock.Formats;

/// <summary>The names of an enum as UTF-8. Exact names are found without allocation.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal static class EnumText<T>
    where T : struct
{
    private const int MaxLength = 512;

    private static readonly bool IsFlags = typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false);
    private static readonly string[] Names = Enum.GetNames(typeof(T));
    private static readonly byte[][] Texts = [.. Names.Select(Encoding.UTF8.GetBytes)];
    private static readonly T[] Values = [.. Names.Select(name => (T)Enum.Parse(typeof(T), name))];

    /// <summary>
    /// Parses a name, exact or ignoring case, or a number; for an enum with [Flags], also a comma-separated list of names.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out T value)
    {
        for (var i = 0; i < Texts.Length; i++)
        {
            if (text.SequenceEqual(Texts[i]))
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        Span<char> characters = stackalloc char[MaxLength];
        if (text.Length is 0 or > MaxLength || text[0] <= ' ' || text[^1] <= ' '
            || (!IsFlags && text.Contains((byte)','))
            || !Encoding.UTF8.TryGetChars(text, characters, out var count))
        {
            return false;
        }

        return Enum.TryParse(characters[..count], ignoreCase: true, out value);
    }

    /// <summary>Returns the name of a value; empty if it has none and is written as its number.</summary>
    public static ReadOnlySpan<byte> NameOf(T value)
    {
        for (var i = 0; i < Values.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(Values[i], value))
            {
                return Texts[i];
            }
        }

        return default;
    }

    /// <summary>The expected values, for messages.</summary>
    public static string Expected => $"one of {string.Join(", ", Names.Take(20))}{(Names.Length > 20 ? ", …" : "")}, or its number";
}
