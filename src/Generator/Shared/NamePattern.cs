namespace Penstock.Generator.Shared;

/// <summary>A set of file names: one name, the names that a glob matches, or the names of the part files of a sink.</summary>
internal sealed class NamePattern
{
    private readonly List<Token> _tokens = [];
    private readonly bool _ignoresCase;

    private NamePattern(bool ignoresCase) => _ignoresCase = ignoresCase;

    /// <summary>One character, or a repeated character, of a name.</summary>
    /// <param name="Literal">The character; null for any character.</param>
    /// <param name="IsDigit">Whether it matches any digit.</param>
    /// <param name="IsMany">Whether it matches any number of characters, including none.</param>
    private readonly record struct Token(char? Literal, bool IsDigit, bool IsMany);

    /// <summary>
    /// The names that a glob matches: <c>*</c> stands for any string, <c>?</c> for any character, and a backslash escapes the next
    /// character.
    /// </summary>
    public static NamePattern Glob(string glob, bool ignoresCase = false)
    {
        var pattern = new NamePattern(ignoresCase);
        for (var i = 0; i < glob.Length; i++)
        {
            if (glob[i] is '*' or '?')
            {
                pattern._tokens.Add(new Token(null, false, glob[i] == '*'));
            }
            else
            {
                i += glob[i] == '\\' && i + 1 < glob.Length ? 1 : 0;
                pattern.AddText(glob[i].ToString());
            }
        }

        return pattern;
    }

    /// <summary>One name.</summary>
    public static NamePattern Name(string name)
    {
        var pattern = new NamePattern(ignoresCase: false);
        pattern.AddText(name);
        return pattern;
    }

    /// <summary>The names with a given beginning and end, and numbers separated by hyphens between them.</summary>
    /// <param name="beginning">The beginning.</param>
    /// <param name="digits">The minimum number of digits of each number.</param>
    /// <param name="end">The end.</param>
    public static NamePattern Numbered(string beginning, IReadOnlyList<int> digits, string end)
    {
        var pattern = new NamePattern(ignoresCase: false);
        pattern.AddText(beginning);
        foreach (var count in digits)
        {
            pattern.AddText("-");
            for (var i = 0; i < count; i++)
            {
                pattern._tokens.Add(new Token(null, true, false));
            }

            pattern._tokens.Add(new Token(null, true, true));
        }

        pattern.AddText(end);
        return pattern;
    }

    /// <summary>Whether some name is in both sets.</summary>
    /// <param name="other">The other set.</param>
    /// <param name="ignoresCase">Whether the file system ignores case.</param>
    public bool Overlaps(NamePattern other, bool ignoresCase)
    {
        var seen = new HashSet<(int, int)>();
        return Reaches(0, 0);

        // Whether the remaining parts of both patterns match a common string.
        bool Reaches(int at, int otherAt)
        {
            if (!seen.Add((at, otherAt)))
            {
                return false;
            }

            var (mine, others) = (TokenAt(at), other.TokenAt(otherAt));
            if (mine == null && others == null)
            {
                return true;
            }

            if ((mine is { IsMany: true } && Reaches(at + 1, otherAt)) || (others is { IsMany: true } && Reaches(at, otherAt + 1)))
            {
                return true;
            }

            return mine is { } left && others is { } right && !(left.IsMany && right.IsMany)
                && HaveCharacterInCommon(left, right, ignoresCase || _ignoresCase || other._ignoresCase)
                && Reaches(left.IsMany ? at : at + 1, right.IsMany ? otherAt : otherAt + 1);
        }
    }

    private static bool HaveCharacterInCommon(Token one, Token other, bool ignoresCase) => (one.Literal, other.Literal) switch
    {
        ({ } left, { } right) => left == right || (ignoresCase && char.ToUpperInvariant(left) == char.ToUpperInvariant(right)),
        ({ } left, null) => !other.IsDigit || left is >= '0' and <= '9',
        (null, { } right) => !one.IsDigit || right is >= '0' and <= '9',
        _ => true,
    };

    private Token? TokenAt(int index) => index < _tokens.Count ? _tokens[index] : null;

    private void AddText(string text)
    {
        foreach (var character in text)
        {
            _tokens.Add(new Token(character, false, false));
        }
    }
}
