using System.Globalization;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The members of the input from which a method computes the members of its result, as far as its code shows it.</summary>
/// <param name="IsCopy">Whether members that are not listed are copied from the input member of the same name.</param>
/// <param name="Members">The members of the result.</param>
internal sealed record RowOrigins(bool IsCopy, EquatableArray<MemberOrigin> Members)
{
    private const string Copy = "*";

    /// <summary>The origins as strings for the contract of an operator. <see cref="Parse"/> reads them.</summary>
    public IEnumerable<string> Texts =>
        (IsCopy ? [Copy] : Enumerable.Empty<string>()).Concat(Members
            .Where(member => IsCopy || !member.IsOfNothing)
            .Select(static member => member.ToString()));

    /// <summary>Parses the strings of <see cref="Texts"/>.</summary>
    public static RowOrigins Parse(IEnumerable<string> texts) =>
        new(texts.Contains(Copy), texts.Where(static text => text != Copy).Select(MemberOrigin.Parse).ToEquatableArray());

    /// <summary>The members of the result that depend on at least one of the given members of the input.</summary>
    public EquatableArray<string> CarriersOf(EquatableArray<string> inputs) =>
        Members.Where(member => inputs.Any(member.Reads.Contains))
            .Select(static member => member.Name)
            .Concat(Copied(inputs))
            .Distinct()
            .ToEquatableArray();

    /// <summary>Those of these members that depend on no other members of the input.</summary>
    /// <param name="inputs">The members on at least one of which they depend.</param>
    /// <param name="all">The members on which they may depend in addition.</param>
    public EquatableArray<string> MadeOf(EquatableArray<string> inputs, IReadOnlyCollection<string> all) =>
        Members.Where(member => member.Made is { All: false } made && made.Members.All(all.Contains) && inputs.Any(made.Contains))
            .Select(static member => member.Name).Concat(Copied(inputs)).Distinct().ToEquatableArray();

    /// <summary>
    /// The members of the result that identify a row: they differ between rows with different keys, and are equal in all versions of a row.
    /// Each is computed from an identifying member of the input, and otherwise only from members of the key.
    /// </summary>
    /// <param name="inputs">The members of the input, each of which identifies the key.</param>
    /// <param name="all">The members on which they may depend.</param>
    public EquatableArray<IdentifyingMember> IdentifiersOf(EquatableArray<IdentifyingMember> inputs, IReadOnlyCollection<string> all) =>
        Members.Where(member => member.Made is { All: false } made
            && made.Members.All(all.Contains)).Select(member => IdentifierIn(member, inputs)).OfType<IdentifyingMember>()
            .Concat(inputs.Where(input => IsCopy && !Members.Any(member => member.Name == input.Name))).ToEquatableArray();

    private static IdentifyingMember? IdentifierIn(MemberOrigin member, EquatableArray<IdentifyingMember> inputs) =>
        (from identified in member.Identified
         from input in inputs
         where input.Name == identified.Name
             && (identified.Cut == 1 || input.Step > 0 && input.Step % identified.Cut == 0)
             && (identified.KeepsNull || !input.CanBeNull)
         select new IdentifyingMember(
             member.Name,
             identified is { IsInstant: true, Cut: 1 } ? input.Step : 0,
             input.CanBeNull)).FirstOrDefault();

    private IEnumerable<string> Copied(EquatableArray<string> inputs) =>
        IsCopy ? inputs.Where(input => !Members.Any(member => member.Name == input)) : [];
}

/// <summary>A member of a result.</summary>
/// <param name="Name">The member.</param>
/// <param name="Reads">The members of the input from which its value is computed, directly or through computed members.</param>
/// <param name="Made">Those of them that hold a value, if the result depends on nothing else; null if it may depend on more, such as
/// state.</param>
internal sealed record MemberOrigin(string Name, RowReads Reads, RowReads? Made)
{
    /// <summary>
    /// The members of the input that the value identifies: two different values of such a member never give the same result.
    /// </summary>
    public EquatableArray<IdentifiedMember> Identified { get; init; } = EquatableArray<IdentifiedMember>.Empty;

    /// <summary>Whether it contains no information except that the member exists.</summary>
    public bool IsOfNothing => Reads is { All: false, Members.Count: 0 } && Made == null;

    /// <summary>Parses the string of <see cref="ToString"/>.</summary>
    public static MemberOrigin Parse(string text)
    {
        var parts = text.Split(' ');
        return new MemberOrigin(parts[0], ReadsIn(parts[1]) ?? RowReads.Nothing, ReadsIn(parts[2]))
        {
            Identified = Items(parts[3]).Select(IdentifiedMember.Parse).ToEquatableArray(),
        };
    }

    /// <summary>The member, and what it reads, depends on and identifies.</summary>
    public override string ToString() => $"{Name} {TextOf(Reads)} {TextOf(Made)} {string.Join(",", Identified)}";

    private static string TextOf(RowReads? reads) => reads == null ? "?" : reads.All ? "*" : string.Join(",", reads.Members);

    private static RowReads? ReadsIn(string text) => text switch
    {
        "?" => null,
        "*" => RowReads.Everything,
        _ => RowReads.Of(Items(text)),
    };

    private static string[] Items(string text) => text.Length == 0 ? [] : text.Split(',');
}

/// <summary>A member that a value identifies.</summary>
/// <param name="Name">The member.</param>
/// <param name="Cut">For a timestamp, or a number of microseconds, the unit to which it was truncated, in microseconds: the value
/// identifies the member only if its values differ by multiples of this unit. 1 if it was not truncated.</param>
/// <param name="IsInstant">Whether the value is a timestamp, like the member.</param>
internal sealed record IdentifiedMember(string Name, long Cut, bool IsInstant)
{
    private const string Instant = "instant";
    private const string Null = "null";

    /// <summary>Whether null stays null and does not become another value, such as an empty string.</summary>
    public bool KeepsNull { get; init; }

    /// <summary>Parses the string of <see cref="ToString"/>.</summary>
    public static IdentifiedMember Parse(string text)
    {
        var parts = text.Split('/');
        return new IdentifiedMember(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts.Contains(Instant))
        {
            KeepsNull = parts.Contains(Null)
        };
    }

    public override string ToString() =>
        $"{Name}/{Cut.ToString(CultureInfo.InvariantCulture)}{(IsInstant ? "/" + Instant : "")}{(KeepsNull ? "/" + Null : "")}";
}
