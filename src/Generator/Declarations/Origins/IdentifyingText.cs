using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>
/// Finds the values that a string identifies if it is composed of constants and values: each value whose bounds in the string can be
/// determined. Values of fixed length, and numbers next to something other than a digit, are determined from both ends of the string; one
/// value may remain between them, of any length.
/// </summary>
internal sealed class IdentifyingText(SemanticModel model, IdentifyingValue values)
{
    /// <summary>The members that a string identifies; null if the expression is not composed, and is not created from a value.</summary>
    public EquatableArray<IdentifiedMember>? Of(ExpressionSyntax value) =>
        PiecesOf(value, isInvariant: false) is { } pieces
            ? TextPiece.Bounded(pieces).SelectMany(static piece => piece.Members).Distinct().ToEquatableArray()
            : null;

    private List<Piece>? PiecesOf(ExpressionSyntax value, bool isInvariant)
    {
        switch (value)
        {
            case InterpolatedStringExpressionSyntax text:
                return Joined(text.Contents.Select(part => part switch
                {
                    InterpolatedStringTextSyntax constant => Piece.Of(constant.TextToken.ValueText),
                    InterpolationSyntax { AlignmentClause: null, FormatClause: null } hole
                        when ConstantIn(hole.Expression) is { } constant => Piece.Of(constant),
                    InterpolationSyntax { AlignmentClause: null } hole =>
                        PieceOf(hole.Expression, hole.FormatClause?.FormatStringToken.ValueText, isInvariant),
                    _ => Piece.Unknown,
                }));
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when IsString(sum):
                return Joined(OfOperand(sum.Left).Concat(OfOperand(sum.Right)));
            case InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var method } access,
                ArgumentList.Arguments: var arguments
            } call
                when IsString(call) && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { } type } called:
                return (method, called.IsStatic) switch
                {
                    ("ToString", false) => OfToString(access.Expression, arguments),
                    ("Create", true) when type.SpecialType == SpecialType.System_String
                        && arguments is [{ Expression: var culture }, { Expression: InterpolatedStringExpressionSyntax text }] =>
                        PiecesOf(text, IsInvariant(culture)),
                    ("Invariant", true) when type.Name == "FormattableString"
                        && arguments is [{ Expression: InterpolatedStringExpressionSyntax text }] => PiecesOf(text, isInvariant: true),
                    _ => null,
                };
            default:
                return null;
        }
    }

    private IEnumerable<Piece> OfOperand(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax inner when IsString(inner) => OfOperand(inner.Expression),
        _ when ConstantIn(value) is { } constant => [Piece.Of(constant)],
        _ => PiecesOf(value, isInvariant: false) is { } pieces ? pieces : [PieceOf(value, null, isInvariant: false)],
    };

    private List<Piece> OfToString(ExpressionSyntax value, SeparatedSyntaxList<ArgumentSyntax> arguments) => [arguments switch
    {
        [] => PieceOf(value, null, isInvariant: false),
        [{ Expression: var culture }] when IsInvariant(culture) => PieceOf(value, null, isInvariant: true),
        [{ Expression: var format }] when model.GetConstantValue(format) is { HasValue: true, Value: string text } =>
            PieceOf(value, text, isInvariant: false),
        [{ Expression: var format }, { Expression: var culture }] when IsInvariant(culture)
            && model.GetConstantValue(format) is { HasValue: true, Value: string text } => PieceOf(value, text, isInvariant: true),
        _ => Piece.Unknown,
    }];

    // A value as a string. The sign of a number depends on the culture in which the program runs, which may be another one after a restart.
    // For all other formatting, the type is sufficient.
    private Piece PieceOf(ExpressionSyntax value, string? format, bool isInvariant)
    {
        var isWhole = format is "O" or "o";
        TextForm? form = model.GetTypeInfo(value).Type is not { } type ? null : ValueReader.Scalar(type) switch
        {
            ValueKind.String => format == null ? TextForm.Free : null,
            ValueKind.Char or ValueKind.Guid => format == null ? TextForm.Fixed : null,
            ValueKind.Byte or ValueKind.UInt16 or ValueKind.UInt32 or ValueKind.UInt64 => format == null ? TextForm.Number : null,
            ValueKind.SByte or ValueKind.Int16 or ValueKind.Int32 or ValueKind.Int64 =>
                format == null && isInvariant ? TextForm.Number : null,
            ValueKind.DateTimeOffset or ValueKind.DateOnly or ValueKind.TimeOnly => isWhole ? TextForm.Fixed : null,
            ValueKind.DateTime => !isWhole ? null : IsOfOneKind(value) ? TextForm.Fixed : TextForm.Free,
            null when type is INamedTypeSymbol { TypeKind: TypeKind.Enum } named =>
                format == null && HasOneNameEach(named) ? TextForm.Free : null,
            _ => null,
        };
        return form is { } known
            ? new Piece(known, "", values.Find(value).Select(static member => member with { IsInstant = false, KeepsNull = false }))
            : Piece.Unknown;
    }

    // The Kind is written after the time: Z, an offset, or nothing.
    private bool IsOfOneKind(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax inner => IsOfOneKind(inner.Expression),
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "UtcDateTime" or "DateTime" } access =>
            model.GetTypeInfo(access.Expression).Type is { } type && ValueReader.Scalar(type) == ValueKind.DateTimeOffset,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax shifted } =>
            IdentifyingValue.IsShift(shifted) && IsOfOneKind(shifted.Expression),
        _ => false,
    };

    // If a value has two names, .NET writes either of them. Other values are written as a number or, for flags, as a list.
    private static bool HasOneNameEach(INamedTypeSymbol type)
    {
        var constants = type.GetMembers()
            .OfType<IFieldSymbol>()
            .Where(static field => field.HasConstantValue)
            .Select(static field => field.ConstantValue)
            .ToList();
        return constants.Distinct().Count() == constants.Count && !type
            .GetAttributes()
            .Any(static attribute => attribute.AttributeClass is { Name: "FlagsAttribute", ContainingNamespace.Name: "System" });
    }

    private string? ConstantIn(ExpressionSyntax value) =>
        model.GetConstantValue(value) is { HasValue: true, Value: var constant and (string or char) } ? $"{constant}" : null;

    private bool IsString(ExpressionSyntax value) => model.GetTypeInfo(value).Type?.SpecialType == SpecialType.System_String;

    private bool IsInvariant(ExpressionSyntax culture) =>
        model.GetSymbolInfo(culture).Symbol is IPropertySymbol
        {
            Name: "InvariantCulture",
            ContainingType: { Name: "CultureInfo", ContainingNamespace.Name: "Globalization" }
        };

    // Merges adjacent constants.
    private static List<Piece> Joined(IEnumerable<Piece> pieces)
    {
        var joined = new List<Piece>();
        foreach (var piece in pieces)
        {
            if (piece.Form == TextForm.Constant && joined.Count > 0 && joined[joined.Count - 1] is { Form: TextForm.Constant } before)
            {
                joined[joined.Count - 1] = Piece.Of(before.Text + piece.Text);
            }
            else if (piece is not { Form: TextForm.Constant, Text: "" })
            {
                joined.Add(piece);
            }
        }

        return joined;
    }

    private sealed record Piece(TextForm Form, string Text, IEnumerable<IdentifiedMember> Members) : TextPiece(Form, Text)
    {
        public static Piece Unknown { get; } = new(TextForm.Free, "", []);

        public static Piece Of(string text) => new(TextForm.Constant, text, []);
    }
}
