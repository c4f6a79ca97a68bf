using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>
/// Finds the members of a parameter that a value identifies: two of such a member never make the same value, whatever the rest is. It knows
/// few forms, each of which is plainly one-to-one.
/// </summary>
/// <param name="parameter">A row, or a window.</param>
internal sealed class IdentifyingValue(SemanticModel model, IParameterSymbol parameter)
{
    private const string Key = "Key";

    // A window begins and ends in UTC, so that nothing is lost with the offset.
    private static readonly HashSet<string> Bounds = ["Start", "End"];

    // A month is no fixed time: the 30th and the 31st of January are the same a month later.
    private static readonly HashSet<string> Shifts = [
        "AddDays",
        "AddHours",
        "AddMinutes",
        "AddSeconds",
        "AddMilliseconds",
        "AddMicroseconds",
        "AddTicks"
    ];

    private readonly bool _isWindow = parameter.Type.IsPenstock(KnownNames.Window);

    /// <summary>What a value identifies, as the member has it to which it is given.</summary>
    /// <param name="value">The value.</param>
    /// <param name="kept">The type of the member.</param>
    public EquatableArray<IdentifiedMember> Of(ExpressionSyntax value, ITypeSymbol kept) =>
        model.GetTypeInfo(value) is { Type: { } made, ConvertedType: { } converted } && Keeps(made, converted)
            ? Find(value).Select(found => found with { KeepsNull = found.KeepsNull && HoldsNull(kept) }).ToEquatableArray()
            : EquatableArray<IdentifiedMember>.Empty;

    /// <summary>What an expression identifies, by its own type.</summary>
    public EquatableArray<IdentifiedMember> Find(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax inner => Find(inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => Find(sure.Operand),
        MemberAccessExpressionSyntax access => SourceOf(access) is { } source ? One(source, 1, IsInstant(access)) : OfProperty(access),
        CastExpressionSyntax cast => model.GetTypeInfo(cast.Expression).Type is { } from
            && model.GetTypeInfo(cast).Type is { } to
            && Keeps(from, to) ? Find(cast.Expression) : EquatableArray<IdentifiedMember>.Empty,
        _ when new IdentifyingText(model, this).Of(value) is { } text => text,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax method, ArgumentList.Arguments: var arguments } =>
            OfCall(method, arguments),
        BinaryExpressionSyntax binary => OfOperator(binary),
        _ => EquatableArray<IdentifiedMember>.Empty,
    };

    private EquatableArray<IdentifiedMember> OfProperty(
        MemberAccessExpressionSyntax access) => (TypeOf(access.Expression), access.Name.Identifier.ValueText) switch
        {
            (ValueKind.DateTimeOffset, "UtcDateTime" or "UtcTicks") or (ValueKind.DateTime, "Ticks") =>
                As(Find(access.Expression), IsInstant(access)),

            // Without its offset an instant is another one, unless all have the same.
            (ValueKind.DateTimeOffset, "DateTime" or "Ticks") when IsBound(access.Expression) =>
                As(Find(access.Expression), IsInstant(access)),
            _ => EquatableArray<IdentifiedMember>.Empty,
        };

    private EquatableArray<IdentifiedMember> OfCall(MemberAccessExpressionSyntax method, SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        var found = Find(method.Expression);
        return (TypeOf(method.Expression), method.Name.Identifier.ValueText) switch
        {
            (ValueKind.DateTimeOffset or ValueKind.DateTime, _) when IsShift(method)
                && arguments is [{ Expression: var by }]
                && IsConstant(by) => found,
            (ValueKind.DateTimeOffset, "ToUnixTimeMilliseconds") when arguments.Count == 0 => CutBy(found, Durations.Second / 1_000),
            (ValueKind.DateTimeOffset, "ToUnixTimeSeconds") when arguments.Count == 0 => CutBy(found, Durations.Second),
            _ => EquatableArray<IdentifiedMember>.Empty,
        };
    }

