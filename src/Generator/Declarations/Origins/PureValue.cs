using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>
/// Determines whether a value depends only on members of a parameter and on constants, and so is equal whenever these are equal. Anything
/// that could be state, a service, a local variable, the clock or the environment makes the value impure, as does code that the compiler
/// cannot see.
/// </summary>
/// <param name="operator">The class whose method computes the value. Its own members are not part of the row.</param>
internal sealed class PureValue(Compilation compilation, INamedTypeSymbol @operator)
{
    // The types of .NET that are pure: those of possible keys, and types that compute with them.
    private static readonly HashSet<string> Helpers = [
        "System.Math",
        "System.Convert",
        "System.Enum",
        "System.Nullable",
        "System.ValueTuple",
        "System.FormattableString",
        "System.Globalization.CultureInfo"
    ];

    // These depend on the machine.
    private static readonly HashSet<string> Local = [
        "GetHashCode",
        "ToLocalTime",
        "LocalDateTime",
        "CurrentCulture",
        "CurrentUICulture",
        "DefaultThreadCurrentCulture",
        "DefaultThreadCurrentUICulture",
        "InstalledUICulture"
    ];

    // The methods and getters that are being examined, to stop at recursion.
    private readonly HashSet<ISymbol> _open = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a value depends only on a parameter.</summary>
    public bool IsMadeOf(ExpressionSyntax value, IParameterSymbol parameter, SemanticModel model) =>
        IsPure(value, model, other => SymbolEqualityComparer.Default.Equals(other, parameter));

    private bool IsPure(
        ExpressionSyntax value,
        SemanticModel model,
        Func<IParameterSymbol, bool> isGiven) => value.DescendantNodesAndSelf().All(node =>
        IsPure(node, model, isGiven) && (node is not ExpressionSyntax expression || !IsConvertedByCode(expression, model)));

