using Penstock.Generator.Emit.Values;
using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// The names of the members that a pipeline's generated part declares: given in one pass over the plan, before anything is written.
/// </summary>
internal sealed record PipelineNames
{
    private readonly NameTable _table;
    private readonly bool _isTest;

    // Of the tasks of tests: the sources that have readers of their own.
    private readonly EquatableArray<string> _readAsTested;

    private PipelineNames(NameTable table, bool isTest, EquatableArray<string> readAsTested) =>
        (_table, _isTest, _readAsTested) = (table, isTest, readAsTested);

    /// <summary>Gives all names of a pipeline.</summary>
    /// <param name="taken">Those that its class has anyway.</param>
    /// <param name="plan">How it runs.</param>
    /// <param name="tested">What a test runs in the place of some tasks; null where it runs those of production.</param>
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

    /// <summary>The names in the tasks of tests: those of production, but for the tasks and some readers.</summary>
    public PipelineNames ForTests(TestedPlan tested) =>
        new(_table, true, tested.Readers.Select(static source => source.Id).ToEquatableArray());

    public string Task(PhysicalTask task) => _table[_isTest ? "test task" : "task", task.Id];

    public string Key(LogicalNode node) => _table["key", node.Id];

    public string Time(LogicalNode node) => _table["time", node.Id];

    public string Reader(SourceNode node) => ReaderFor(node, "reader");

    /// <summary>The reader of the value of messages; their own reader adds what stands beside it.</summary>
    public string ValueReader(SourceNode node) => ReaderFor(node, "value reader");

    /// <summary>What a source of the user's learns of its columns, and what makes rows of them.</summary>
    public string Columns(SourceNode node) => ReaderFor(node, "columns");

    /// <summary>What sinks of the user's learn of their columns, and what makes these of rows: sinks of the same rows share it.</summary>
    public string Columns(ConnectorModel sink) => _table["written columns", (sink.Asked!, sink.HasColumns)];

    /// <summary>The writer of messages: each sink has its own, since keys differ.</summary>
    public string MessageWriter(SinkNode node) => _table["message writer", node.Id];

    /// <summary>The writer of the value of messages; shared as those of files are.</summary>
    public string ValueWriter(SinkNode node, MessageSinkModel sink) =>
        _table["value writer", (sink.Rows, sink.Format, ChangeForm.Of(node))];

    /// <summary>
    /// Sinks that write the same columns of the same rows, with the same names, in the same format and form of changes, share a writer.
    /// </summary>
    public string Writer(SinkNode node, FileSinkModel sink) => _table["writer", (sink.Rows, sink.Format, ChangeForm.Of(node))];

    /// <summary>The codec of rows that go to another process.</summary>
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
            case OperatorNode { Key: not null }:
                names.Give("key", node.Id, Identifier.Pascal(node.Name) + "Key");
                break;
            case SinkNode { Connector: FileSinkModel file } sink:
                names.Give(
                    "writer",
                    (file.Rows, file.Format, ChangeForm.Of(sink)),
                    $"{file.Rows.Name}{(file.Format == FileRowFormat.Csv ? "Csv" : "Json")}{ChangeForm.Of(sink).Name}Writer");
                break;
            case SinkNode { Connector: MessageSinkModel messages } sink:
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

    // In the class of the pipeline a generated type would hide one of the user's that has the same name, and that its attributes mean.
    private static IEnumerable<string> NamesOfConnector(LogicalNode node) =>
        ((node as SourceNode)?.Connector ?? (node as SinkNode)?.Connector) is CustomConnectorModel custom ? custom.Type.Parts : [];
}
