using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Findings;

/// <summary>Every diagnostic of Penstock, in one table. Each has a page under docs/diagnostics.</summary>
internal static class DiagnosticDescriptors
{
    private const string HelpRoot = "https://github.com/penstock-dev/penstock/blob/main/docs/diagnostics/";

    private static readonly DiagnosticDescriptor[] Table =
    [
        // Declarations
        Error("PEN001", "Class is not partial", "'{0}' must be 'partial', because the compiler adds the generated part to it"),
        Error("PEN002", "Property is not partial", "'{0}' must be partial, because the compiler writes its body: declare it as '{1}'"),
        Error(
            "PEN003",
            "Stream property has the wrong form",
            "Stream '{0}' must be declared as 'public partial Stream<T> Name {{ get; }}', but {1}"),
        Error("PEN004", "Property is not a stream", "'{0}' has attributes of a stream but is of type '{1}': make it 'Stream<T>'"),
        Error("PEN005", "Class cannot be generated", "'{0}' is {1}: make it a plain partial class that is at least internal"),
        Error("PEN006", "Operator has no behaviour", "Operator '{0}' does nothing: give it {1}"),
        Error(
            "PEN007",
            "Operator has several behaviours",
            "Operator '{0}' already behaves by '{1}': move '{2}' into an operator of its own"),
        Error("PEN008", "Method has the wrong signature", "[{0}] method '{1}' cannot be called: {2}. Declare it as '{3}'."),
        Error("PEN009", "Window operator is incomplete", "Operator '{0}' lacks its {1}: add '{2}'"),
        Error("PEN010", "Class cannot be created", "'{0}' cannot be created: {1}"),
        Error(
            "PEN011",
            "Constructor parameter cannot be injected",
            "'{0}' is created from services, but '{1}' is none: take a class or an interface, such as options"),
        Error("PEN012", "Member name is reserved", "The name '{0}' is needed by generated code: rename the member"),
        Error("PEN013", "Type cannot be used in generated code", "'{0}' is {1}"),
        Error(
            "PEN014",
            "Pipeline has no streams",
            "Pipeline '{0}' has no streams: add a 'public partial Stream<T> Name {{ get; }}' with a source"),
        Error("PEN015", "Attribute outside of its class", "'{0}' has an attribute that means something only in a class with {1}"),
        Error(
            "PEN016",
            "Key on a stream without operator",
            "'{0}' has a key but applies no operator: [KeyBy] stands on an operator, or beside the [Apply] of one"),
        Error(
            "PEN017",
            "Stream id is not unique",
            "The id '{0}' is already taken by another stream of this pipeline (case does not count): give one of them another Id"),
        Error(
            "PEN018",
            "Name is not valid",
            "'{0}' is no valid name: it stands in configuration keys and file names, so it must not be empty and must be Unicode text "
                + "without ':', '/', '\\' and control characters"),
        Error("PEN019", "Applied class is not an operator", "'{0}' is not an operator: mark it with [Operator]"),
        Error(
            "PEN020",
            "Referenced operator has no usable contract",
            "Operator '{0}' comes from an assembly that was not built with the Penstock generator, or with a newer one: build it with "
                + "this version"),
        Error(
            "PEN021",
            "Partial property without attribute",
            "'{0}' has no body, and nothing says what the compiler is to write as one: {1}"),

        // Topology
        Error("PEN101", "Unknown stream", "This pipeline has no stream '{0}'{1}"),
        Error(
            "PEN102",
            "Stream has no producer",
            "Nothing produces stream '{0}': add a source, an [Apply<T>], a [Union] or a [SideOutput]"),
        Error("PEN103", "Stream has several producers", "Stream '{0}' already has a producer: make this one a stream of its own"),
        Error("PEN104", "Streams form a cycle", "These streams read each other in a circle, so that none can begin: {0}"),
        Error("PEN105", "Operator takes other rows", "Operator '{0}' takes rows of type '{1}', but stream '{2}' has rows of type '{3}'"),
        Error(
            "PEN106",
            "Stream has other rows than its operator makes",
            "Stream '{0}' has rows of type '{1}', but operator '{2}' makes rows of type '{3}'"),
        Warning("PEN107", "Stream is not used", "Nothing reads stream '{0}': add a sink, apply an operator to it, or remove it"),
        Error("PEN108", "Unknown key member", "'{0}' is no member of '{1}' that generated code can read{2}"),
        Error(
            "PEN109",
            "Key has no stable hash",
            "'{0}' of type '{1}' cannot be a key, because its hash or equality is not the same everywhere: use an integer, text, an "
                + "instant, a Guid, decimal, bool or an enum"),
        Error(
            "PEN110",
            "Operator needs a key",
            "Operator '{0}' keeps state by key, but stream '{1}' names none: add [KeyBy(nameof(Row.Member))] to either"),
        Error(
            "PEN111",
            "Key on an operator without keyed state",
            "Operator '{0}' is a [{1}], which looks at one row at a time: remove [KeyBy]"),
        Error("PEN112", "Key member is named twice", "'{0}' already is a part of the key: remove one of the two"),
        Error("PEN113", "Window has another key", "Operator '{0}' fires with 'Window<{1}>', but its key is of type '{2}'"),
        Error("PEN114", "Unknown side output", "Stream '{1}' has no side output '{0}'{2}"),
        Error("PEN115", "Side output has other rows", "Stream '{0}' has rows of type '{1}', but side output '{2}' has rows of type '{3}'"),
        Error("PEN116", "Key is given twice", "Operator '{0}' names its key itself: remove one of the two [KeyBy]"),
        Error("PEN117", "Key has too many members", "A key has at most 7 members, this one has {0}: make the row carry a combined one"),
        Error(
            "PEN118",
            "Operator would count updates as new rows",
            "Operator '{0}' takes every row as new, but stream '{1}' is {2}: it sends a window again when late rows change it. {3}."),
        Error("PEN119", "No bad rows to take", "'{0}' takes the bad rows of stream '{1}', but only a source has any"),

        Error(
            "PEN120",
            "Updates of split rows",
            "Operator '{0}' makes any number of rows of each, and stream '{1}' is {2}: nothing takes back what was made of a row that is "
                + "replaced. Put the operator before the window, remove AllowedLateness, or write the stream to a sink."),
        Error(
            "PEN121",
            "Updates cannot be told from new rows",
            "Operator '{0}' leaves out the {1} ({2}) of window operator '{3}', which sends a row again when late rows change it: nothing "
                + "tells any more which row the new one replaces. Keep it in the row, or remove AllowedLateness."),
        Error(
            "PEN122",
            "Union of fewer than two streams",
            "Union '{0}' names {1}, but has the rows of at least two streams: add the others, or read the stream itself"),
        Error("PEN123", "Stream is united twice", "'{0}' already is an input of this union: remove one of the two"),
        Error(
            "PEN132",
            "Preferred stream is no input",
            "'{0}' is to go first, but is no input of union '{1}': name one of its inputs, or leave Prefer out"),
        Error(
            "PEN124",
            "Updates cannot be united",
            "Stream '{0}' sends a row again when late rows change its window ('{1}'), and among the rows of other streams nothing tells "
                + "which one it replaces: unite the streams before the window, or remove AllowedLateness"),
        Warning(
            "PEN125",
            "Side output has no consumer",
            "Operator '{0}' puts rows aside as '{1}', and no stream takes them, so that they are lost: add a Stream<{3}> with "
                + "[SideOutput(nameof({2}), \"{1}\")]"),
        Error("PEN126", "Parallelism is out of range", "The parallelism of {0} is {1}, but must be 1 to 32,768"),
        Error(
            "PEN127",
            "Parallelism of rows that are put aside",
            "Stream '{0}' has the rows that '{1}' puts aside, and is a part of its task: put [Parallelism] on '{1}', or on a stream that "
                + "reads '{0}'"),
        Error(
            "PEN128",
            "Updates would lose their order",
            "'{0}' would begin a task, to which the new version of a row of '{1}' could come before the one that it replaces: put "
                + "[Parallelism] on '{2}', in whose task '{0}' is without it, or remove AllowedLateness"),
        Info(
            "PEN129",
            "Rows cannot go to another process",
            "The rows of stream '{0}' have a part that cannot be written ({1}), so that the pipeline runs in one process only, since they "
                + "go from task to task: use numbers, text, instants, collections and records of these, or a type with [StateCodec]"),
        Error(
            "PEN130",
            "Versions of a row would come to several keys",
            "Operator '{0}' is keyed by '{1}', which may change from one version of a row of '{2}' to the next, so that the key of the "
                + "version before would not learn of it: key it by members that are made of the key of the stream alone ({3})"),
        Error(
            "PEN131",
            "Key of updates is not in the rows",
            "The rows of stream '{0}' do not show the {1} by which one replaces another: {2}"),

        // Time and watermarks
        Error("PEN201", "Unknown event time member", "'{0}' is no member of '{1}' that generated code can read{2}"),
        Error(
            "PEN202",
            "Member cannot be event time",
            "'{0}' of type '{1}' is no instant: event time is a DateTime, a DateTimeOffset, or a long or int that counts a TimeUnit since "
                + "1970"),
        Error(
            "PEN203",
            "Event time on a derived stream",
            "Stream '{0}' is not read from a source: it has the event time of its input; put [EventTime] on the source"),
        Error(
            "PEN204",
            "Window without event time",
            "Operator '{0}' has windows in event time, but stream '{1}' at the start of its path has none: add "
                + "[EventTime(nameof(Row.Member))] to '{2}'"),
        Error(
            "PEN205",
            "Invalid duration",
            "'{0}' is no duration: write it as \"500ms\", \"5s\", \"10m\", \"1h30m\", \"7d\" or \"00:10:00\""),
        Error("PEN206", "Duration is out of range", "{0} is '{1}', but must be {2}"),
        Error(
            "PEN207",
            "Late output has no producer",
            "'{0}' takes the late rows of stream '{1}', but only an operator with windows has late rows"),
        Warning(
            "PEN208",
            "Event time is a number without unit",
            "'{0}' is a number of type '{1}', which is taken as microseconds since 1970: write what it counts, such as Unit = "
                + "TimeUnit.Milliseconds"),
        Error(
            "PEN209",
            "Unit on a column that takes none",
            "{0} takes no Unit: only a DateTime or DateTimeOffset without Format can be written as a number since 1970"),
        Error(
            "PEN210",
            "Unit of an event time that is no number",
            "'{0}' of type '{1}' is an instant already: remove Unit. If the text holds a number, put [Column(Unit = …)] on the member."),
        Error("PEN211", "Unknown time unit", "The Unit of '{0}' is no value of TimeUnit"),
        Error(
            "PEN212",
            "Union of streams with and without event time",
            "Stream '{0}' has no event time, but '{1}' in the same union has: {2}"),

        // State
        Error(
            "PEN301",
            "State cannot be saved",
            "State '{0}' has a part that cannot be written to a checkpoint ({1}): use numbers, text, instants, collections and records of "
                + "these, or a type with [StateCodec]"),
        Error("PEN302", "State property has the wrong form", "State '{0}' must be declared as '{2}', but {1}"),
        Error(
            "PEN303",
            "State in an operator without key",
            "State '{0}' belongs to a key, but a [{1}] operator has none: make it a [Process] operator with [KeyBy]"),
        Error(
            "PEN304",
            "State type is private",
            "State '{0}' is of type '{1}', which the generated code cannot name: make the type internal"),
        Error(
            "PEN305",
            "Field would be lost at a restart",
            "'{0}' {1} but is no state, so a restart would lose it silently: make it [State], {2}, or mark it with [Transient] if it may "
                + "be lost"),
        Error(
            "PEN306",
            "Inherited field would be lost at a restart",
            "'{0}' of base class '{1}' {2}, so a restart would lose silently what operator '{3}' keeps in it: keep it in the operator as "
                + "[State], {4}, or mark it with [Transient] if it may be lost"),
        Warning(
            "PEN307",
            "Base class cannot be looked into",
            "Base class '{0}' comes from assembly '{1}', which does not show its private fields: what operator '{2}' keeps in them is "
                + "lost at a restart. Mark the operator with [Transient] if that may be, or use a field instead of inheriting."),
        Warning(
            "PEN308",
            "Answer depends on the clock or on chance",
            "'{0}' {1}, so operator '{2}' may answer otherwise when rows are processed once more after a restart: {3}"),
        Error("PEN310", "Former name cannot be used", "'{0}' cannot be a former name of '{1}', because {2}"),
        Error("PEN311", "Upgrade cannot be called", "[StateUpgrade] method '{0}' cannot be called: {1}"),
        Error(
            "PEN312",
            "Removed state is still there",
            "The pipeline still has '{0}': remove [RemovedState], or give the stream another Id"),
        Warning(
            "PEN314",
            "State may have been renamed",
            "'{0}' is not in the last release, and '{1}' is gone: add [FormerName(\"{1}\")] if it is the same by another name, or its "
                + "saved values are dropped"),
        Error("PEN315", "State does not fit the last release", "The state of '{0}' in the last release could not be restored, because {1}"),
        Error(
            "PEN316",
            "State of the last release is gone",
            "Pipeline '{0}' no longer has '{1}', of which the last release has state: give the stream that continues it Id = \"{1}\", or "
                + "add [RemovedState(\"{1}\")]"),
        AtEnd(
            "PEN317",
            "Pipeline of the last release is gone",
            "The program has no pipeline '{0}' any more: set the Name of the one that continues it, or delete the pipeline from the lock"),
        Error("PEN318", "Lock cannot be read", "'{0}' cannot be read: {1}"),
        Info(
            "PEN319",
            "Lock is older than the program",
            "The state of pipeline '{0}' has changed since the last release, and can be restored: update the lock with the next one, by "
                + "dotnet build -t:UpdatePenstockStateLock"),
        Error(
            "PEN320",
            "Map state has keys that cannot be keys",
            "Map state '{0}' has keys of type '{1}', whose equality does not survive a restart: use integers, text, Guid, instants, "
                + "enums, or a tuple of these"),
        Error(
            "PEN321",
            "Scope without windows",
            "State '{0}' belongs to its key anyway, since the operator has no windows: leave Scope out"),
        Error(
            "PEN322",
            "TTL is not a time to live",
            "The Ttl of state '{0}' is '{1}': write a duration that is longer than nothing, such as \"24h\" or \"30m\""),
        Error(
            "PEN323",
            "TTL is shorter than the window",
            "The Ttl of state '{0}' ({1}) would end before its window is done, which is {2} after its start: make it at least that, or "
                + "leave it out"),
        Error("PEN324", "TTL option without effect", "State '{0}' has {1}, which means nothing: {2}"),
        Error(
            "PEN325",
            "TTL by event time, without event time",
            "State '{0}' of '{1}' expires by event time, but the rows come from '{2}', which has none: put [EventTime] on it, or take "
                + "another TtlTime"),
        Error(
            "PEN326",
            "Stream id is that of a state",
            "Under the id '{0}' stream '{1}' saves its map or list '{2}': give this stream another Id, or the state another name"),

        // Connectors
        Error(
            "PEN501",
            "Unknown file format",
            "{0} does not tell the format: {1}"),
        Error(
            "PEN502",
            "Row cannot be read",
            "No value of '{0}' can be made from columns: declare it as a positional record, or with a parameterless constructor and "
                + "settable properties"),
        Error(
            "PEN503",
            "Column has an unsupported type",
            "{0} cannot be a column: use numbers, text, instants, Guid, bool, enums or byte[], JsonElement, objects of these, arrays, "
                + "lists, or dictionaries with text keys"),
        Error(
            "PEN504",
            "Column name is not unique",
            "Two columns of '{0}' are called '{1}', or one has no name: rename one with [Column(\"name\")]"),
        Error(
            "PEN505",
            "Bad-rows output has no producer",
            "'{0}' takes the bad rows of stream '{1}', which does not put them aside: set OnBadRow = BadRowPolicy.SideOutput there"),
        Error(
            "PEN506",
            "Bad rows have no consumer",
            "Stream '{0}' puts bad rows aside, but no stream takes them: add a Stream<BadRow> with [SideOutput(nameof({0}), "
                + "SideOutputs.BadRows)]"),
        Error("PEN507", "Invalid delimiter", "'{0}' cannot separate fields: use an ASCII character other than a quote or a line end"),
        Error("PEN508", "Invalid size", "'{0}' is no size: write it as \"64KB\", \"32MB\" or \"1GB\""),
        Error(
            "PEN509",
            "Format where none applies",
            "{0} takes no Format, or its Format is no text: only dates and times are written by a format string"),
        Error(
            "PEN510",
            "Class is not a source of these rows",
            "'{0}' must implement '{1}' to be the source of this stream; it implements {2}"),
        Error("PEN511", "Class is not a sink for these rows", "'{0}' must implement '{1}' to be a sink of this stream; it implements {2}"),
        Error(
            "PEN512",
            "Unknown connector",
            "This version of the generator does not know [{0}]: use [Source<T>] or [Sink<T>] with a class of your own, or update Penstock"),
        Error("PEN513", "Sink id is not unique", "The id '{0}' is already taken in this pipeline: give the sink another Id"),
        Error("PEN514", "Path is empty", "{0} has no path"),
        Error("PEN515", "Row has no columns", "'{0}' has no columns to write or read: {1}"),
        Error("PEN516", "Unknown policy for bad rows", "{0} is no value of BadRowPolicy"),
        Error("PEN517", "Two sinks write the same files", "'{0}' is already written by stream '{1}': give every sink a path of its own"),
        Error("PEN519", "Unknown metadata", "'{0}' is to hold the metadata '{1}', which this connector does not know; {2}"),
        Error("PEN520", "Metadata of another type", "'{0}' holds the metadata '{1}', which is {2}, and not {3}"),
        Error(
            "PEN521",
            "Metadata cannot be set",
            "The metadata of '{0}' cannot be added to a value that was read: declare it as a record or a struct, or with settable "
                + "properties"),
        Error(
            "PEN522",
            "Raw messages have one value",
            "In the format Raw exactly one member of '{0}' is the value; mark all others with [Metadata]"),
        Error(
            "PEN523",
            "Row is not MemoryPackable",
            "MemoryPack cannot write '{0}': mark it with [MemoryPackable], or choose another format"),
        Error("PEN524", "Key is no column", "'{0}' has no column '{1}' that could be the key of a message{2}"),
        Error("PEN525", "Unknown message format", "{0} is no value of MessageFormat"),
        Error("PEN526", "Tombstone is no flag", "'{0}' has no column '{1}' of type bool that could say that a message is a tombstone"),
        Warning(
            "PEN527",
            "Metadata is not written",
            "'{0}' holds the metadata '{1}', which no sink writes: it is left out of the messages. Take it out of the row, or keep it as "
                + "a column by removing [Metadata]"),
        Warning(
            "PEN528",
            "Member is neither read nor written",
            "{0} has a type that no column can have: the member is neither read nor written. Say so with [Column(Ignore = true)], or "
                + "change its type"),
        Error("PEN529", "Unknown naming policy", "{0} is no naming policy: write a member of NamingPolicy"),
        Error("PEN535", "Option of a connector cannot be used", "{0} cannot be '{1}': {2}"),
        Error(
            "PEN536",
            "End is not behind the begin",
            "{0} = '{1}' is not behind {2} = '{3}', so that nothing would be read: exchange them, or leave one out"),
        Warning("PEN537", "Option of a connector without effect", "{0} means nothing without {1}: set it, or leave {0} out"),
        Error(
            "PEN538",
            "A source reads what a sink writes",
            "Source '{1}' would read the files that the sink '{0}' writes, such as '{2}': give the sink another folder, or the source a "
                + "path that leaves these names out"),
        Error("PEN530", "Format of a column cannot be used", "Format '{1}' of '{0}' {2}: {3}"),
        Warning(
            "PEN531",
            "Member of a row is never set",
            "{0} always has its default: it is neither read nor written, since nothing outside of the type can set it, and no code of the "
                + "type does. Give it a public 'set' or 'init', let the constructor take it, or say so with [Column(Ignore = true)]."),
        Warning(
            "PEN532",
            "Format of a column has no year",
            "Format '{1}' of '{0}' has no year, so that a row gets that of the day on which it is read: give it one, or read the text and "
                + "make the date of it yourself"),
        Error("PEN539", "Name of part files is not possible", "'{0}' cannot be the path of a sink: {1}"),
        Error(
            "PEN540",
            "Sink takes no updates",
            "Sink '{0}' takes new rows alone, and stream '{1}' is {2}: a row replaces the one before with the same key. {3}, or remove "
                + "AllowedLateness from the window of '{4}'."),
        Error("PEN541", "Changelog format is not possible here", "Sink '{0}' cannot write ChangelogFormat.{1}: it can write {2}"),
        Error(
            "PEN542",
            "Deletes cannot be written as rows",
            "Sink '{0}' writes every version as a row, but stream '{1}' also deletes rows, which its filter leaves out later: write what "
                + "each row means, such as by ChangelogFormat.{2}, or leave the filter to the reader"),
        Error(
            "PEN543",
            "Key of a message is not that of its row",
            "The key of the messages of sink '{0}' must be the key of stream '{1}', which is {2}: else a message would replace those of "
                + "other rows, or not that of the version before. Set Key to a member that is made of {3} and nothing else, and from "
                + "which each of them can be told again."),
        Error(
            "PEN544",
            "Column for the kind of a row is taken",
            "'{0}' has a column '{1}' of its own, which would stand twice in a row: rename it by [Column(\"name\")], or choose another "
                + "ChangelogFormat"),
        Error(
            "PEN545",
            "Member cannot be a column",
            "{0}, so that it cannot be a column of '{1}': move what is inside of it to the row, leave it out by [Column(Ignore = true)], "
                + "or let '{1}' have rows in the place of columns"),
        Error(
            "PEN550",
            "Connector attribute is not one of streams",
            "'{0}' has [Connector], but no stream can have it: let it derive from SourceAttribute or SinkAttribute"),
        Error(
            "PEN551",
            "Connector attribute has no format",
            "'{0}' does not say what its rows are: give it a property 'Format' of type MessageFormat, or of type FileFormat where the "
                + "rows are those of files"),
        Error(
            "PEN552",
            "Factory of a connector cannot be called",
            "'{0}' cannot make what '{1}' stands for: {2}. Declare the method as '{3}'."),
        Error(
            "PEN553",
            "Default of a connector's option is not declared",
            "The default of '{0}' is not visible to pipelines, which take {1}: declare it by {2}"),
        Error("PEN554", "Connector does not have this format", "[{0}] has no {1}: {2}"),
    ];

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = Table.ToDictionary(static rule => rule.Id);

    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [.. Table];

    public static DiagnosticDescriptor Get(string id) => ById[id];

    public static bool IsError(string id) => ById[id].DefaultSeverity == DiagnosticSeverity.Error;

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Info);

    /// <summary>An error that is known only when all of the program is.</summary>
    private static DiagnosticDescriptor AtEnd(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error, WellKnownDiagnosticTags.CompilationEnd);

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity,
        params string[] tags) => new(
        id,
        title,
        message,
        id[3] switch
        {
            '0' => "Penstock.Declarations",
            '1' => "Penstock.Topology",
            '2' => "Penstock.Time",
            '3' => "Penstock.State",
            '4' => "Penstock.Sql",
            _ => "Penstock.Connectors",
        },
        severity,
        isEnabledByDefault: true,
        helpLinkUri: $"{HelpRoot}{id}.md",
        customTags: tags);
}
