namespace Penstock.Generator.Plan;

/// <summary>What a state is: a value that a method gets by reference, or a type of Penstock's.</summary>
internal enum StateKind
{
    Value,
    Reducing,
    Map,
    List,
}
