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

    /// <summary>Whether rows show the whole key, so that each version is recognized by some of their members.</summary>
    public bool ShowsKey => Key.All(static part => part.Members.Count > 0);

    /// <summary>The members that are the key, where the rows show it; else none.</summary>
    public IEnumerable<string> KeyMembers => ShowsKey ? Key.Select(static part => part.Members[0]).Distinct() : [];

    /// <summary>All members that are made of the key alone.</summary>
    public IEnumerable<string> StableMembers => Key.SelectMany(static part => part.Members).Distinct();

    public override string ToString() => !IsUpsert ? "append" : ShowsKey ? $"upsert by {string.Join(", ", KeyMembers)}" : "upsert";
}

/// <summary>A part of the key of an upsert stream.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Carriers">The members of the rows that may tell it; none where nothing is known of them.</param>
/// <param name="Members">The members that are made of it, and of nothing but the key: all versions of a row have the same in them.</param>
internal sealed record KeyPart(string Name, EquatableArray<string> Carriers, EquatableArray<string> Members);
