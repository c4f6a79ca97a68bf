using System.Globalization;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>From which members of its input a method makes the members of its result, as far as its text tells.</summary>
/// <param name="IsCopy">Whether members that are not listed are those of the input under the same name.</param>
/// <param name="Members">The members of the result.</param>
internal sealed record RowOrigins(bool IsCopy, EquatableArray<MemberOrigin> Members)
{
    private const string Copy = "*";

    /// <summary>Texts of which <see cref="Parse"/> makes origins that tell the same, for the contract of an operator.</summary>
    public IEnumerable<string> Texts =>
        (IsCopy ? [Copy] : Enumerable.Empty<string>()).Concat(Members
            .Where(member => IsCopy || !member.IsOfNothing)
            .Select(static member => member.ToString()));

    /// <summary>Reads what <see cref="Texts"/> has written.</summary>
    public static RowOrigins Parse(IEnumerable<string> texts) =>
        new(texts.Contains(Copy), texts.Where(static text => text != Copy).Select(MemberOrigin.Parse).ToEquatableArray());

    /// <summary>The members of the result that depend on one of some members of the input.</summary>
    public EquatableArray<string> CarriersOf(EquatableArray<string> inputs) =>
        Members.Where(member => inputs.Any(member.Reads.Contains))
            .Select(static member => member.Name)
            .Concat(Copied(inputs))
            .Distinct()
            .ToEquatableArray();

    /// <summary>Of these the members that depend on nothing but some members of the input.</summary>
    /// <param name="inputs">What they depend on.</param>
    /// <param name="all">What they may depend on as well.</param>
    public EquatableArray<string> MadeOf(EquatableArray<string> inputs, IReadOnlyCollection<string> all) =>
        Members.Where(member => member.Made is { All: false } made && made.Members.All(all.Contains) && inputs.Any(made.Contains))
            .Select(static member => member.Name).Concat(Copied(inputs)).Distinct().ToEquatableArray();

    /// <summary>
    /// The members of the result by which rows with different keys are told apart, and versions of a row are not: what identifies one of
    /// some members of the input, and depends on no others than those of the key.
    /// </summary>
    /// <param name="inputs">The members of the input of which each identifies the key.</param>
    /// <param name="all">What they may depend on.</param>
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
/// <param name="Reads">The members of the input that its value is made of, also by way of members that are computed.</param>
/// <param name="Made">Of these the ones that hold a value, where it is made of nothing else; null where it may be, such as of
/// state.</param>
internal sealed record MemberOrigin(string Name, RowReads Reads, RowReads? Made)
{
    /// <summary>The members of the input of which two different ones never make the same value.</summary>
    public EquatableArray<IdentifiedMember> Identified { get; init; } = EquatableArray<IdentifiedMember>.Empty;

    /// <summary>Whether it tells no more than that there is such a member.</summary>
    public bool IsOfNothing => Reads is { All: false, Members.Count: 0 } && Made == null;

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static MemberOrigin Parse(string text)
    {
        var parts = text.Split(' ');
        return new MemberOrigin(parts[0], ReadsIn(parts[1]) ?? RowReads.Nothing, ReadsIn(parts[2]))
        {
            Identified = Items(parts[3]).Select(IdentifiedMember.Parse).ToEquatableArray(),
        };
    }

    /// <summary>The member, what it reads, what it is made of, and what it identifies.</summary>
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
/// <param name="Cut">Of an instant, or a number that counts microseconds: the unit to which it was cut off, in microseconds; different ones
/// have to differ by multiples of it. 1 where nothing was.</param>
/// <param name="IsInstant">Whether the value is an instant, like the member.</param>
internal sealed record IdentifiedMember(string Name, long Cut, bool IsInstant)
{
    private const string Instant = "instant";
    private const string Null = "null";

    /// <summary>Whether null stays null, so that it is no other value, such as an empty text.</summary>
    public bool KeepsNull { get; init; }

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
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
