using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Follows the members that are read from a row to the members that store their values, through getters and methods. If it cannot see what
/// a member depends on, the result is all members.
/// </summary>
internal sealed class TransitiveMembers
{
    private readonly RowMembers _members;
    private readonly HashSet<string> _found = [];
    private readonly HashSet<string> _stored = [];
    private readonly Queue<string> _open = new();

    private TransitiveMembers(INamedTypeSymbol row) => _members = new RowMembers(row);

    /// <summary>The members that are read, and those on which they may depend.</summary>
    /// <param name="reads">The members that are read; a parameterless method is listed as <c>Name()</c>.</param>
    /// <param name="row">The type of the row.</param>
    public static RowReads Of(RowReads reads, ITypeSymbol row) => Follow(reads, row, static carried => carried._found);

    /// <summary>Those of these members that store a value and are not computed from others.</summary>
    public static RowReads StoredOf(RowReads reads, ITypeSymbol row) => Follow(reads, row, static carried => carried._stored);

    private static RowReads Follow(RowReads reads, ITypeSymbol row, Func<TransitiveMembers, IEnumerable<string>> result) =>
        reads.All || reads.Members.Count == 0 ? reads
        : row is INamedTypeSymbol { IsTupleType: false } named
            && new TransitiveMembers(named) is var carried
            && carried.TryFollow(reads) ? RowReads.Of(result(carried))
        : RowReads.Everything;

    private bool TryFollow(RowReads reads)
    {
        if (_members.IsOpaque)
        {
            return false;
        }

        foreach (var name in reads.Members.Select(static member => member.EndsWith("()", StringComparison.Ordinal)
            ? member.Substring(0, member.Length - 2)
            : member))
        {
            // A member that the row does not have is an extension method, which can read everything.
            if (_members.Find(name).Count == 0)
            {
                return false;
            }

            Enqueue(name);
        }

        while (_open.Count > 0)
        {
            var name = _open.Dequeue();
            if (!_members.Find(name).All(TryFollow))
            {
                return false;
            }
        }

        return true;
    }

    private void Enqueue(string name)
    {
        if (_found.Add(name))
        {
            _open.Enqueue(name);
        }
    }

    private bool TryFollow(ISymbol member)
    {
        if (member.DeclaringSyntaxReferences.IsEmpty)
        {
            _stored.Add(member.Name);
            return RowMembers.IsAutomatic(member);
        }

        if (RowMembers.CodeOf(member) is not { } code)
        {
            return false;
        }

        if (code.Count == 0)
        {
            _stored.Add(member.Name);
            return IsStoredAsGiven(member);
        }

        return code.Select(_members.UsesIn).All(TryFollow);
    }

    private bool TryFollow(MemberUses uses)
    {
        if (uses.All)
        {
            return false;
        }

        foreach (var name in uses.Names)
        {
            if (_members.Find(name).Count > 0)
            {
                Enqueue(name);
            }
            else if (IsParameter(name))
            {
                return false;
            }
        }

        return true;
    }

    // Whether a member stores the value with which the row was created under the same name, unchanged.
    private bool IsStoredAsGiven(ISymbol member) =>
        member.DeclaredAccessibility is not (Accessibility.Private or Accessibility.Protected)
        && SymbolEqualityComparer.Default.Equals(member.ContainingType, _members.Types[0])
        && (RowMembers.InitializerOf(member) is not { } value || IsOnly(value, member.Name))
        && Setting().All(code => code.DescendantNodesAndSelf()
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == member.Name)
            .All(name => IsCopied(name, member.Name)));

    private bool IsCopied(IdentifierNameSyntax name, string member)
    {
        ExpressionSyntax target = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access ? access : name;
        return target.Parent is AssignmentExpressionSyntax { OperatorToken.ValueText: "=" } assignment
            && assignment.Left == target
            && IsOnly(assignment.Right, member);
    }

    // A value that depends only on the parameter of the same name and on constants.
    private bool IsOnly(ExpressionSyntax value, string member) =>
        _members.UsesIn(value) is { All: false } uses
            && uses.Names.All(name => string.Equals(name, member, StringComparison.OrdinalIgnoreCase));

    // The code that can assign members: constructors, and the setters of all properties.
    private IEnumerable<SyntaxNode> Setting() => _members.Types[0].InstanceConstructors
        .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
        .Select(static reference => reference.GetSyntax())
        .OfType<ConstructorDeclarationSyntax>()
        .Concat(_members.Types[0].GetMembers().OfType<IPropertySymbol>().Select(RowMembers.SetterOf).OfType<SyntaxNode>());

    private bool IsParameter(string name) =>
        _members.Types.Any(type =>
            type.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name == name)));
}
