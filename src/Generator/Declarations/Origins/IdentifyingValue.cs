using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>
/// Finds the members of a parameter that a value identifies: two different values of such a member never give the same result, whatever the
/// other members are. It knows only a few forms, each of which is obviously one-to-one.
/// </summary>
/// <param name="parameter">A row, or a window.</param>
internal sealed class IdentifyingValue(SemanticModel model, IParameterSymbol parameter)
{
    private const string Key = "Key";

    // The bounds of a window are in UTC, so removing the offset loses nothing.
    private static readonly HashSet<string> Bounds = ["Start", "End"];

    // AddMonths is not included: 30 and 31 January plus a month are the same day.
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

    /// <summary>The members that a value identifies after it was assigned to a member.</summary>
    /// <param name="value">The value.</param>
    /// <param name="kept">The type of the member to which it is assigned.</param>
    public EquatableArray<IdentifiedMember> Of(ExpressionSyntax value, ITypeSymbol kept) =>
        model.GetTypeInfo(value) is { Type: { } made, ConvertedType: { } converted } && Keeps(made, converted)
            ? Find(value).Select(found => found with { KeepsNull = found.KeepsNull && HoldsNull(kept) }).ToEquatableArray()
            : EquatableArray<IdentifiedMember>.Empty;

    /// <summary>The members that an expression identifies, by its own type.</summary>
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

            // Without the offset, two timestamps can become equal, unless all have the same offset.
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

            // A dividend must be a multiple of the unit, which does not hold for a shifted value.
            SyntaxKind.DivideExpression when binary.Left is MemberAccessExpressionSyntax access && SourceOf(access)
                is { } source && model.GetConstantValue(binary.Right) is { HasValue: true, Value: var by and (int or long) }
                && Convert.ToInt64(by, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var divisor => One(
                    source,
                    divisor,
                    isInstant: false),
            _ => EquatableArray<IdentifiedMember>.Empty,
        };
    }

    // A member of the row that keeps its assigned value, or a member of a window: its key, a part of its key, or a bound.
    private string? SourceOf(MemberAccessExpressionSyntax access)
    {
        var name = access.Name.Identifier.ValueText;
        if (IsParameter(access.Expression))
        {
            return _isWindow ? name : model.GetSymbolInfo(access).Symbol is { } member ? UnmodifiedMembers.StoredIn(member)?.Name : null;
        }

        return _isWindow
            && access.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Key } key
            && IsParameter(key.Expression)
            && ItemOf(parameter.Type, name) is > 0 and var item
            ? Operators.WindowKey.PartOf(item)
            : null;
    }

    /// <summary>The number of the element with a name in the key of a window, from 1; 0 if there is none.</summary>
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

    /// <summary>Whether a method moves every date and time by the same amount.</summary>
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

    // A member that is declared as not nullable is treated as such by all readers, since sinks write null as an empty string. A key of
    // several parts is a tuple.
    private static bool HoldsNull(ITypeSymbol type) => KeyReader.IsNullable(type) || type.IsTupleType;

    // The same type, possibly nullable, or a numeric type that can represent all values of the other.
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
