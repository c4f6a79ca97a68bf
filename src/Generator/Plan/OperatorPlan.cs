using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>An operator whose class is extended by this build: what its contract and its state are made of.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Model">What pipelines know of it.</param>
/// <param name="Key">The members of the key that the class names; null where it names none.</param>
/// <param name="Services">The parameters of its constructor.</param>
/// <param name="Methods">The methods that the contract calls.</param>
/// <param name="States">What it remembers.</param>
/// <param name="IsPublic">Whether other assemblies can use it.</param>
internal sealed record OperatorPlan(
    ClassDeclaration Class,
    OperatorModel Model,
    EquatableArray<string>? Key,
    EquatableArray<ServiceModel> Services,
    EquatableArray<CalledMethod> Methods,
    EquatableArray<HeldState> States,
    bool IsPublic);

/// <summary>A method of the class that the contract calls.</summary>
/// <param name="Takes">The type of its first parameter.</param>
/// <param name="Arguments">What its parameters get.</param>
internal sealed record CalledMethod(
    string Name,
    MethodForm Form,
    bool IsStatic,
    TypeRef Takes,
    EquatableArray<CallArgument> Arguments);

/// <summary>What a parameter of a method gets.</summary>
/// <param name="Side">Of a side output: which one it is.</param>
internal sealed record CallArgument(CallValue Value, PassingKind Passing, int Side);

internal enum CallValue
{
    /// <summary>The row or the window.</summary>
    First,
    Context,
    Output,
    SideOutput,
}

internal enum PassingKind
{
    Value,
    In,
    Ref,
    Out,
}

/// <summary>A state of an operator.</summary>
/// <param name="Accessibility">The modifiers of its property, as written.</param>
/// <param name="Type">The type of its property.</param>
/// <param name="Stored">The type of what lies in the entry of a key.</param>
/// <param name="Value">How it is written.</param>
/// <param name="IsWide">Whether it belongs to a key over all windows, although the operator has windows.</param>
internal sealed record HeldState(
    string Name,
    StateKind Kind,
    EquatableArray<string> Accessibility,
    TypeName Type,
    TypeName Stored,
    ValueModel Value,
    bool IsWide)
{
    /// <summary>Of a map: its keys.</summary>
    public ValueModel? MapKey { get; init; }

    /// <summary>Of a collection: the types of its keys, if it has any, and elements.</summary>
    public EquatableArray<TypeName> Elements { get; init; } = EquatableArray<TypeName>.Empty;

    /// <summary>The names that it had before.</summary>
    public EquatableArray<string> FormerNames { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The methods that make it of what an older program saved.</summary>
    public EquatableArray<UpgradeModel> Upgrades { get; init; } = EquatableArray<UpgradeModel>.Empty;

    /// <summary>How it expires; null where it lives for ever, or as long as its window.</summary>
    public ExpiryModel? Expiry { get; init; }

    public bool IsCollection => Kind is StateKind.Map or StateKind.List;
}

/// <summary>How a state expires.</summary>
/// <param name="Ttl">How long it lives, in microseconds.</param>
/// <param name="InProcessingTime">Whether that is counted by the clock, and not by the time of rows.</param>
/// <param name="OnRead">Whether reading lets it live on.</param>
/// <param name="Deadline">Of what lies in an entry: the name of its deadline there, as checkpoints know it.</param>
internal sealed record ExpiryModel(long Ttl, bool InProcessingTime, bool OnRead, string? Deadline);

/// <summary>A method that makes a state of what an older program saved.</summary>
/// <param name="Operator">The class that has it.</param>
/// <param name="From">The saved states that it takes; empty for the former value of the state itself.</param>
internal sealed record UpgradeModel(
    TypeName Operator,
    string Method,
    EquatableArray<string> From,
    EquatableArray<UpgradeArgument> Takes)
{
    /// <summary>What it takes, as checkpoints know it.</summary>
    public UpgradeField Field => new(From, [.. Takes.Select(static argument => argument.Value)]);
}

/// <summary>A parameter of such a method.</summary>
/// <param name="Value">How what it takes was written.</param>
internal sealed record UpgradeArgument(string Name, ValueModel Value);
