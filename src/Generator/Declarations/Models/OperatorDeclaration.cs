using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>A class with <c>[Operator]</c>, as it was written: not yet known to be right.</summary>
/// <param name="Contract">The version of its generated contract when it comes from another assembly: 0 when it has none; null for a class
/// of this assembly.</param>
/// <param name="Methods">The methods with an attribute of Penstock's.</param>
/// <param name="Key">The members of <c>[KeyBy]</c> on the class, or null.</param>
/// <param name="KindAttributes">The attributes by which it is of a kind: one, or none, where it is right.</param>
/// <param name="States">The properties with <c>[State]</c>.</param>
/// <param name="Upgrades">The methods that convert what older programs saved.</param>
/// <param name="ReservedMember">A member whose name the generated code needs, or null.</param>
/// <param name="StrayMember">A property with an attribute that only streams can have, or null.</param>
/// <param name="Creation">How it is created.</param>
internal sealed record OperatorDeclaration(
    ClassDeclaration Class,
    int? Contract,
    EquatableArray<MethodDeclaration> Methods,
    KeyDeclaration? Key,
    EquatableArray<WrittenAttribute> KindAttributes,
    EquatableArray<StateDeclaration> States,
    EquatableArray<UpgradeDeclaration> Upgrades,
    string? ReservedMember,
    string? StrayMember,
    CreationDeclaration Creation)
{
    /// <summary>The model that the contract of another assembly describes, or null.</summary>
    public OperatorModel? Referenced { get; init; }

    /// <summary>Whether its instances are disposed when they are no longer needed.</summary>
    public bool IsDisposable { get; init; }

    /// <summary>Fields with <c>[State]</c>, which only properties can be.</summary>
    public EquatableArray<StateFieldDeclaration> StateFields { get; init; } = EquatableArray<StateFieldDeclaration>.Empty;

    /// <summary>The attribute of a kind as the class has it; null where it does not, or the kind needs none.</summary>
    public WrittenAttribute? Written(ClassKind? kind) => KindAttributes.FirstOrDefault(written => written.Name == kind?.Attribute?.Name);

    /// <summary>The first method that takes a row, or null.</summary>
    public MethodDeclaration? Main => Methods.FirstOrDefault(static method => !method.Form.TakesWindow);

    /// <summary>The first method that takes a window, or null.</summary>
    public MethodDeclaration? Fire => Methods.FirstOrDefault(static method => method.Form.TakesWindow);
}

/// <summary>A field with <c>[State]</c>.</summary>
/// <param name="Name">Its name; that of the property behind which it is.</param>
/// <param name="Kind">What kind of state it is.</param>
/// <param name="Type">Its type, for people.</param>
internal sealed record StateFieldDeclaration(string Name, StateKind Kind, string Type);

/// <summary>A method of an operator.</summary>
/// <param name="Overload">Its place among the methods of this name.</param>
/// <param name="Form">What kind of method it is to be.</param>
/// <param name="Return">The type it returns, or null for none.</param>
/// <param name="Obstacle">Why no generated code can call it: generic, async, by reference; or null.</param>
/// <param name="Reads">What it reads of its first parameter.</param>
internal sealed record MethodDeclaration(
    string Name,
    int Overload,
    MethodForm Form,
    bool IsStatic,
    TypeRef? Return,
    EquatableArray<ParameterDeclaration> Parameters,
    string? Obstacle,
    RowReads Reads)
{
    /// <summary>From what it makes the members of its result; null where its text does not tell.</summary>
    public RowOrigins? Origins { get; init; }

    /// <summary>Whether its attribute says that it takes rows that replace or delete earlier ones.</summary>
    public bool TakesUpdates { get; init; }

    /// <summary>The outputs to which it emits rows: first its own, behind it side outputs.</summary>
    public IEnumerable<ParameterDeclaration> Outputs => Parameters.Where(static parameter => parameter.Wrapper == KnownNames.Output);

    /// <summary>Of a map: what its result may be made of, see <see cref="OperatorModel.Carries"/>.</summary>
    public RowReads Carries { get; init; } = RowReads.Everything;
}

/// <summary>A parameter of an operator's method.</summary>
/// <param name="Kind">How it is passed.</param>
/// <param name="Wrapper">The type of Penstock's that it is: Output, Window, Context; or null.</param>
/// <param name="Inner">The type argument of that type, if it has one.</param>
internal sealed record ParameterDeclaration(string Name, PassingKind Kind, TypeRef Type, string? Wrapper, TypeRef? Inner);

