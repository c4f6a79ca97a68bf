using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The parts of a task for an operator with a class: its instance, its state, and the rows that it emits.</summary>
internal static class ClassParts
{
    /// <summary>The contract through which the class is called.</summary>
    public static string Contract(OperatorNode node) => node.Applied.Type + ".OperatorContract";

    public static (string Type, string Name) InstanceField(OperatorNode node, TaskNames names) =>
        ($"{node.Applied.Type}", names.Operator(node));

    public static IEnumerable<(string Type, string Name)> ClockField(OperatorNode node, TaskNames names) =>
        node.Applied.Ttl == null ? [] : [("global::Penstock.State.StateClock", names.Clock(node))];

    public static IEnumerable<(string Type, string Name)> ScopeField(OperatorNode node, TaskNames names) =>
        node.Applied.HasCollections ? [($"global::Penstock.State.KeyScope<{names.Pipeline.Key(node)}>", names.Scope(node))] : [];

    /// <summary>The buffers for its rows and for those of its side outputs.</summary>
    public static IEnumerable<(string Type, string Name)> BufferFields(OperatorNode node, TaskNames names) =>
        Outputs(node, names).Select(static output => ($"global::Penstock.Streams.RowBuffer<{output.Row.Name}>", output.Buffer));

    /// <summary>Its outputs: first the main output, then side outputs.</summary>
    public static IEnumerable<(string? Side, TypeRef Row, string Buffer)> Outputs(OperatorNode node, TaskNames names) =>
        [
            (null, node.Applied.Output, names.Buffer(node)),
            .. node.Applied.SideOutputs.Select(side => ((string?)side.Name, side.Row, names.Buffer(node, side.Name)))
        ];

    /// <summary>The type arguments for a state: the key, the state of the contract, and its codec.</summary>
    public static string StateTypes(OperatorNode node, TaskNames names, string state = "State") =>
        $"{names.Pipeline.Key(node)}, {Contract(node)}.{state}, {Contract(node)}.{state}Codec";

    /// <summary>The same for the state of windows, with the merger.</summary>
    public static string MergedTypes(OperatorNode node, TaskNames names) => $"{StateTypes(node, names)}, {Contract(node)}.Merger";

    /// <summary>The clock as the last argument of objects that hold state.</summary>
    public static string ClockArgument(OperatorNode node, TaskNames names) => node.Applied.Ttl == null ? "" : ", " + names.Clock(node);

    public static void EmitInstance(CodeWriter code, OperatorNode node, TaskNames names) =>
        code.Line($"{names.Operator(node)} = {Created(node)};");

    /// <summary>The expression that creates the instance.</summary>
    public static string Created(OperatorNode node)
    {
        var created = $"{Contract(node)}.Create(context.Services)";
        return node.Applied.IsDisposable ? $"context.Own({CSharp.Literal(node.Id)}, {created})" : created;
    }

    public static void EmitClock(CodeWriter code, OperatorNode node, TaskNames names)
    {
        if (node.Applied.Ttl is { } ttl)
        {
            code.Line(
                $"{names.Clock(node)} = context.Clock({CSharp.Literal(node.Id)}, gridMicros: {CSharp.Literal(node.Time == null ? 0 : ttl.Grid)});");
            if (ttl.InEntries)
            {
                code.Line($"{Contract(node)}.Attach({names.Operator(node)}, {names.Clock(node)});");
            }
        }
    }

    /// <summary>Emits how maps and lists are opened.</summary>
    /// <param name="arguments">The arguments of the scope, without the clock.</param>
    public static void EmitScope(CodeWriter code, OperatorNode node, TaskNames names, string arguments)
    {
        if (node.Applied.HasCollections)
        {
            code.Line($"{names.Scope(node)} = context.Scope{arguments}{ClockArgument(node, names)});");
            code.Line($"{Contract(node)}.Open({names.Operator(node)}, {names.Scope(node)});");
        }
    }

    public static void EmitBuffers(CodeWriter code, OperatorNode node, TaskNames names)
    {
        foreach (var (type, name) in BufferFields(node, names))
        {
            code.Line($"{name} = new {type}();");
        }
    }

    /// <summary>Whether state expires by the event time of the row.</summary>
    public static bool HasRowTime(OperatorNode node) => node is { Applied.Ttl.Grid: > 0, Time: not null };
}
