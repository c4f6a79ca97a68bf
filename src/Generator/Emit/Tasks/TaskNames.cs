using Penstock.Generator.Fusion;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// The names of the fields and methods of one task. They are assigned in one pass over its stages, before any code is emitted.
/// </summary>
internal sealed class TaskNames
{
    // The members that a task inherits.
    private static readonly string[] Inherited =
    [
        "Counters", "Watermark", "SplitWatermark", "EmitsOwnWatermark", "IsBackpressured", "OnWatermark", "EnterOwnTime", "Process", "Failed",
        "Dispose", "Operators", "OnBadRow", "OnUntimed",
        "Equals", "GetHashCode", "GetType", "ToString", "Finalize", "MemberwiseClone", "ReferenceEquals",
    ];

    private readonly NameTable _table;

    public TaskNames(PipelineNames pipeline, PhysicalTask task)
    {
        Pipeline = pipeline;
        var names = new NameTable.Builder(Inherited);
        foreach (var stage in task.Head.WorkingStages())
        {
            Give(names, stage);
        }

        _table = names.Build();
    }

    public PipelineNames Pipeline { get; }

    public string Operator(LogicalNode node) => _table["operator", node.Id];

    /// <summary>The windows of an operator, its sessions, or the slices of windows that overlap.</summary>
    public string Windows(LogicalNode node) => _table["windows", node.Id];

    public string Timers(LogicalNode node) => _table["timers", node.Id];

    public string Table(LogicalNode node) => _table["table", node.Id];

    public string KeyTable(LogicalNode node) => _table["key table", node.Id];

    public string Scope(LogicalNode node) => _table["scope", node.Id];

    public string Clock(LogicalNode node) => _table["clock", node.Id];

    public string Buffer(LogicalNode node) => _table["buffer", node.Id];

    /// <summary>The buffer of a side output.</summary>
    public string Buffer(LogicalNode node, string side) => _table["buffer", (node.Id, side)];

    /// <summary>
    /// The exchange to an input of another task. If a task has several exchanges to a task with several inputs, the name contains the
    /// stream.
    /// </summary>
    public string Exchange(Stage exchange) => _table["exchange", (exchange.Node.Id, exchange.Input)];

    /// <summary>The method that reads the computed key by which an exchange sends rows.</summary>
    public string Hash(Stage exchange) => _table["hash", (exchange.Node.Id, exchange.Input)];

    /// <summary>The loop over the rows of one of several inputs.</summary>
    public string Process(LogicalNode node, int input) => _table["process", (node.Id, input)];

    public string Sink(SinkNode node) => _table["sink", node.Id];

    public string Fire(LogicalNode node) => _table["fire", node.Id];

    public string Emit(LogicalNode node) => _table["emit", node.Id];

    /// <summary>The method that emits the result of a row of an input of a join that has met none.</summary>
    public string Unmatched(LogicalNode node, int input) => _table["unmatched", (node.Id, input)];

    /// <summary>The method that passes on the rows in the buffers of an operator.</summary>
    public string PassOn(LogicalNode node) => _table["pass on", node.Id];

    /// <summary>The first sink of a stream is named after the stream, further ones after the rest of their ids.</summary>
    public static string SinkName(SinkNode node)
    {
        if (node.Index == 0)
        {
            return node.Name;
        }

        var isDefault = node.Id.StartsWith(node.Stream + "/", StringComparison.Ordinal);
        var words = (isDefault ? node.Id.Substring(node.Stream.Length + 1) : node.Id).Split('/', '-', '.', ' ', '*', '<', '>');
        return string.Concat(words
            .Where(static word => word.Length > 0)
            .Select(static word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
    }

    private static void Give(NameTable.Builder names, Stage stage)
    {
        var node = stage.Node;
        var field = "_" + Identifier.Camel(node.Name);
        var method = Identifier.Pascal(node.Name);
        if (stage.Kind == StageKind.Exchange)
        {
            var way = node.Inputs.Count > 1 ? $"_{Identifier.Camel(node.Inputs[stage.Input])}To" : "_to";
            names.Give("exchange", (node.Id, stage.Input), way + method);
            var of = node.Inputs.Count > 1 ? $"Hash{Identifier.Pascal(node.Inputs[stage.Input])}For" : "HashFor";
            names.Give("hash", (node.Id, stage.Input), of + method);
            return;
        }

        if (node is SinkNode sink)
        {
            var kind = sink.Connector is TapModel ? "Tap" : "Sink";
            names.Give("sink", node.Id, $"_{Identifier.Camel(SinkName(sink))}{kind}");
        }
        else if (node is OperatorNode { Operator: { } applied })
        {
            names.Give("operator", node.Id, "_" + Identifier.Camel(applied.Type.LastPart));
            names.Give("clock", node.Id, field + "Clock");
            names.Give("windows", node.Id, field + Identifier.Pascal(applied.Kind.Unit) + "s");
            names.Give("timers", node.Id, field + "Timers");
            names.Give("table", node.Id, field + "Table");
            names.Give("key table", node.Id, field + "Keys");
            names.Give("scope", node.Id, field + "Scope");
            names.Give("buffer", node.Id, field + "Rows");
            for (var input = 0; applied.HasSeveralInputs && input < node.Inputs.Count; input++)
            {
                names.Give("process", (node.Id, input), "Process" + Identifier.Pascal(node.Inputs[input]));
            }

            for (var input = 0; input < node.Inputs.Count && applied.Join != null; input++)
            {
                names.Give("unmatched", (node.Id, input), "EmitUnmatched" + Identifier.Pascal(node.Inputs[input]));
            }

            foreach (var side in applied.SideOutputs)
            {
                names.Give("buffer", (node.Id, side.Name), field + Identifier.Pascal(side.Name) + "Rows");
            }
        }

        else if (node is OperatorNode { Key: not null })
        {
            names.Give("clock", node.Id, field + "Clock");
            names.Give("table", node.Id, field + "Table");
        }

        names.Give("emit", node.Id, "Emit" + method);
        names.Give("fire", node.Id, "Fire" + method);
        names.Give("pass on", node.Id, "PassOn" + method);
    }
}
