namespace Penstock.Generator.Plan;

/// <summary>Which members of a row are read.</summary>
/// <param name="All">Whether any member may be read: the row as a whole goes where the compiler cannot follow it.</param>
/// <param name="Members">Otherwise the members, sorted.</param>
internal sealed record RowReads(bool All, EquatableArray<string> Members)
{
    public static RowReads Everything { get; } = new(true, EquatableArray<string>.Empty);

    public static RowReads Nothing { get; } = new(false, EquatableArray<string>.Empty);

    public static RowReads Of(IEnumerable<string> members) =>
        new(false, members.Distinct().OrderBy(static member => member, StringComparer.Ordinal).ToEquatableArray());

    public RowReads With(RowReads other) => All || other.All ? Everything : Of(Members.Concat(other.Members));

    public bool Contains(string member) => All || Members.Contains(member);
}
