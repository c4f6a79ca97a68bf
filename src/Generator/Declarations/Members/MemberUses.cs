using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// The names in a piece of a row's own code that can stand for a member or a parameter. It looks at the text alone and errs on one side: a
/// local variable with the name of a member counts as that member.
/// </summary>
/// <param name="All">Whether the row as a whole goes where the text does not show what is read of it.</param>
/// <param name="Names">Otherwise the names.</param>
internal sealed record MemberUses(bool All, IReadOnlyCollection<string> Names)
{
    private static readonly MemberUses Anything = new(true, []);

    /// <summary>What a piece of the code of a row uses.</summary>
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

    /// <summary>The one name that an expression consists of, or null.</summary>
    public static string? NameIn(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        FieldExpressionSyntax => "field",
        _ => null,
    };

    /// <summary>
    /// Whether an expression makes a reference to a variable, or hands one over: through it, what lies beside the variable can be read. An
    /// <c>out</c> that declares its variable is none.
    /// </summary>
    public static bool IsPlace(SyntaxNode expression) => expression switch
    {
        RefExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.AddressOfExpression),
        DeclarationExpressionSyntax or IdentifierNameSyntax { Identifier.ValueText: "_" } => false,
        _ => expression.Parent is ArgumentSyntax argument && !argument.RefKindKeyword.IsKind(SyntaxKind.None),
    };

    /// <summary>Whether a name is that of a class that reads memory past the rules of the language.</summary>
    public static bool ReachesBeyondFields(SimpleNameSyntax name) => name.Identifier.ValueText is "Unsafe" or "MemoryMarshal" or "Marshal";

    // this.Method(1) is an extension method where no method of the row's own takes the argument, and so is what the row does not have.
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

    // The names whose declarations are seen.
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
