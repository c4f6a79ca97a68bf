using Penstock.Generator.Emit.Values;
using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// The names of the members in the generated part of a pipeline. They are assigned in one pass over the plan, before any code is emitted.
/// </summary>
internal sealed record PipelineNames
{
    private readonly NameTable _table;
    private readonly bool _isTest;

    // For the tasks of tests, the sources that have separate readers.
    private readonly EquatableArray<string> _readAsTested;

    private PipelineNames(NameTable table, bool isTest, EquatableArray<string> readAsTested) =>
        (_table, _isTest, _readAsTested) = (table, isTest, readAsTested);

    /// <summary>Assigns all names of a pipeline.</summary>
    /// <param name="taken">The names that its class already has.</param>
    /// <param name="plan">Its tasks.</param>
    /// <param name="tested">The tasks that replace some of them in tests; null if none are replaced.</param>
    public static PipelineNames Of(IEnumerable<string> taken, PhysicalPlan plan, TestedPlan? tested)
    {
        var names = new NameTable.Builder(taken.Concat(plan.Logical.Nodes.SelectMany(NamesOfConnector)));
        foreach (var task in plan.Tasks)
        {
            names.Give("task", task.Id, Identifier.Pascal(task.Head.Node.Name) + "Task");
        }

        foreach (var node in plan.Logical.Nodes)
        {
            Give(names, node);
        }

        foreach (var rows in plan.RowsBetweenTasks)
        {
            names.Give("row codec", rows.Type, CodecMethods.NameOf(rows) + "RowCodec");
        }

        if (tested != null)
        {
            foreach (var task in tested.Tasks)
            {
                names.Give("test task", task.Id, Identifier.Pascal(task.Head.Node.Name) + "TestTask");
            }

            foreach (var source in tested.Readers)
            {
                GiveReaders(names, source, "test ", "Test");
            }
        }

        return new(names.Build(), false, EquatableArray<string>.Empty);
    }

    /// <summary>The names in the tasks of tests: those of production, except for the tasks and some readers.</summary>
    public PipelineNames ForTests(TestedPlan tested) =>
        new(_table, true, tested.Readers.Select(static source => source.Id).ToEquatableArray());

    public string Task(PhysicalTask task) => _table[_isTest ? "test task" : "task", task.Id];

    public string Key(LogicalNode node) => node is OperatorNode { Key.IsNone: true } unkeyed
        ? $"global::Penstock.State.NoKey<{unkeyed.Kind.RowOf(unkeyed, input: 0).Name}>"
        : _table["key", node.Id];

    /// <summary>The state of a key that a kind without a class keeps.</summary>
    public string State(LogicalNode node) => _table["state", node.Id];

    public string StateCodec(LogicalNode node) => _table["state codec", node.Id];

    /// <summary>The codec of the rows of an input that a class keeps.</summary>
    public string StateCodec(LogicalNode node, int input) => _table["state codec", (node.Id, input)];

    public string Time(LogicalNode node) => _table["time", node.Id];

    public string Reader(SourceNode node) => ReaderFor(node, "reader");

    /// <summary>The reader of the value of messages. The message reader adds the metadata.</summary>
    public string ValueReader(SourceNode node) => ReaderFor(node, "value reader");

    /// <summary>The columns for a source of the user, and the code that creates rows from them.</summary>
    public string Columns(SourceNode node) => ReaderFor(node, "columns");

    /// <summary>The columns for a sink, and the code that creates them from rows. Sinks with the same rows share it.</summary>
    public string Columns(ConnectorModel sink) => _table["written columns", (sink.Asked!, sink.HasColumns)];

    /// <summary>The writer of messages. Each sink has its own, since keys differ; one of dead letters needs none.</summary>
    public string MessageWriter(SinkNode node) => _table["message writer", node.Id];

    /// <summary>The writer of the value of messages, which is shared like those of files.</summary>
    public string ValueWriter(SinkNode node, MessageSinkModel sink) =>
        _table["value writer", (sink.Rows, sink.Format, ChangeForm.Of(node))];

    /// <summary>The writer of files. Sinks with the same rows, column names, file format and changelog format share it.</summary>
    public string Writer(SinkNode node, FileSinkModel sink) => _table["writer", (sink.Rows, sink.Format, ChangeForm.Of(node))];

    /// <summary>The codec of rows that are sent to another process.</summary>
    public string RowCodec(ValueModel rows) => _table["row codec", rows.Type];

    private string ReaderFor(SourceNode node, string purpose) =>
        _table[_readAsTested.Contains(node.Id) ? "test " + purpose : purpose, node.Id];

    private static void Give(NameTable.Builder names, LogicalNode node)
    {
        if (node is SinkNode { Connector: { Asked: { } asked, HasColumns: var hasColumns } })
        {
            names.Give("written columns", (asked, hasColumns), $"{asked.Name}Columns");
        }

        switch (node)
        {
            case SourceNode source:
                names.Give("time", source.Id, Identifier.Pascal(source.Name) + "Time");
                GiveReaders(names, source, "", "");
                break;
            case OperatorNode { Key: { } key, Operator: var applied }:
                if (!key.IsNone)
                {
                    names.Give("key", node.Id, Identifier.Pascal(node.Name) + "Key");
                }

                for (var input = 0; applied != null && input < node.Inputs.Count && ((OperatorNode)node).KeptRows.Count > 0; input++)
                {
                    var side = input == 0 ? "Left" : "Right";
                    names.Give("state codec", (node.Id, input), $"{Identifier.Pascal(node.Name)}{side}StateCodec");
                }

                if (applied == null)
                {
                    names.Give("state", node.Id, Identifier.Pascal(node.Name) + "State");
                    names.Give("state codec", node.Id, Identifier.Pascal(node.Name) + "StateCodec");
                }

                break;
            case SinkNode { Connector: FileSinkModel file } sink:
                names.Give(
                    "writer",
                    (file.Rows, file.Format, ChangeForm.Of(sink)),
                    $"{file.Rows.Name}{(file.Format == FileRowFormat.Csv ? "Csv" : "Json")}{ChangeForm.Of(sink).Name}Writer");
                break;
            case SinkNode { Connector: MessageSinkModel { Package.IsForDeadLetters: false } messages } sink:
                names.Give(
                    "value writer",
                    (messages.Rows, messages.Format, ChangeForm.Of(sink)),
                    $"{messages.Rows.Name}{messages.Format}{ChangeForm.Of(sink).Name}ValueWriter");
                names.Give("message writer", sink.Id, Identifier.Pascal(TaskNames.SinkName(sink)) + "MessageWriter");
                break;
        }
    }

    private static void GiveReaders(NameTable.Builder names, SourceNode source, string purpose, string infix)
    {
        var name = Identifier.Pascal(source.Name) + infix;
        names.Give(purpose + "reader", source.Id, name + "Reader");
        if (source.Connector is MessageSourceModel)
        {
            names.Give(purpose + "value reader", source.Id, name + "ValueReader");
        }

        if (source.Connector.Asked != null)
        {
            names.Give(purpose + "columns", source.Id, name + "Columns");
        }
    }

    // A generated type in the class of the pipeline would hide a type of the user with the same name that its attributes refer to.
    private static IEnumerable<string> NamesOfConnector(LogicalNode node) =>
        ((node as SourceNode)?.Connector ?? (node as SinkNode)?.Connector) is CustomConnectorModel custom ? custom.Type.Parts : [];
}
