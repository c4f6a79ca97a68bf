using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>Answers which columns must be parsed so that a member of a row has its right value.</summary>
/// <param name="Always">The columns that the construction of a row computes with: it needs them whatever is read afterwards.</param>
/// <param name="Members">The members that need other columns than their own. A parameterless method is called <c>Name()</c>.</param>
internal sealed record RowNeeds(RowReads Always, EquatableArray<MemberNeeds> Members)
{
    /// <summary>Each column needs itself.</summary>
    public static RowNeeds OfColumns { get; } = new(RowReads.Nothing, EquatableArray<MemberNeeds>.Empty);

    /// <summary>The compiler cannot see what a row does with its columns.</summary>
    public static RowNeeds Everything { get; } = new(RowReads.Everything, EquatableArray<MemberNeeds>.Empty);

    /// <summary>The columns that a member needs; all of them where the compiler cannot see what the member reads.</summary>
    public RowReads Of(string member, EquatableArray<ColumnModel> columns) =>
        Members.FirstOrDefault(needs => needs.Member == member)?.Columns
        ?? (columns.Any(column => column.Member == member) ? RowReads.Of([member]) : RowReads.Everything);
}

/// <summary>The columns that one member of a row needs.</summary>
internal sealed record MemberNeeds(string Member, RowReads Columns);
