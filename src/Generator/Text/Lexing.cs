using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Generator.Text;

/// <summary>The minimal lexing of C# that distinguishes code from strings in a line.</summary>
internal static class Lexing
{
    /// <summary>Whether a character can occur in a name.</summary>
    public static bool IsNamePart(char character) => character == '@' || SyntaxFacts.IsIdentifierPartCharacter(character);

    /// <summary>The end of the string, character or comment that begins at a position; the position itself if none begins there.</summary>
    public static int SkipText(string line, int at) => line[at] switch
    {
        '/' when at + 1 < line.Length && line[at + 1] == '/' => line.Length,
        '"' => EndOfText(line, at, isVerbatim: IsVerbatim(line, at)),
        '\'' => EndOfText(line, at, isVerbatim: false),
        _ => at,
    };

    private static bool IsVerbatim(string line, int at) =>
        at > 0 && (line[at - 1] == '@' || (line[at - 1] == '$' && at > 1 && line[at - 2] == '@'));

    private static int EndOfText(string line, int start, bool isVerbatim)
    {
        for (var at = start + 1; at < line.Length; at++)
        {
            if (line[at] == '\\' && !isVerbatim)
            {
                at++;
            }
            else if (line[at] == line[start])
            {
                if (!isVerbatim || at + 1 >= line.Length || line[at + 1] != '"')
                {
                    return at + 1;
                }

                at++;
            }
        }

        return line.Length;
    }
}
