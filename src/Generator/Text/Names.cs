using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Generator.Text;

/// <summary>Names that are readable, valid and each given only once.</summary>
internal sealed class Names(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>A name that is not taken yet: the wish, or the wish with a number.</summary>
    public string Take(string wish)
    {
        var name = wish;
        for (var number = 2; !_taken.Add(name); number++)
        {
            name = wish + number.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    /// <summary>A name as it begins a local variable or, behind an underscore, a field.</summary>
    public static string Camel(string name)
    {
        var trimmed = Identifier(name).TrimStart('_');
        return trimmed.Length == 0 ? "value" : char.ToLowerInvariant(trimmed[0]) + trimmed.Substring(1);
    }

    /// <summary>A name as it begins a type or a method.</summary>
    public static string Pascal(string name)
    {
        var trimmed = Identifier(name).TrimStart('_');
        return trimmed.Length == 0 || char.IsDigit(trimmed[0])
            ? "Stream" + trimmed
            : char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1);
    }

    // Ids may be any text. C# ignores format characters in identifiers, so that two that differ in these alone would be the same.
    private static string Identifier(string name) => SyntaxFacts.IsValidIdentifier(name) && !name.Any(IsFormat)
        ? name
        : string.Concat(name.Select(static character => SyntaxFacts.IsIdentifierPartCharacter(character) && !IsFormat(character)
            ? character
            : '_'));

    private static bool IsFormat(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    /// <summary>A name that is a keyword gets an at sign.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
