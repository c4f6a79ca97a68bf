using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The members of a row that are read.</summary>
/// <param name="All">Whether any member may be read, because the compiler cannot follow the row as a whole.</param>
/// <param name="Members">Otherwise, the members that are read, sorted.</param>
internal sealed record RowReads(bool All, EquatableArray<string> Members)
{
    public static RowReads Everything { get; } = new(true, EquatableArray<string>.Empty);

    public static RowReads Nothing { get; } = new(false, EquatableArray<string>.Empty);

    /// <summary>
    /// For members of which only parts are read, the sorted paths of these parts, such as <c>Customer.Zip</c>. Members without paths are
    /// read as a whole.
    /// </summary>
    public EquatableArray<string> Parts { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The members, each as a whole.</summary>
    public static RowReads Of(IEnumerable<string> members) => new(false, Sorted(members));

    /// <summary>The values at the ends of paths; a path of one name is a whole member.</summary>
    public static RowReads FromPaths(IEnumerable<string> paths) => paths.Aggregate(Nothing, static (reads, path) =>
        reads.With(Of([HeadOf(path)]) with { Parts = HeadOf(path) == path ? EquatableArray<string>.Empty : new([path]) }));

    /// <summary>The paths from which <see cref="FromPaths"/> creates an equal object.</summary>
    public IEnumerable<string> Paths => Members.Where(IsWhole).Concat(Parts);

    public RowReads With(RowReads other) => All || other.All ? Everything : Of(Members.Concat(other.Members)) with
    {
        Parts = Sorted(Parts.Where(part => !other.HasWhole(part)).Concat(other.Parts.Where(part => !HasWhole(part)))),
    };

    public bool Contains(string member) => All || Members.Contains(member);

    /// <summary>The parts that are read inside a member; <see cref="Everything"/> if it is read as a whole.</summary>
    public RowReads Inside(string member) => All || IsWhole(member)
        ? Everything
        : FromPaths(Parts.Where(part => HeadOf(part) == member).Select(part => part.Substring(member.Length + 1)));

    private bool IsWhole(string member) => !Parts.Any(part => HeadOf(part) == member);

    private bool HasWhole(string part) => Members.Contains(HeadOf(part)) && IsWhole(HeadOf(part));

    private static string HeadOf(string path) => path.IndexOf('.') is >= 0 and var dot ? path.Substring(0, dot) : path;

    private static EquatableArray<string> Sorted(IEnumerable<string> texts) =>
        texts.Distinct().OrderBy(static text => text, StringComparer.Ordinal).ToEquatableArray();
}
