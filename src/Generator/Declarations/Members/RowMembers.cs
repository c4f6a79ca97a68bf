using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>The members of a row type and its base types by name, with their code.</summary>
internal sealed class RowMembers
{
    private readonly Dictionary<string, List<ISymbol>> _byName = [];

    public RowMembers(INamedTypeSymbol row)
    {
        for (var type = row; type != null; type = type.BaseType)
        {
            if (type.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            {
                Types.Add(type);
            }

            foreach (var member in type
                .GetMembers()
                .Where(static member => !member.IsStatic && member is IFieldSymbol or IPropertySymbol or IMethodSymbol or IEventSymbol))
            {
                if (!_byName.TryGetValue(member.Name, out var named))
                {
                    _byName.Add(member.Name, named = []);
                }

                named.Add(member);
            }
        }

        IsOpaque = Types.Any(IsOpaqueType);
        HasUnseenParts = Types.SelectMany(static type => type.DeclaringSyntaxReferences)
            .Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword));
    }

    /// <summary>The type itself, then its base types, without <see cref="object"/>.</summary>
    public List<INamedTypeSymbol> Types { get; } = [];

    public IEnumerable<string> Names => _byName.Keys;

    public IReadOnlyList<ISymbol> Find(string name) => _byName.TryGetValue(name, out var members) ? members : [];

    /// <summary>Whether the code of all types is part of this program.</summary>
    public bool IsInSource => Types.All(static type => !type.DeclaringSyntaxReferences.IsEmpty);

    /// <summary>Whether another generator may add members that are not visible here.</summary>
    public bool HasUnseenParts { get; }

    /// <summary>Whether the values of a row may be changed in a way that the syntax does not show.</summary>
    public bool IsOpaque { get; }

    /// <summary>The names that some code of these types uses.</summary>
    public MemberUses UsesIn(SyntaxNode code) => MemberUses.In(code, this);

    /// <summary>Whether a value assigned to a name is stored in the row under this name, without side effects.</summary>
    public bool IsStored(string name) => Find(name) is { Count: > 0 } found
        && found.All(static member => member is IFieldSymbol
            || (member is IPropertySymbol { IsVirtual: false, IsOverride: false, IsAbstract: false } property
                && SetterOf(property) == null));

    /// <summary>
    /// The code that runs when a member is read or called; null if it is not visible, empty if a stored value is returned.
    /// </summary>
    public static IReadOnlyList<SyntaxNode>? CodeOf(ISymbol member)
    {
        if (member.IsVirtual
            || member.IsOverride
            || member.IsAbstract
            || member.IsExtern
            || member.DeclaringSyntaxReferences is not [var reference])
        {
            return null;
        }

        return (member, reference.GetSyntax()) switch
        {
            (IFieldSymbol, _) or (IPropertySymbol, ParameterSyntax) => [],
            (IPropertySymbol { IsPartialDefinition: false }, PropertyDeclarationSyntax property) => GetterOf(property),

            // A change in the body of a method of a class would not be detected: see CompilationShape.
            (IMethodSymbol { ContainingType: { IsRecord: true } or { IsValueType: true } }, MethodDeclarationSyntax method) =>
                method.Body != null ? [method.Body] : method.ExpressionBody != null ? [method.ExpressionBody] : null,
            _ => null,
        };
    }

    /// <summary>The body of a setter that does more than store its value; otherwise null.</summary>
    public static SyntaxNode? SetterOf(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()).OfType<PropertyDeclarationSyntax>()
            .SelectMany(static declaration => declaration.AccessorList?.Accessors.AsEnumerable() ?? [])
            .Where(static accessor => accessor.Keyword.ValueText is "set" or "init")
            .Select(static accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody)
            .FirstOrDefault(static body => body != null);

    /// <summary>The initializer of a field or property, or null.</summary>
    public static ExpressionSyntax? InitializerOf(ISymbol member) =>
        member.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax() switch
        {
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            VariableDeclaratorSyntax field => field.Initializer?.Value,
            _ => null,
        }).FirstOrDefault(static value => value != null);

    /// <summary>Whether code of the user runs when a member is read.</summary>
    public static bool IsComputed(ISymbol member) => !IsAutomatic(member) && CodeOf(member) is not { Count: 0 };

    /// <summary>Whether a property of another assembly has compiler-generated accessors.</summary>
    public static bool IsAutomatic(ISymbol member) =>
        member is IFieldSymbol || (member is IPropertySymbol { IsVirtual: false, IsOverride: false, IsAbstract: false } property
            && IsMade(property.GetMethod)
            && IsMade(property.SetMethod));

    // Fields that share memory, a body in a part that is not visible here, or a finalizer.
    private static bool IsOpaqueType(INamedTypeSymbol type) => RowLayout.MayOverlap(type) || type.GetMembers().Any(static member =>
        member is IPropertySymbol { IsPartialDefinition: true }
            or IMethodSymbol { MethodKind: MethodKind.Constructor, IsPartialDefinition: true }
            or IMethodSymbol { MethodKind: MethodKind.Destructor });

    private static bool IsMade(IMethodSymbol? accessor) =>
        accessor?.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute") == true;

    private static IReadOnlyList<SyntaxNode> GetterOf(PropertyDeclarationSyntax property)
    {
        if (property.ExpressionBody != null)
        {
            return [property.ExpressionBody];
        }

        var getter = property.AccessorList?.Accessors.FirstOrDefault(static accessor => accessor.Keyword.ValueText == "get");
        return getter?.Body != null ? [getter.Body] : getter?.ExpressionBody != null ? [getter.ExpressionBody] : [];
    }
}
