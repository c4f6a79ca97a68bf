using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The columns that must be parsed so that a member of a row has the right value.</summary>
/// <param name="Always">The columns that the row uses when it is constructed, whichever members are read later.</param>
/// <param name="Members">The members that need other columns than their own. A parameterless method is listed as <c>Name()</c>.</param>
internal sealed record RowNeeds(RowReads Always, EquatableArray<MemberNeeds> Members)
{
    /// <summary>Each column needs only itself.</summary>
    public static RowNeeds OfColumns { get; } = new(RowReads.Nothing, EquatableArray<MemberNeeds>.Empty);

    /// <summary>All columns are needed, because the compiler cannot see how a row uses them.</summary>
    public static RowNeeds Everything { get; } = new(RowReads.Everything, EquatableArray<MemberNeeds>.Empty);

    /// <summary>The columns that a member needs; all of them if the compiler cannot see what it reads.</summary>
    public RowReads Of(string member, EquatableArray<ColumnModel> columns) =>
        Members.FirstOrDefault(needs => needs.Member == member)?.Columns
        ?? (columns.Any(column => column.Member == member) ? RowReads.Of([member]) : RowReads.Everything);
}

/// <summary>The columns that one member of a row needs.</summary>
internal sealed record MemberNeeds(string Member, RowReads Columns);
