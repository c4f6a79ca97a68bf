namespace Penstock.Generator.Plan;

/// <summary>The kind of a state: a value that methods access by reference, or one of Penstock's collection types.</summary>
internal enum StateKind
{
    Value,
    Reducing,
    Map,
    List,
}
