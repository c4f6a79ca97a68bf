using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The names of the members that a pipeline's generated part declares, given before anything is written.</summary>
internal sealed class PipelineNames
{
    private readonly Names _names;
    private readonly Dictionary<(string Purpose, object Subject), string> _byPurpose = [];

    // Of the tasks of tests: the sources that have readers of their own; null for the tasks of production.
    private readonly HashSet<string>? _readAsTested;

    public PipelineNames(IEnumerable<string> taken) => _names = new Names(taken);

    private PipelineNames(PipelineNames production, HashSet<string> readAsTested)
    {
        _names = production._names;
        _byPurpose = production._byPurpose;
        _readAsTested = readAsTested;
    }

    /// <summary>The names in the tasks of tests: those of production, but for the tasks and some readers.</summary>
    /// <param name="readAsTested">The ids of the sources whose readers are others.</param>
    public PipelineNames ForTests(HashSet<string> readAsTested) => new(this, readAsTested);

    /// <summary>The name for a purpose; the same purpose has the same name.</summary>
    /// <param name="subject">What it is for: an id, or the model of all that is emitted, by its value.</param>
    /// <param name="purpose">What it does.</param>
    /// <param name="wish">The name, if it is free.</param>
    public string For(object subject, string purpose, string wish)
    {
        var key = (purpose, subject);
        if (!_byPurpose.TryGetValue(key, out var name))
        {
            _byPurpose.Add(key, name = _names.Take(wish));
        }

        return name;
    }

    public string Task(PhysicalTask task) => _readAsTested == null
        ? For(task.Id, "task", Names.Pascal(task.Head.Node.Name) + "Task")
        : For(task.Id, "test task", Names.Pascal(task.Head.Node.Name) + "TestTask");

    public string Key(LogicalNode node) => For(node.Id, "key", Names.Pascal(node.Name) + "Key");

    public string Time(LogicalNode node) => For(node.Id, "time", Names.Pascal(node.Name) + "Time");

    public string Reader(SourceNode node) => ReaderFor(node, "reader", "Reader");

    /// <summary>The reader of the value of messages; their own reader adds what stands beside it.</summary>
    public string ValueReader(SourceNode node) => ReaderFor(node, "value reader", "ValueReader");

    /// <summary>What a source of the user's learns of its columns, and what makes rows of them.</summary>
    public string Columns(SourceNode node) => ReaderFor(node, "columns", "Columns");

    /// <summary>What sinks of the user's learn of their columns, and what makes these of rows: sinks of the same rows share it.</summary>
    public string Columns(CustomConnectorModel sink) =>
        For((sink.Rows!, sink.HasColumns), "written columns", $"{sink.Rows!.Name.TrimStart('@')}Columns");

    /// <summary>The writer of messages: each sink has its own, since keys differ.</summary>
    public string MessageWriter(SinkNode node) => For(node.Id, "message writer", Names.Pascal(TaskNames.SinkName(node)) + "MessageWriter");

    /// <summary>The writer of the value of messages; shared as those of files are.</summary>
    public string ValueWriter(SinkNode node, MessageSinkModel sink) =>
        For(
            (sink.Rows, sink.Format, ChangeForm.Of(node)),
            "value writer",
            $"{sink.Rows.Name.TrimStart('@')}{sink.Format}{ChangeForm.Of(node).Name}ValueWriter");

    /// <summary>
    /// Sinks that write the same columns of the same rows, with the same names, in the same format and form of changes, share a writer.
    /// </summary>
    public string Writer(SinkNode node, FileSinkModel sink) =>
        For(
            (sink.Rows, sink.Format, ChangeForm.Of(node)),
            "writer",
            $"{sink.Rows.Name.TrimStart('@')}{(sink.Format == FileRowFormat.Csv ? "Csv" : "Json")}{ChangeForm.Of(node).Name}Writer");

    /// <summary>The codec of rows that go to another process.</summary>
    public string RowCodec(ValueModel rows) => For(rows.Type, "row codec", CodecMethods.NameOf(rows) + "RowCodec");

    private string ReaderFor(SourceNode node, string purpose, string suffix) => _readAsTested?.Contains(node.Id) == true
        ? For(node.Id, "test " + purpose, Names.Pascal(node.Name) + "Test" + suffix)
        : For(node.Id, purpose, Names.Pascal(node.Name) + suffix);
}
