using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Generator.Identifiers;

/// <summary>How a name is written as an identifier of C#.</summary>
internal static class Identifier
{
    /// <summary>A name as it begins a local variable or, behind an underscore, a field.</summary>
    public static string Camel(string name)
    {
        var trimmed = Valid(name).TrimStart('_');
        return trimmed.Length == 0 ? "value" : char.ToLowerInvariant(trimmed[0]) + trimmed.Substring(1);
    }

    /// <summary>A name as it begins a type or a method.</summary>
    public static string Pascal(string name)
    {
        var trimmed = Valid(name).TrimStart('_');
        return trimmed.Length == 0 || char.IsDigit(trimmed[0])
            ? "Stream" + trimmed
            : char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1);
    }

    // Ids may be any text. C# ignores format characters in identifiers, so that two that differ in these alone would be the same.
    private static string Valid(string name) => SyntaxFacts.IsValidIdentifier(name) && !name.Any(IsFormat)
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
