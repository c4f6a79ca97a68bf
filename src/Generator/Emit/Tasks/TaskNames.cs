using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The names of the fields and methods of one task.</summary>
internal sealed class TaskNames(PipelineNames pipeline)
{
    // What a task inherits.
    private static readonly string[] Inherited =
    [
        "Counters", "Watermark", "SplitWatermark", "EmitsOwnWatermark", "IsHeldUp", "OnWatermark", "Process", "Failed", "Dispose",
        "Operators", "OnBadRow",
        "Equals", "GetHashCode", "GetType", "ToString", "Finalize", "MemberwiseClone", "ReferenceEquals",
    ];

    private readonly PipelineNames _members = new(Inherited);

    public PipelineNames Pipeline { get; } = pipeline;

    public string Operator(LogicalNode node) => Field(node, "operator", "");

    public string Windows(LogicalNode node) => Field(node, "windows", "Windows");

    public string Table(LogicalNode node) => Field(node, "table", "Table");

    public string KeyTable(LogicalNode node) => Field(node, "key table", "Keys");

    public string Scope(LogicalNode node) => Field(node, "scope", "Scope");

    public string Clock(LogicalNode node) => Field(node, "clock", "Clock");

    public string Buffer(LogicalNode node) => Field(node, "buffer", "Rows");

    /// <summary>The buffer of a side output.</summary>
    public string Buffer(LogicalNode node, string side) => Field(node, $"buffer {side}", Names.Pascal(side));

    /// <summary>
    /// The way to an input of another task. A task may have several ways to one task: where that has several inputs, the name says which
    /// stream goes there.
    /// </summary>
    public string Exchange(Stage exchange) => _members.For(
        exchange.Node.Id,
        $"exchange {exchange.Input}",
        (exchange.Node.Inputs.Count > 1 ? $"_{Names.Camel(exchange.Node.Inputs[exchange.Input])}To" : "_to")
            + Names.Pascal(exchange.Node.Name));

    public string Hash(LogicalNode node) => _members.For(node.Id, "hash", "HashFor" + Names.Pascal(node.Name));

    public string Sink(SinkNode node) =>
        _members.For(node.Id, "sink", $"_{Names.Camel(SinkName(node))}{(node.Connector is TapModel ? "Tap" : "Sink")}");

    /// <summary>The first sink of a stream is called after the stream, further ones after what stands in their ids behind it.</summary>
    public static string SinkName(SinkNode node)
    {
        if (node.Index == 0)
        {
            return node.Name;
        }

        var isDefault = node.SinkId.StartsWith(node.Stream + "/", StringComparison.Ordinal);
        var words = (isDefault ? node.SinkId.Substring(node.Stream.Length + 1) : node.SinkId).Split('/', '-', '.', ' ', '*', '<', '>');
        return string.Concat(words
            .Where(static word => word.Length > 0)
            .Select(static word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
    }

    public string Fire(LogicalNode node) => _members.For(node.Id, "fire", "Fire" + Names.Pascal(node.Name));

    public string Emit(LogicalNode node) => _members.For(node.Id, "emit", "Emit" + Names.Pascal(node.Name));

    private string Field(LogicalNode node, string purpose, string suffix) =>
        _members.For(node.Id, purpose, $"_{Names.Camel(node.Name)}{suffix}");
}
