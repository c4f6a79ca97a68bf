using System.Text;

namespace Penstock.Formats;

/// <summary>The names of an enum as UTF-8. The exact ones are found without allocation.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal static class EnumText<T>
    where T : struct
{
    private const int MaxLength = 512;

    private static readonly bool IsFlags = typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false);
    private static readonly string[] Names = Enum.GetNames(typeof(T));
    private static readonly byte[][] Texts = [.. Names.Select(Encoding.UTF8.GetBytes)];
    private static readonly T[] Values = [.. Names.Select(name => (T)Enum.Parse(typeof(T), name))];

    /// <summary>Reads a name, exact or in any case, or a number; where the enum has [Flags], also a list of names with commas.</summary>
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

    /// <summary>The name of a value; empty when it has none and is written as its number.</summary>
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

    /// <summary>What a reader expects, for messages.</summary>
    public static string Expected => $"one of {string.Join(", ", Names.Take(20))}{(Names.Length > 20 ? ", …" : "")}, or its number";
}
