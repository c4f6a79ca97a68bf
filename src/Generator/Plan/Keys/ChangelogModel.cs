using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>How the rows of a stream relate to those before them: the values of the runtime's enum that operators make.</summary>
internal enum ChangelogMode
{
    /// <summary>Every row is new.</summary>
    Append,

    /// <summary>A row replaces the one that was sent before with the same key, or deletes it.</summary>
    Upsert,
}

/// <summary>What the rows of a stream mean.</summary>
/// <param name="Mode">How they relate to those before them.</param>
/// <param name="Key">Of an upsert stream: the parts of the key by which versions of a row are recognized.</param>
/// <param name="Window">Of an upsert stream: the id of the stream with windows that the versions come from.</param>
internal sealed record ChangelogModel(ChangelogMode Mode, EquatableArray<KeyPart> Key, string Window)
{
    public static ChangelogModel Append { get; } = new(ChangelogMode.Append, EquatableArray<KeyPart>.Empty, "");

    /// <summary>Whether rows may be deleted.</summary>
    public bool HasDeletes { get; init; }

    public bool IsUpsert => Mode == ChangelogMode.Upsert;

    /// <summary>
    /// Whether rows show the whole key: by some of their members rows with different keys are told apart, and versions of a row recognized.
    /// </summary>
    public bool ShowsKey => Key.All(static part => part.Identifiers.Count > 0);

    /// <summary>The members that are the key, where the rows show it; else none.</summary>
    public IEnumerable<string> KeyMembers => ShowsKey ? Key.Select(static part => part.Identifiers[0].Name).Distinct() : [];

    /// <summary>All members that are made of the key alone, but of which those of several keys may be the same.</summary>
    public IEnumerable<string> StableMembers => Key.SelectMany(static part => part.Members).Distinct();

    /// <summary>The same where only some of the members are seen.</summary>
    public ChangelogModel Where(Func<IdentifyingMember, bool> isSeen) =>
        this with
        {
            Key = Key.Select(part => part with { Identifiers = part.Identifiers.Where(isSeen).ToEquatableArray() }).ToEquatableArray()
        };

    /// <summary>What parts of a key are, for people.</summary>
    public static string Names(IEnumerable<KeyPart> parts) => string.Join(" and ", parts.Select(static part => part.Name).Distinct());

    public override string ToString() => !IsUpsert ? "append" : ShowsKey ? $"upsert by {string.Join(", ", KeyMembers)}" : "upsert";
}

/// <summary>A part of the key of an upsert stream.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Carriers">The members of the rows that may tell it; none where nothing is known of them.</param>
/// <param name="Members">The members that are made of it, and of nothing but the key: all versions of a row have the same in them. Rows of
/// different keys may, too.</param>
/// <param name="Identifiers">Of these the members that are different for each value of it.</param>
internal sealed record KeyPart(
    string Name,
    EquatableArray<string> Carriers,
    EquatableArray<string> Members,
    EquatableArray<IdentifyingMember> Identifiers)
{
    /// <summary>Whether the rows are known to have nothing of it.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>Whether it is a reference that can be null.</summary>
    public bool CanBeNull { get; init; }
}

/// <summary>A member that identifies a part of a key.</summary>
/// <param name="Name">The member.</param>
/// <param name="Step">Of an instant that is a bound of a window, perhaps shifted: by what, in microseconds, any two of them are multiples
/// apart; 0 where that is not known.</param>
/// <param name="CanBeNull">Whether it is a reference that can be null.</param>
internal sealed record IdentifyingMember(string Name, long Step, bool CanBeNull);
