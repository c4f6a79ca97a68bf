using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>A struct in which states lie.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Codec">That of its codec.</param>
/// <param name="Summary">What it is.</param>
internal sealed record StateLayout(string Type, string Codec, string Summary, IReadOnlyList<StateSlot> Members)
{
    /// <summary>The deadlines of members that expire.</summary>
    public IReadOnlyList<StateExpiry> Expiries { get; init; } = [];

    /// <summary>Whether every member expires, so that the entry can go.</summary>
    public bool CanExpire { get; init; }
}

/// <summary>The deadline of a state in a struct.</summary>
/// <param name="Field">The field that holds it.</param>
/// <param name="Now">The variable with the time that counts.</param>
/// <param name="Ttl">How long the state lives, in microseconds.</param>
internal sealed record StateExpiry(string Field, string Now, long Ttl);

/// <summary>A state in a struct.</summary>
/// <param name="Name">The name that checkpoints know.</param>
/// <param name="Declared">Its type.</param>
/// <param name="Field">The field that holds it.</param>
internal sealed record StateSlot(string Name, TypeName Declared, string Field, ValueModel Value)
{
    /// <summary>The names that it had before.</summary>
    public IReadOnlyList<string> FormerNames { get; init; } = [];

    /// <summary>The methods that make it of what an older program saved.</summary>
    public IReadOnlyList<UpgradeModel> Upgrades { get; init; } = [];

    public SchemaField Schema => new(Name, Value, FormerNames, [.. Upgrades.Select(static upgrade => upgrade.Field)]);
}
