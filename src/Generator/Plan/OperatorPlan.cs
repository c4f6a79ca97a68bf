using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>An operator whose class this build extends: the data for its contract and its state.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Model">The operator as pipelines use it.</param>
/// <param name="Keys">For each input, the members of the key that the class declares; empty if it declares none.</param>
/// <param name="Services">The parameters of its constructor.</param>
/// <param name="Methods">The methods that the contract calls.</param>
/// <param name="States">Its state.</param>
/// <param name="IsPublic">Whether other assemblies can use it.</param>
internal sealed record OperatorPlan(
    ClassDeclaration Class,
    OperatorModel Model,
    EquatableArray<EquatableArray<string>> Keys,
    EquatableArray<ServiceModel> Services,
    EquatableArray<CalledMethod> Methods,
    EquatableArray<HeldState> States,
    bool IsPublic);

/// <summary>A method of the class that the contract calls.</summary>
/// <param name="Input">For a method that takes rows, the index of the input.</param>
/// <param name="Takes">The type of its first parameter.</param>
/// <param name="Arguments">What its parameters get.</param>
internal sealed record CalledMethod(
    string Name,
    MethodForm Form,
    int Input,
    bool IsStatic,
    TypeRef Takes,
    EquatableArray<CallArgument> Arguments)
{
    /// <summary>The type of its second parameter, if that is a row, too.</summary>
    public TypeRef? TakesAlso { get; init; }

    public bool TakesContext => Arguments.Any(static argument => argument.Value == CallValue.Context);
}

/// <summary>The argument for a parameter of a method.</summary>
/// <param name="Side">For a side output, its index.</param>
internal sealed record CallArgument(CallValue Value, PassingKind Passing, int Side);

internal enum CallValue
{
    /// <summary>The row or the window.</summary>
    First,

    /// <summary>The row of the other input.</summary>
    Second,
    Context,
    Cancellation,
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
/// <param name="Stored">The type that is stored in the entry of a key.</param>
/// <param name="Value">How it is serialized.</param>
/// <param name="IsWide">Whether all windows of a key share it, although the operator has windows.</param>
internal sealed record HeldState(
    string Name,
    StateKind Kind,
    EquatableArray<string> Accessibility,
    TypeName Type,
    TypeName Stored,
    ValueModel Value,
    bool IsWide)
{
    /// <summary>For a map, its keys.</summary>
    public ValueModel? MapKey { get; init; }

    /// <summary>For a collection, the types of its keys, if any, and of its elements.</summary>
    public EquatableArray<TypeName> Elements { get; init; } = EquatableArray<TypeName>.Empty;

    /// <summary>Its former names.</summary>
    public EquatableArray<string> FormerNames { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The methods that compute it from the state that an older program saved.</summary>
    public EquatableArray<UpgradeModel> Upgrades { get; init; } = EquatableArray<UpgradeModel>.Empty;

    /// <summary>How it expires; null if it never does, or only with its window.</summary>
    public ExpiryModel? Expiry { get; init; }

    public bool IsCollection => Kind is StateKind.Map or StateKind.List;
}

/// <summary>How a state expires.</summary>
/// <param name="Ttl">Its time to live, in microseconds.</param>
/// <param name="InProcessingTime">Whether the time is counted by the clock, not by the event times of rows.</param>
/// <param name="OnRead">Whether reading extends it.</param>
/// <param name="Deadline">For state in an entry, the name of its deadline in checkpoints.</param>
internal sealed record ExpiryModel(long Ttl, bool InProcessingTime, bool OnRead, string? Deadline);

/// <summary>A method that computes a state from the state that an older program saved.</summary>
/// <param name="Operator">The class that contains the method.</param>
/// <param name="From">The saved states that it takes; empty for the former value of the same state.</param>
internal sealed record UpgradeModel(
    TypeName Operator,
    string Method,
    EquatableArray<string> From,
    EquatableArray<UpgradeArgument> Takes)
{
    /// <summary>Its parameters, as checkpoints describe them.</summary>
    public UpgradeField Field => new(From, [.. Takes.Select(static argument => argument.Value)]);
}

/// <summary>A parameter of such a method.</summary>
/// <param name="Value">How the value was serialized.</param>
internal sealed record UpgradeArgument(string Name, ValueModel Value);
