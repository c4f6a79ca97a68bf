using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>
/// Finds the columns that the members of a row need. It follows the code of getters and methods, and all code that runs when a row is
/// created. If code is not visible (another assembly, a virtual member, or the row passed on as a whole), the result is all columns.
/// </summary>
internal sealed class NeedsAnalysis
{
    private readonly RowMembers _members;
    private readonly HashSet<string> _columns;
    private readonly RowConstructionCode _construction;

    private NeedsAnalysis(INamedTypeSymbol row, RowShape shape, IReadOnlyList<ISymbol> columns)
    {
        _members = new RowMembers(row);
        _columns = [.. columns.Select(static column => column.Name)];
        _construction = new RowConstructionCode(_members, shape, columns);
    }

    /// <param name="columns">The members that are columns.</param>
    public static RowNeeds Of(INamedTypeSymbol row, RowShape shape, IReadOnlyList<ISymbol> columns)
    {
        var analysis = new NeedsAnalysis(row, shape, columns);
        return analysis._members.IsOpaque ? RowNeeds.Everything
            : analysis._members.IsInSource ? analysis.Find()
            : shape.Constructor == null && columns.All(RowMembers.IsAutomatic) ? RowNeeds.OfColumns
            : RowNeeds.Everything;
    }

    private RowNeeds Find()
    {
        var always = _construction.Uses.Aggregate(
            _construction.IsOpaque ? RowReads.Everything : RowReads.Nothing,
            (reads, code) => reads.With(NeedsOf(code)));
        if (always.All)
        {
            return RowNeeds.Everything;
        }

        var needs = new List<MemberNeeds>();
        foreach (var name in _members.Names)
        {
            var members = _members.Find(name);
            if (members.All(static member => member is IFieldSymbol or IPropertySymbol)
                && members[0].DeclaredAccessibility is not (Accessibility.Private or Accessibility.Protected))
            {
                Add(name, NeedsOf(name));
            }
            else if (members is [IMethodSymbol
            {
                MethodKind: MethodKind.Ordinary,
                Parameters.IsEmpty: true,
                IsGenericMethod: false,
                DeclaredAccessibility: not (Accessibility.Private or Accessibility.Protected)
            }])
            {
                Add(name + "()", NeedsOf(name));
            }
        }

        return new RowNeeds(always, needs.OrderBy(static member => member.Member, StringComparer.Ordinal).ToEquatableArray());

        // A member that is not listed is a column that needs only itself, or a member that needs all columns.
        void Add(string member, RowReads reads)
        {
            if (_columns.Contains(member) ? reads.All || reads.Members.Count > 1 : !reads.All)
            {
                needs.Add(new MemberNeeds(member, reads));
            }
        }
    }

    private RowReads NeedsOf(string member)
    {
        var needs = RowReads.Nothing;
        var seen = new HashSet<string> { member };
        var open = new Queue<string>(seen);
        while (!needs.All && open.Count > 0)
        {
            needs = needs.With(Visit(open.Dequeue(), Enqueue));
        }

        return needs;

        void Enqueue(string name)
        {
            if (seen.Add(name))
            {
                open.Enqueue(name);
            }
        }
    }

    private RowReads NeedsOf(MemberUses uses) => uses.All
        ? RowReads.Everything
        : uses.Names.Aggregate(
            RowReads.Nothing,
            (needs, name) => needs.With(RowReads.Of(_construction.ColumnsOfParameter(name))).With(NeedsOf(name)));

    // The columns that a member itself needs. The members that it uses are visited next.
    private RowReads Visit(string name, Action<string> use)
    {
        var members = _members.Find(name);
        if (members.Count == 0)
        {
            return RowReads.Of(_construction.ColumnsOfParameter(name));
        }

        foreach (var code in members.Select(RowMembers.CodeOf))
        {
            if (code == null)
            {
                return RowReads.Everything;
            }

            foreach (var uses in code.Select(_members.UsesIn))
            {
                if (uses.All)
                {
                    return RowReads.Everything;
                }

                foreach (var used in uses.Names)
                {
                    use(used);
                }
            }
        }

        return RowReads.Of(_construction.ColumnsCopiedTo(name)
            .Concat(_construction.ColumnsOfParameter(name))
            .Concat(_columns.Where(column => column == name)));
    }
}
