using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>A struct of states.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Codec">The name of its codec.</param>
/// <param name="Summary">Its description.</param>
internal sealed record StateLayout(string Type, string Codec, string Summary, IReadOnlyList<StateSlot> Members)
{
    /// <summary>The deadlines of members that expire.</summary>
    public IReadOnlyList<StateExpiry> Expiries { get; init; } = [];

    /// <summary>Whether every member expires, so that the entry can be removed.</summary>
    public bool CanExpire { get; init; }
}

/// <summary>The deadline of a state in a struct.</summary>
/// <param name="Field">The field that contains the deadline.</param>
/// <param name="InProcessingTime">Whether it counts in processing time even if the rows have event time.</param>
/// <param name="Ttl">The time to live in microseconds.</param>
internal sealed record StateExpiry(string Field, bool InProcessingTime, long Ttl)
{
    /// <summary>The variable with the current time.</summary>
    public string Now => InProcessingTime ? "processingNow" : "now";
}

/// <summary>A state in a struct.</summary>
/// <param name="Name">The name in checkpoints.</param>
/// <param name="Declared">Its type.</param>
/// <param name="Field">The field that contains it.</param>
internal sealed record StateSlot(string Name, TypeName Declared, string Field, ValueModel Value)
{
    /// <summary>Its former names.</summary>
    public IReadOnlyList<string> FormerNames { get; init; } = [];

    /// <summary>The methods that compute it from the state of an older program.</summary>
    public IReadOnlyList<UpgradeModel> Upgrades { get; init; } = [];

    public SchemaField Schema => new(Name, Value, FormerNames, [.. Upgrades.Select(static upgrade => upgrade.Field)]);
}
