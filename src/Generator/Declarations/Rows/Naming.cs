using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>How column names are derived from member names. The values equal those of Penstock's public enum.</summary>
internal enum ColumnNaming
{
    CamelCase,
    AsDeclared,
    SnakeCase,
    UpperSnakeCase,
    KebabCase,
    UpperKebabCase,
}

/// <summary>Finds the naming policy of rows, and applies it.</summary>
internal static class Naming
{
    private const string Argument = "Naming";

    /// <summary>
    /// The innermost policy for a type: that of the source or sink, of the type itself, of the row that contains it, or of the pipeline.
    /// </summary>
    public static ColumnNaming Of(AttributeData connector, ITypeSymbol type, ITypeSymbol row, INamedTypeSymbol pipeline) =>
        Given(connector)
            ?? Given(OfType(type)) ?? Given(OfType(row)) ?? Given(pipeline.Attribute(KnownNames.Pipeline)) ?? ColumnNaming.CamelCase;

    /// <summary>The name of a column.</summary>
    public static string NameOf(string member, ColumnNaming policy) => policy switch
    {
        ColumnNaming.AsDeclared => member,
        ColumnNaming.SnakeCase => Separated(member, '_', static letter => char.ToLowerInvariant(letter)),
        ColumnNaming.UpperSnakeCase => Separated(member, '_', static letter => char.ToUpperInvariant(letter)),
        ColumnNaming.KebabCase => Separated(member, '-', static letter => char.ToLowerInvariant(letter)),
        ColumnNaming.UpperKebabCase => Separated(member, '-', static letter => char.ToUpperInvariant(letter)),
        ColumnNaming.CamelCase => char.ToLowerInvariant(member[0]) + member.Substring(1),
        _ => throw new InvalidOperationException($"Unknown naming policy: {policy}."),
    };

    private static ColumnNaming? Given(AttributeData? attribute) =>
        attribute?.Scalar<int>(Argument) is { } value ? (ColumnNaming)value : null;

    private static AttributeData? OfType(ITypeSymbol row)
    {
        AttributeData? found = null;
        for (ITypeSymbol? type = row; type != null && found == null; type = type.BaseType)
        {
            found = type.Attribute(KnownNames.Columns);
        }

        return found;
    }

    private static string Separated(string member, char separator, Func<char, char> convert)
    {
        var name = new StringBuilder();
        for (var i = 0; i < member.Length; i++)
        {
            if (i > 0 && BeginsWord(member, i))
            {
                name.Append(separator);
            }

            name.Append(convert(member[i]));
        }

        return name.ToString();
    }

    // An upper-case letter after a lower-case letter or a digit; or the last of several upper-case letters before a lower-case letter.
    private static bool BeginsWord(string member, int index) => char.IsUpper(member[index])
        && (char.IsLower(member[index - 1]) || char.GetUnicodeCategory(member[index - 1]) == UnicodeCategory.DecimalDigitNumber
            || (char.IsUpper(member[index - 1]) && index + 1 < member.Length && char.IsLower(member[index + 1])));
}