    private EquatableArray<IdentifiedMember> OfOperator(BinaryExpressionSyntax binary)
    {
        if (!IsInteger(model.GetTypeInfo(binary).Type))
        {
            return EquatableArray<IdentifiedMember>.Empty;
        }

        return binary.Kind() switch
        {
            SyntaxKind.AddExpression or SyntaxKind.SubtractExpression when IsConstant(binary.Right)
                && IsInteger(model.GetTypeInfo(binary.Left).Type) => As(Find(binary.Left), isInstant: false),
            SyntaxKind.AddExpression or SyntaxKind.SubtractExpression when IsConstant(binary.Left)
                && IsInteger(model.GetTypeInfo(binary.Right).Type) => As(Find(binary.Right), isInstant: false),

            // What is divided has to be a multiple, which is not so of what was shifted.
            SyntaxKind.DivideExpression when binary.Left is MemberAccessExpressionSyntax access && SourceOf(access)
                is { } source && model.GetConstantValue(binary.Right) is { HasValue: true, Value: var by and (int or long) }
                && Convert.ToInt64(by, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var divisor => One(
                    source,
                    divisor,
                    isInstant: false),
            _ => EquatableArray<IdentifiedMember>.Empty,
        };
    }

    // A member of the row that keeps what it was given, or one of a window: its key, a part of its key, a bound.
    private string? SourceOf(MemberAccessExpressionSyntax access)
    {
        var name = access.Name.Identifier.ValueText;
        if (IsParameter(access.Expression))
        {
            return _isWindow ? name : model.GetSymbolInfo(access).Symbol is { } member ? KeptMembers.StoredIn(member)?.Name : null;
        }

        return _isWindow
            && access.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Key } key
            && IsParameter(key.Expression)
            && ItemOf(parameter.Type, name) is > 0 and var item
            ? Operators.WindowKey.PartOf(item)
            : null;
    }

    /// <summary>Which element of the key of a window has a name, from 1; 0 where none has.</summary>
    public static int ItemOf(ITypeSymbol window, string name)
    {
        var elements = window is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol { IsTupleType: true } tuple] }
            ? tuple.TupleElements
            : [];
        for (var item = 1; item <= elements.Length; item++)
        {
            if (elements[item - 1].Name == name || $"Item{item}" == name)
            {
                return item;
            }
        }

        return 0;
    }

    /// <summary>Whether a method of an instant makes one that is as far from it as from any other one.</summary>
    public static bool IsShift(MemberAccessExpressionSyntax method) => Shifts.Contains(method.Name.Identifier.ValueText);

    private bool IsParameter(ExpressionSyntax value) =>
        value is IdentifierNameSyntax && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(value).Symbol, parameter);

    private bool IsBound(ExpressionSyntax value) => value switch
    {
        ParenthesizedExpressionSyntax inner => IsBound(inner.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax shifted } => IsShift(shifted) && IsBound(shifted.Expression),
        MemberAccessExpressionSyntax access =>
            _isWindow && IsParameter(access.Expression) && Bounds.Contains(access.Name.Identifier.ValueText),
        _ => false,
    };

    private bool IsConstant(ExpressionSyntax value) => model.GetConstantValue(value).HasValue;

    private bool IsInstant(ExpressionSyntax value) => TypeOf(value) is ValueKind.DateTimeOffset or ValueKind.DateTime;

    private ValueKind? TypeOf(ExpressionSyntax value) => model.GetTypeInfo(value).Type is { } type ? ValueReader.Scalar(type) : null;

    // What is declared to be never null is taken so by all who read it: sinks write an empty text for null. A key of several parts is a
    // tuple.
    private static bool HoldsNull(ITypeSymbol type) => KeyReader.IsNullable(type) || type.IsTupleType;

    // The same type, perhaps nullable, or a number that has all values of the other one.
    private bool Keeps(ITypeSymbol from, ITypeSymbol to)
    {
        if (SymbolEqualityComparer.Default.Equals(from, to))
        {
            return true;
        }

        if (to is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] })
        {
            return Keeps(
                from is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
                    ? value
                    : from,
                inner);
        }

        var number = from is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying : from;
        return IsInteger(number) && (IsInteger(to) || to.SpecialType == SpecialType.System_Decimal)
            && (SymbolEqualityComparer.Default.Equals(number, to)
                || ((CSharpCompilation)model.Compilation).ClassifyConversion(number, to) is { IsImplicit: true, IsNumeric: true });
    }

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_Char and <= SpecialType.System_UInt64;

    private static EquatableArray<IdentifiedMember> One(string source, long cut, bool isInstant) =>
        new([new IdentifiedMember(source, cut, isInstant) { KeepsNull = true }]);

    private static EquatableArray<IdentifiedMember> As(EquatableArray<IdentifiedMember> found, bool isInstant) =>
        found.Select(member => member with { IsInstant = isInstant }).ToEquatableArray();

    private static EquatableArray<IdentifiedMember> CutBy(EquatableArray<IdentifiedMember> found, long cut) =>
        found.Select(member => member with { Cut = cut, IsInstant = false }).ToEquatableArray();
}
