using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// The names in the code of a row type that can refer to a member or a parameter. Only the syntax is examined, so the result can be too
/// large: a local variable with the name of a member counts as that member.
/// </summary>
/// <param name="All">Whether the row as a whole is passed on, so that the syntax does not show what is read.</param>
/// <param name="Names">Otherwise the names.</param>
internal sealed record MemberUses(bool All, IReadOnlyCollection<string> Names)
{
    private static readonly MemberUses Anything = new(true, []);

    /// <summary>The names that some code of a row type uses.</summary>
    /// <param name="members">The members of the row.</param>
    public static MemberUses In(SyntaxNode code, RowMembers members)
    {
        var names = new HashSet<string>();
        foreach (var node in code.DescendantNodesAndSelf())
        {
            switch (node)
            {
                case BaseExpressionSyntax:
                case ThisExpressionSyntax { Parent: not MemberAccessExpressionSyntax }:
                case ThisExpressionSyntax { Parent: MemberAccessExpressionSyntax access } when IsMaybeExtension(access, members):
                case ExpressionSyntax when IsPlace(node):
                    return Anything;
                case SimpleNameSyntax name when ReachesBeyondFields(name):
                    return Anything;
                case SimpleNameSyntax name when !IsMemberOfSomethingElse(name):
                    names.Add(name.Identifier.ValueText);
                    break;
            }
        }

        return members.HasUnseenParts && !names.IsSubsetOf(NamesOf(code, members)) ? Anything : new MemberUses(false, names);
    }

    /// <summary>The name if an expression consists of a single name; otherwise null.</summary>
    public static string? NameIn(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        FieldExpressionSyntax => "field",
        _ => null,
    };

    /// <summary>
    /// Whether an expression creates or passes a reference to a variable, through which neighbouring memory could be read. An <c>out</c>
    /// that declares its variable does not count.
    /// </summary>
    public static bool IsPlace(SyntaxNode expression) => expression switch
    {
        RefExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.AddressOfExpression),
        DeclarationExpressionSyntax or IdentifierNameSyntax { Identifier.ValueText: "_" } => false,
        _ => expression.Parent is ArgumentSyntax argument && !argument.RefKindKeyword.IsKind(SyntaxKind.None),
    };

    /// <summary>Whether a name is that of a class that can read memory regardless of fields.</summary>
    public static bool ReachesBeyondFields(SimpleNameSyntax name) => name.Identifier.ValueText is "Unsafe" or "MemoryMarshal" or "Marshal";

    // this.Method(1) is an extension method if no method of the row accepts the argument; so is any method that the row does not have.
    private static bool IsMaybeExtension(MemberAccessExpressionSyntax access, RowMembers members) =>
        members.Find(access.Name.Identifier.ValueText).Count == 0
        || (access.Parent is InvocationExpressionSyntax call && call.Expression == access && call.ArgumentList.Arguments.Count > 0);

    private static bool IsMemberOfSomethingElse(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == name && access.Expression is not ThisExpressionSyntax,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => true,
        QualifiedNameSyntax qualified => qualified.Right == name,
        _ => false,
    };

    // The names whose declarations are visible.
    private static HashSet<string> NamesOf(SyntaxNode code, RowMembers members) =>
    [
        "value", "field", "var", "nameof", "_",
        .. members.Names,
        .. members.Types.SelectMany(static type => type.MemberNames),
        .. members.Types.SelectMany(static type => type.InstanceConstructors)
            .SelectMany(static constructor => constructor.Parameters)
            .Select(static parameter => parameter.Name),
        .. code.DescendantNodes().Select(static node => node switch
        {
            VariableDeclaratorSyntax local => local.Identifier.ValueText,
            SingleVariableDesignationSyntax local => local.Identifier.ValueText,
            ParameterSyntax local => local.Identifier.ValueText,
            ForEachStatementSyntax loop => loop.Identifier.ValueText,
            LocalFunctionStatementSyntax function => function.Identifier.ValueText,
            _ => "",
        }),
    ];
}
