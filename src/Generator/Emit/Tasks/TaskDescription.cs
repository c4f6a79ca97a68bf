using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Describes a task in words, for the comment above it and the labels of the plan.</summary>
internal static class TaskDescription
{
    public static string Of(PhysicalTask task)
    {
        var stages = task.Head.WorkingStages().ToList();
        var parts = new List<string> { $"Task {task.Index}: {Head(task.Head.Node)}" };
        var operators = stages.Where(stage => stage.Kind == StageKind.Operator && stage != task.Head)
            .Select(static stage => stage.Node.Name)
            .ToList();
        if (operators.Count > 0)
        {
            parts.Add($"produces the stream{(operators.Count == 1 ? "" : "s")} {string.Join(", ", operators)}");
        }

        var sinks = stages.Where(static stage => stage.Node is SinkNode { Connector: not TapModel })
            .Select(static stage => Label(stage.Node))
            .ToList();
        if (sinks.Count > 0)
        {
            parts.Add($"delivers to {string.Join(", ", sinks)}");
        }

        // Several exchanges may lead to one task.
        var targets = stages.Where(static stage => stage.Kind == StageKind.Exchange)
            .Select(static stage => (Target: (OperatorNode)stage.Node, stage.Input))
            .Select(static edge => $"to {edge.Target.Name}{ByKey(edge.Target, edge.Input)}")
            .Distinct()
            .ToList();
        if (targets.Count > 0)
        {
            parts.Add($"sends rows {string.Join(", ", targets)}");
        }

        var taps = stages.Select(static stage => stage.Node)
            .Where(static node => node is SinkNode { Connector: TapModel })
            .Select(static tap => tap.Name)
            .ToList();
        if (taps.Count > 0)
        {
            parts.Add($"shows a test the rows of {string.Join(", ", taps)}");
        }

        return string.Join("; ", parts) + ".";
    }

    /// <summary>A short label of a node for diagrams.</summary>
    public static string Label(LogicalNode node) => node switch
    {
        SourceNode source => $"{source.Name}: {Connector(source.Connector)}",
        SinkNode sink => Connector(sink.Connector),
        SideOutputNode side => $"{side.Name}: {side.Output}",
        OperatorNode applied => applied.Kind.LabelOf(applied),
        _ => node.Name,
    };

    public static string Key(OperatorNode node) => KeyEmitter.TextOf(node);

    private static string ByKey(OperatorNode node, int input) => node.Key is null or { IsNone: true } ? "" : $" by {KeyEmitter.TextOf(node.KeyOf(input))}";

    private static string Head(LogicalNode node) => node switch
    {
        OperatorNode applied when KindEmitters.Of(applied.Kind) is HeadEmitter emitter => emitter.DescriptionOf(applied),
        OperatorNode applied => $"takes the rows of {string.Join(", ", applied.Inputs)}",
        _ => $"reads {node.Name}",
    };

    private static string Connector(ConnectorModel connector) => connector switch
    {
        FileSourceModel file => file.Path,
        FileSinkModel file => file.Path,
        MessageSourceModel messages => messages.Package.Label,
        MessageSinkModel messages => messages.Package.Label,
        CustomConnectorModel custom => custom.Name,
        _ => "",
    };
}