    private bool IsPure(SyntaxNode node, SemanticModel model, Func<IParameterSymbol, bool> isGiven) => node switch
    {
        NameColonSyntax or IdentifierNameSyntax { Parent: NameColonSyntax } => true,
        SimpleNameSyntax name => IsPure(model.GetSymbolInfo(name).Symbol, isGiven),
        ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None),
        BinaryExpressionSyntax binary =>
            IsOfSystem(model.GetSymbolInfo(binary).Symbol) && (model.GetTypeInfo(binary).Type?.SpecialType != SpecialType.System_String
                || IsText(binary.Left, model) && IsText(binary.Right, model)),
        PrefixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.UnaryMinusExpression
            or SyntaxKind.UnaryPlusExpression
            or SyntaxKind.LogicalNotExpression
            or SyntaxKind.BitwiseNotExpression
            or SyntaxKind.IndexExpression
            && IsOfSystem(model.GetSymbolInfo(unary).Symbol),
        ThisExpressionSyntax { Parent: MemberAccessExpressionSyntax } => true,
        PostfixUnaryExpressionSyntax sure => sure.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        InterpolationSyntax hole => IsText(hole.Expression, model),
        ElementAccessExpressionSyntax or BaseObjectCreationExpressionSyntax =>
            model.GetSymbolInfo(node).Symbol is { } called && IsOfSystem(called),
        CastExpressionSyntax
            or LiteralExpressionSyntax
            or ParenthesizedExpressionSyntax
            or InterpolatedStringExpressionSyntax
            or InterpolatedStringTextSyntax
            or InterpolationFormatClauseSyntax => true,
        InterpolationAlignmentClauseSyntax
            or InvocationExpressionSyntax
            or MemberAccessExpressionSyntax
            or ArgumentListSyntax
            or BracketedArgumentListSyntax
            or ConditionalExpressionSyntax => true,
        ConditionalAccessExpressionSyntax
            or MemberBindingExpressionSyntax
            or TupleExpressionSyntax
            or RangeExpressionSyntax
            or DefaultExpressionSyntax
            or TypeSyntax
            or TypeArgumentListSyntax => true,
        _ => false,
    };

    private bool IsPure(ISymbol? symbol, Func<IParameterSymbol, bool> isGiven) => symbol switch
    {
        INamespaceOrTypeSymbol => true,
        IParameterSymbol parameter => isGiven(parameter),
        IFieldSymbol field => field.IsConst || (field.IsStatic ? field.IsReadOnly && IsOfSystem(field) : !IsOperators(field)),
        IPropertySymbol { IsStatic: false } property when property.ContainingType.IsPenstock(KnownNames.Window) => true,
        IPropertySymbol or IMethodSymbol when IsOfSystem(symbol) => OutsideMembers.KindOf(symbol) == null && !Local.Contains(symbol.Name),
        IPropertySymbol { IsStatic: false } property =>
            !IsOperators(property) && (UnmodifiedMembers.IsPlain(property) || IsPureCode(property)),
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method => (method.IsStatic || !IsOperators(method)) && IsPureCode(method),
        _ => false,
    };

    // The code must be a single expression whose changes are detected.
    private bool IsPureCode(ISymbol called)
    {
        if (called.IsVirtual
            || called.IsOverride
            || called.IsAbstract
            || called.DeclaringSyntaxReferences is not [var reference]
            || !compilation.ContainsSyntaxTree(reference.SyntaxTree)
            || !_open.Add(called))
        {
            return false;
        }

        var code = reference.GetSyntax() switch
        {
            MethodDeclarationSyntax { ExpressionBody.Expression: var result } => result,
            MethodDeclarationSyntax { Body.Statements: [ReturnStatementSyntax { Expression: { } result }] } => result,
            PropertyDeclarationSyntax { ExpressionBody.Expression: var result } => result,
            PropertyDeclarationSyntax
            {
                AccessorList.Accessors: [
                {
                    Keyword.RawKind: (int)SyntaxKind.GetKeyword,
                    ExpressionBody.Expression: var result
                }]
            } =>
                result,
            PropertyDeclarationSyntax
            {
                AccessorList.Accessors: [
                {
                    Keyword.RawKind: (int)SyntaxKind.GetKeyword,
                    Body.Statements: [ReturnStatementSyntax { Expression: { } result }]
                }]
            } =>
                result,
            _ => null,
        };
        var isPure = code != null && CompilationShape.IsSeen(code)
            && IsPure(
                code,
                compilation.GetSemanticModel(reference.SyntaxTree),
                parameter => SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, called));
        _open.Remove(called);
        return isPure;
    }

    private bool IsOperators(ISymbol member)
    {
        for (var type = @operator; type != null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, member.ContainingType.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    // A type of the program is formatted by its own method, which may not be pure, so only known values are accepted.
    private static bool IsText(ExpressionSyntax part, SemanticModel model) => model.GetTypeInfo(part).Type is not { } type || IsValue(type);

    private static bool IsConvertedByCode(ExpressionSyntax value, SemanticModel model) =>
        model.GetConversion(value) is { IsUserDefined: true, MethodSymbol: var method } && !IsOfSystem(method)
        || model.GetTypeInfo(value) is { Type: { } type, ConvertedType.SpecialType: SpecialType.System_Object } && !IsValue(type)
        || value is CastExpressionSyntax cast && model.GetSymbolInfo(cast).Symbol is { } conversion && !IsOfSystem(conversion);

    private static bool IsValue(
        ITypeSymbol type) => ValueReader.Scalar(type) != null || type.TypeKind == TypeKind.Enum || type
            is INamedTypeSymbol named && (named.IsTupleType
        ? named.TupleElements.All(static element => IsValue(element.Type))
        : named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && IsValue(named.TypeArguments[0]));

    // Operators without a symbol are those of the language.
    private static bool IsOfSystem(
        ISymbol? member) => member is null or IMethodSymbol { MethodKind: MethodKind.BuiltinOperator } || member.ContainingType is { } type
        && (ValueReader.Scalar(type) != null
            || type.IsTupleType
            || type.ContainingType == null && Helpers.Contains($"{type.ContainingNamespace.ToDisplayString()}.{type.Name}"));
}
