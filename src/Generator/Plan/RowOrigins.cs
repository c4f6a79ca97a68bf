namespace Penstock.Generator.Plan;

/// <summary>From which members of its input a method makes the members of its result, as far as its text tells.</summary>
/// <param name="IsCopy">Whether members that are not listed are those of the input under the same name.</param>
/// <param name="Members">The members of the result.</param>
internal sealed record RowOrigins(bool IsCopy, EquatableArray<MemberOrigin> Members)
{
    /// <summary>The members of the result that depend on one of some members of the input.</summary>
    public EquatableArray<string> CarriersOf(EquatableArray<string> inputs)
    {
        var copied = IsCopy ? inputs.Where(input => !Members.Any(member => member.Name == input)) : [];
        return Members.Where(member => inputs.Any(member.Reads.Contains)).Select(static member => member.Name).Concat(copied).Distinct().ToEquatableArray();
    }
}

/// <summary>A member of a result.</summary>
/// <param name="Name">The member.</param>
/// <param name="Reads">The members of the input that its value is made of.</param>
internal sealed record MemberOrigin(string Name, RowReads Reads);

/// <summary>What tells the results of a window that fires again from each other.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Members">The members of the row that hold it: one of them is enough.</param>
internal sealed record IdentityPart(string Name, EquatableArray<string> Members);
