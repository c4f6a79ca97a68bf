using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>How the rows of a stream relate to earlier ones. The values equal those of the runtime's enum.</summary>
internal enum ChangelogMode
{
    /// <summary>Every row is new.</summary>
    Append,

    /// <summary>A row replaces or deletes the previous row with the same key.</summary>
    Upsert,
}

/// <summary>The meaning of the rows of a stream.</summary>
/// <param name="Mode">How they relate to earlier rows.</param>
/// <param name="Key">For an upsert stream, the parts of the key that identifies the versions of a row.</param>
/// <param name="Origin">For an upsert stream, the id of the stream from which the versions come.</param>
internal sealed record ChangelogModel(ChangelogMode Mode, EquatableArray<KeyPart> Key, string Origin)
{
    public static ChangelogModel Append { get; } = new(ChangelogMode.Append, EquatableArray<KeyPart>.Empty, "");

    /// <summary>Whether rows may be deleted.</summary>
    public bool HasDeletes { get; init; }

    /// <summary>
    /// For an upsert stream of input rows, each of which takes the place of another one, the attribute that declares it; null for the
    /// results of windows.
    /// </summary>
    public string? Keeper { get; init; }

    /// <summary>Why its rows have versions, as a clause of a message whose subject is the stream.</summary>
    public string Cause => Keeper == null
        ? "emits the result of a window again when late rows change it"
        : "emits another row of the same key when that takes the place of the first one";

    public bool IsUpsert => Mode == ChangelogMode.Upsert;

    /// <summary>
    /// Whether the rows contain the whole key: some of their members identify a row, and are the same in all of its versions.
    /// </summary>
    public bool ShowsKey => Key.All(static part => part.Identifiers.Count > 0);

    /// <summary>The members that form the key if the rows contain it; otherwise empty.</summary>
    public IEnumerable<string> KeyMembers => ShowsKey ? Key.Select(static part => part.Identifiers[0].Name).Distinct() : [];

    /// <summary>All members that are computed only from the key. Rows with different keys may have the same values in them.</summary>
    public IEnumerable<string> StableMembers => Key.SelectMany(static part => part.Members).Distinct();

    /// <summary>The same changelog if only some of the members are visible.</summary>
    public ChangelogModel Where(Func<IdentifyingMember, bool> isSeen) =>
        this with
        {
            Key = Key.Select(part => part with { Identifiers = part.Identifiers.Where(isSeen).ToEquatableArray() }).ToEquatableArray()
        };

    /// <summary>The names of parts of keys, for messages.</summary>
    public static string Names(IEnumerable<KeyPart> parts) => string.Join(" and ", parts.Select(static part => part.Name).Distinct());

    public override string ToString() => !IsUpsert ? "append" : ShowsKey ? $"upsert by {string.Join(", ", KeyMembers)}" : "upsert";
}

/// <summary>A part of the key of an upsert stream.</summary>
/// <param name="Name">A name for messages.</param>
/// <param name="Carriers">The members of the rows that may contain it; empty if nothing is known about them.</param>
/// <param name="Members">The members that are computed only from the key, and from this part of it. They are the same in all versions of a
/// row, and possibly in rows with other keys.</param>
/// <param name="Identifiers">Those of these members that differ for every two values of this part.</param>
internal sealed record KeyPart(
    string Name,
    EquatableArray<string> Carriers,
    EquatableArray<string> Members,
    EquatableArray<IdentifyingMember> Identifiers)
{
    /// <summary>Whether the rows are known not to contain it.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>Whether it is a nullable reference.</summary>
    public bool CanBeNull { get; init; }
}

/// <summary>A member that identifies a part of a key.</summary>
/// <param name="Name">The member.</param>
/// <param name="Step">For a timestamp that is a bound of a window, possibly shifted: any two values differ by a multiple of this number of
/// microseconds; 0 if unknown.</param>
/// <param name="CanBeNull">Whether it is a nullable reference.</param>
internal sealed record IdentifyingMember(string Name, long Step, bool CanBeNull);
