using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>The types of an operator with a method that waits.</summary>
internal static class AwaitedCode
{
    /// <summary>The result of a call: a row, or null where none is emitted.</summary>
    public static string ResultOf(OperatorModel applied) => $"{applied.Output.Name}{(applied.ReturnsNull ? "?" : "")}";

    /// <summary>The task that the method returns.</summary>
    public static string TaskOf(OperatorModel applied) => $"global::System.Threading.Tasks.ValueTask<{ResultOf(applied)}>";
}