/// <summary>A <c>[KeyBy]</c>.</summary>
internal sealed record KeyDeclaration(EquatableArray<KeyMemberDeclaration> Members);

/// <summary>A member that <c>[KeyBy]</c> names.</summary>
/// <param name="Value">Its type, or null when the row has no such member that generated code can read.</param>
/// <param name="Candidates">The members that it has, for a suggestion.</param>
/// <param name="IsNullable">Whether it is declared as a reference that can be null.</param>
/// <param name="IsComputed">Whether code of the row's runs when it is read, which may throw.</param>
internal sealed record KeyMemberDeclaration(
    string Name,
    ValueModel? Value,
    EquatableArray<string> Candidates,
    bool IsNullable,
    bool IsComputed);

/// <summary>A property with <c>[State]</c>.</summary>
/// <param name="Accessibility">The modifiers of its accessibility, as written.</param>
/// <param name="Obstacle">What is wrong with its form, or null.</param>
/// <param name="Value">How it is written.</param>
/// <param name="Unserializable">The path and type of the part that cannot be written, and why; or null.</param>
/// <param name="FormerNames">The names that it had before.</param>
/// <param name="Part">Its second part; null when it needs none.</param>
internal sealed record StateDeclaration(
    string Name,
    EquatableArray<string> Accessibility,
    TypeRef Type,
    string? Obstacle,
    bool IsPartial,
    ValueModel Value,
    string? Unserializable,
    EquatableArray<string> FormerNames,
    PropertyPart? Part)
{
    /// <summary>What kind of state it is.</summary>
    public StateKind Kind { get; init; }

    /// <summary>Of a map: its keys.</summary>
    public ValueModel? MapKey { get; init; }

    /// <summary>Of a collection: the types of its keys, if it has any, and elements; as declared.</summary>
    public EquatableArray<TypeName> Elements { get; init; } = EquatableArray<TypeName>.Empty;

    /// <summary>The type of what lies in the entry of a key; as declared.</summary>
    public TypeName Stored { get; init; } = TypeName.None;

    /// <summary>Whether it is declared as that of a key over all windows.</summary>
    public bool IsKeyScoped { get; init; }

    /// <summary>How long it lives, as text; null for ever.</summary>
    public string? Ttl { get; init; }

    /// <summary>The time by which it expires.</summary>
    public TtlTime TtlTime { get; init; }

    /// <summary>Whether reading lets it live on.</summary>
    public bool RefreshOnRead { get; init; }

    /// <summary>An option of its TTL that is given, or null.</summary>
    public string? TtlOption { get; init; }

    /// <summary>The TTL in microseconds; 0 for ever.</summary>
    public long TtlMicros => Durations.TryParse(Ttl, out var micros) ? micros : 0;

    public bool IsCollection => Kind is StateKind.Map or StateKind.List;
}

/// <summary>The values of the attribute's enum.</summary>
internal enum TtlTime
{
    Default,
    EventTime,
    ProcessingTime,
}

/// <summary>A <c>[StateUpgrade]</c> on a method.</summary>
/// <param name="Operator">The class.</param>
/// <param name="Method">The name of the method.</param>
/// <param name="Overload">Its place among the methods of this name.</param>
/// <param name="Attribute">Which of the method's such attributes it is.</param>
/// <param name="State">The state that it names.</param>
/// <param name="From">The saved states that it takes; empty for the former value of the state itself.</param>
/// <param name="Takes">Its parameters.</param>
/// <param name="Return">The type it returns, or null for none.</param>
/// <param name="Obstacle">Why no generated code can call it, or null.</param>
internal sealed record UpgradeDeclaration(
    TypeName Operator,
    string Method,
    int Overload,
    int Attribute,
    string? State,
    EquatableArray<string> From,
    EquatableArray<UpgradeParameter> Takes,
    TypeRef? Return,
    string? Obstacle)
{
    /// <summary>What it takes, as checkpoints know it.</summary>
    public UpgradeField Field => new(From, [.. Takes.Select(static parameter => parameter.Value)]);
}

/// <summary>A parameter of an upgrade.</summary>
/// <param name="Value">How what it takes was written.</param>
/// <param name="Unserializable">The path and type of the part that cannot be read; or null.</param>
/// <param name="IsByReference">Whether it is passed otherwise than by value or <c>in</c>.</param>
internal sealed record UpgradeParameter(string Name, TypeRef Type, ValueModel Value, string? Unserializable, bool IsByReference);
