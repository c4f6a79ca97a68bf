using Penstock.Generator.Text;

namespace Penstock.Generator.Declarations;

/// <summary>What a state is: a value that a method gets by reference, or a type of Penstock's.</summary>
internal enum StateKind
{
    Value,
    Reducing,
    Map,
    List,
}

/// <summary>How states are declared.</summary>
internal static class StateForms
{
    /// <summary>How a state of a kind is declared.</summary>
    public static string FormOf(StateKind kind, string type, string name) =>
        $"private partial {(kind == StateKind.Value ? "ref " : "")}{type} {Names.Escape(name)} {{ get; }}";
}
