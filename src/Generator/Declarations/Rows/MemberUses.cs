using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>
/// The names in a piece of a row's own code that can stand for a member or a parameter. It looks at the text alone and errs on one side: a
/// local variable with the name of a member counts as that member.
/// </summary>
/// <param name="All">Whether the row as a whole goes where the text does not show what is read of it.</param>
/// <param name="Names">Otherwise the names.</param>
internal sealed record MemberUses(bool All, IReadOnlyCollection<string> Names)
{
    private static readonly MemberUses Anything = new(true, []);

    public static MemberUses In(SyntaxNode code)
    {
        var names = new HashSet<string>();
        foreach (var node in code.DescendantNodesAndSelf())
        {
            switch (node)
            {
                case BaseExpressionSyntax:
                case ThisExpressionSyntax { Parent: not MemberAccessExpressionSyntax }:
                case ThisExpressionSyntax { Parent: MemberAccessExpressionSyntax access } when IsMaybeExtension(access):
                    return Anything;
                case SimpleNameSyntax name when !IsMemberOfSomethingElse(name):
                    names.Add(name.Identifier.ValueText);
                    break;
            }
        }

        return new MemberUses(false, names);
    }

    /// <summary>The one name that an expression consists of, or null.</summary>
    public static string? NameIn(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        FieldExpressionSyntax => "field",
        _ => null,
    };

    // this.Method(1) is an extension method where no method of the row's own takes the argument.
    private static bool IsMaybeExtension(MemberAccessExpressionSyntax access) =>
        access.Parent is InvocationExpressionSyntax call && call.Expression == access && call.ArgumentList.Arguments.Count > 0;

    private static bool IsMemberOfSomethingElse(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name && access.Expression is not ThisExpressionSyntax,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => true,
        QualifiedNameSyntax qualified => qualified.Right == name,
        _ => false,
    };
}
