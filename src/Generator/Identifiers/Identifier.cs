using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Generator.Identifiers;

/// <summary>Converts names to identifiers of C#.</summary>
internal static class Identifier
{
    /// <summary>A name in camel case, for a local variable or, after an underscore, a field.</summary>
    public static string Camel(string name)
    {
        var trimmed = Valid(name).TrimStart('_');
        return trimmed.Length == 0 ? "value" : char.ToLowerInvariant(trimmed[0]) + trimmed.Substring(1);
    }

    /// <summary>A name in Pascal case, for a type or a method.</summary>
    public static string Pascal(string name)
    {
        var trimmed = Valid(name).TrimStart('_');
        return trimmed.Length == 0 || char.IsDigit(trimmed[0])
            ? "Stream" + trimmed
            : char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1);
    }

    // Ids may be any string. C# ignores format characters in identifiers, so identifiers that differ only in these would be equal.
    private static string Valid(string name) => SyntaxFacts.IsValidIdentifier(name) && !name.Any(IsFormat)
        ? name
        : string.Concat(name.Select(static character => SyntaxFacts.IsIdentifierPartCharacter(character) && !IsFormat(character)
            ? character
            : '_'));

    private static bool IsFormat(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    /// <summary>The name, with an at sign if it is a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
