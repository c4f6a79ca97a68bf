using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Whether a value in the body of a method is made of members of a parameter and constants, and so is the same whenever these are. It looks at the text alone, and at the names of
/// members of the class: what could be state, a service or a local variable is none.
/// </summary>
internal static class PureValue
{
    public static bool IsMadeOf(ExpressionSyntax value, string parameter, HashSet<string> locals, IMethodSymbol method) =>
        value.DescendantNodesAndSelf().All(node => node switch
        {
            ThisExpressionSyntax or BaseExpressionSyntax or AssignmentExpressionSyntax => false,
            SimpleNameSyntax name => IsMemberName(name) || IsTypeName(name) || name.Identifier.ValueText == parameter || IsKnown(name, locals, method),
            _ => true,
        });

    /// <summary>Whether a name stands behind a dot.</summary>
    public static bool IsMemberName(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name || name.Parent is MemberBindingExpressionSyntax;

    // Of an object that is made, a cast, a type argument.
    private static bool IsTypeName(SimpleNameSyntax name) => name.Parent switch
    {
        ObjectCreationExpressionSyntax or TypeArgumentListSyntax or QualifiedNameSyntax or NullableTypeSyntax => true,
        CastExpressionSyntax cast => cast.Type == name,
        _ => false,
    };

    // A type, a constant, or a static method: not what an object has, what was handed to its constructor, or what the method itself has declared.
    private static bool IsKnown(SimpleNameSyntax name, HashSet<string> locals, IMethodSymbol method)
    {
        var text = name.Identifier.ValueText;
        return !locals.Contains(text)
            && !method.Parameters.Any(parameter => parameter.Name == text)
            && !method.ContainingType.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name == text))
            && MembersOf(method.ContainingType, text).All(static member => member is IFieldSymbol { IsConst: true } or IMethodSymbol { IsStatic: true } or INamedTypeSymbol);
    }

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type, string name)
    {
        for (var declaring = type; declaring != null; declaring = declaring.BaseType)
        {
            foreach (var member in declaring.GetMembers(name))
            {
                yield return member;
            }
        }
    }
}
