using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Findings;

/// <summary>All diagnostics of Penstock in one table. Each has a page in docs/diagnostics.</summary>
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
        Error("PEN004", "Property is not a stream", "'{0}' has stream attributes but is of type '{1}': change its type to 'Stream<T>'"),
        Error(
            "PEN005",
            "Class cannot be extended by generated code",
            "'{0}' is {1}: declare it as an ordinary partial class that is internal or public"),
        Error("PEN006", "Operator has no behaviour", "Operator '{0}' has no behaviour: add {1}"),
        Error(
            "PEN007",
            "Operator has several behaviours",
            "Operator '{0}' already gets its behaviour from '{1}': move '{2}' to another operator"),
        Error("PEN008", "Method has the wrong signature", "[{0}] method '{1}' cannot be called: {2}. Declare it as '{3}'."),
        Error("PEN009", "Window operator is incomplete", "Operator '{0}' is missing its {1}: add '{2}'"),
        Error("PEN010", "Class cannot be created", "'{0}' cannot be created: {1}"),
        Error(
            "PEN011",
            "Constructor parameter cannot be injected",
            "The constructor of '{0}' receives services, but '{1}' cannot be a service: use a class or an interface, such as options"),
        Error("PEN012", "Member name is reserved", "Generated code needs the name '{0}': rename the member"),
        Error("PEN013", "Type cannot be used in generated code", "'{0}' is {1}"),
        Error(
            "PEN014",
            "Pipeline has no streams",
            "Pipeline '{0}' has no streams: add a 'public partial Stream<T> Name {{ get; }}' with a source"),
        Error(
            "PEN015",
            "Attribute in the wrong class",
            "'{0}' has an attribute that has an effect only in a class with {1}: move the member to such a class, or remove the "
                + "attribute"),
        Error(
            "PEN016",
            "Key on a stream without an operator",
            "'{0}' has [KeyBy] but applies no operator: put [KeyBy] on an operator, or on a stream with [Apply], "
                + "[Distinct], [KeepFirst], [KeepLast] or [SortByTime]"),
        Error(
            "PEN017",
            "Stream id is not unique",
            "Another stream of this pipeline already has the id '{0}' (case is ignored): give one of them another Id"),
        Error(
            "PEN018",
            "Name is not valid",
            "'{0}' is not a valid name, because names occur in configuration keys and file names: use valid Unicode without ':', '/', "
                + "'\\' and control characters, and at least one character"),
        Error("PEN019", "Applied class is not an operator", "'{0}' is not an operator: mark it with [Operator]"),
        Error(
            "PEN020",
            "Referenced operator has no usable contract",
            "Operator '{0}' comes from an assembly that was built without the Penstock generator, or with a newer version of it: build "
                + "it with this version"),
        Error(
            "PEN021",
            "Partial property without an attribute",
            "'{0}' has no body, and no attribute that tells the compiler what to generate: {1}"),
        Error(
            "PEN022",
            "Operator cannot merge its state",
            "{1} of '{0}' merges the states of parts of a window: add a [Merge] method, '{2}'"),

        Error("PEN023", "Option of a method is out of range", "{0} of method '{1}' is {2}, but must be {3}"),

        // Topology
        Error("PEN101", "Unknown stream", "This pipeline has no stream '{0}'{1}"),
        Error(
            "PEN102",
            "Stream has no producer",
            "Nothing produces stream '{0}': add a source, an [Apply<T>], a [Union], a [Distinct], a [KeepFirst], a [KeepLast], a "
                + "[SortByTime] or a [SideOutput]"),
        Error("PEN103", "Stream has several producers", "Stream '{0}' already has a producer: declare another stream for this one"),
        Error("PEN104", "Streams form a cycle", "These streams read each other in a cycle, so none of them receives rows: {0}"),
        Error(
            "PEN105",
            "Operator takes rows of another type",
            "Operator '{0}' takes rows of type '{1}'{4}, but stream '{2}' has rows of type '{3}'"),
        Error(
            "PEN106",
            "Operator emits rows of another type",
            "Stream '{0}' has rows of type '{1}', but operator '{2}' emits rows of type '{3}'"),
        Warning("PEN107", "Stream is not used", "Nothing reads stream '{0}': add a sink, apply an operator to it, or remove it"),
        Error("PEN108", "Unknown key member", "'{0}' is not a member of '{1}' that generated code can read{2}"),
        Error(
            "PEN109",
            "Key has no stable hash",
            "'{0}' of type '{1}' cannot be a key, because its hash or equality is not the same everywhere: use an integer, a string, a "
                + "date or time, a Guid, decimal, bool or an enum"),
        Error(
            "PEN110",
            "Operator needs a key",
            "Operator '{0}' keeps state by key, but neither it nor stream '{1}' has a key: add [KeyBy(nameof(Row.Member))] to one of "
                + "them"),
        Error(
            "PEN111",
            "Key on an operator without keyed state",
            "Operator '{0}' is a [{1}] operator, which processes each row on its own: remove [KeyBy]"),
        Error("PEN112", "Key member occurs twice", "'{0}' is already part of the key: remove one of the two"),
        Error(
            "PEN113",
            "Window has another key type",
            "The [{3}] method of operator '{0}' takes '{4}<{1}>', but the key is of type '{2}'"),
        Error("PEN114", "Unknown side output", "Stream '{1}' has no side output '{0}'{2}"),
        Error(
            "PEN115",
            "Side output has rows of another type",
            "Stream '{0}' has rows of type '{1}', but side output '{2}' has rows of type '{3}'"),
        Error("PEN116", "Key is declared twice", "Operator '{0}' already declares its key: remove one of the two [KeyBy]"),
        Error(
            "PEN117",
            "Key has too many members",
            "A key can have at most 7 members, but this one has {0}: add a member to the row that combines several of them"),
        Error(
            "PEN118",
            "Operator would count updates as new rows",
            "Operator '{0}' treats every row as new, but stream '{1}' ({2}) {3}: {4}"),
        Error("PEN119", "Stream has no bad rows", "'{0}' reads the bad rows of stream '{1}', but only sources have bad rows"),

        Error(
            "PEN120",
            "Flat map cannot take updates",
            "Operator '{0}' emits any number of rows for each row of stream '{1}' ({2}), so the rows that it emitted for a replaced row "
                + "cannot be withdrawn: {3} or write the stream to a sink"),
        Error(
            "PEN121",
            "Map loses the key of updates",
            "Operator '{0}' drops the {1} ({2}) of {3}, so a new version cannot be matched with the row that it replaces: keep it in the "
                + "row, or {4}"),
        Error(
            "PEN122",
            "Union of fewer than two streams",
            "Union '{0}' needs at least two streams, but names {1}: add the others, or read the stream itself"),
        Error("PEN123", "Stream is named twice as an input", "'{0}' is already an input of {1}: remove one of the two"),
        Error(
            "PEN132",
            "Preferred stream is not an input",
            "Prefer names '{0}', which is not an input of '{1}': name one of its inputs, or remove Prefer"),
        Error(
            "PEN133",
            "Row cannot be a key as a whole",
            "'{0}' has no [KeyBy], so its key is the whole row, but a '{1}' cannot be a key, because {2}: add "
                + "[KeyBy(nameof(Row.Member))]"),
        Error("PEN134", "Unknown member to order rows", "'{0}' is not a member of '{1}' that generated code can read{2}"),
        Error(
            "PEN135",
            "Member cannot order rows",
            "'{0}' of type '{1}' cannot order rows: use an integer, a string, a date or time, a Guid, decimal, bool or an enum"),
        Error(
            "PEN137",
            "Operator has another number of inputs",
            "Operator '{0}' has {1}, but stream '{2}' names {3}: name a stream for each {4}, in their order ({5})"),
        Error(
            "PEN138",
            "Input has no key",
            "{0} '{1}' has no key, but '{2}' has one: add [KeyBy(nameof({3}.Member))] to it, or put one [KeyBy] on the class "
                + "whose members all rows have"),
        Error(
            "PEN139",
            "Keys of the inputs have different types",
            "The inputs of '{0}' share state by key, but the key of '{1}' rows is of type '{2}', and that of '{3}' rows of type '{4}': name "
                + "members of the same types in the same order"),
        Error(
            "PEN140",
            "Key on a method without an input",
            "[KeyBy] has no effect on method '{0}': put it on the class, on a [Process] method, or on a parameter of a [Match] method"),
        Error(
            "PEN141",
            "Order of the inputs is not defined",
            "The inputs of operator '{0}' have the order of its [{1}] methods, but '{2}' is in another part of the class than '{3}': "
                + "put them in one part"),
        Error(
            "PEN142",
            "Method for unmatched rows has no input",
            "[{0}] method '{1}' takes '{2}' rows, {3}: have at most one for the unmatched rows of each input ({4})"),
        Error(
            "PEN143",
            "Results of a join have different types",
            "[{0}] method '{1}' returns '{2}', but [{3}] method '{4}' returns '{5}': all results of a join are rows of one stream, so "
                + "return the same type"),
        Error("PEN144", "Join without the results that it asks for", "Join '{0}' {1}"),
        Error(
            "PEN124",
            "Union cannot take updates",
            "Stream '{0}' {1}, and in a union the new version cannot be matched with the row that it replaces: {2}"),
        Warning(
            "PEN125",
            "Side output has no consumer",
            "Operator '{0}' emits rows to the side output '{1}', but no stream reads it, so they are lost: add a Stream<{3}> with "
                + "[SideOutput(nameof({2}), \"{1}\")]"),
        Error("PEN126", "Parallelism is out of range", "The parallelism of {0} is {1}, but must be 1 to 32,768"),
        Error(
            "PEN127",
            "Parallelism of a side output",
            "Stream '{0}' is a side output of '{1}' and belongs to the same task: put [Parallelism] on '{1}', or on a stream that reads "
                + "'{0}'"),
        Error(
            "PEN128",
            "Updates would lose their order",
            "With [Parallelism], '{0}' begins a task, which can receive the new version of a row of '{1}' before the row that it "
                + "replaces: put [Parallelism] on '{2}', whose task then contains '{0}'{3}"),
        Info(
            "PEN129",
            "Rows cannot be sent to another process",
            "The rows of stream '{0}' have a part that cannot be serialized ({1}), so the pipeline can run in one process only: use "
                + "numbers, strings, dates and times, collections and records of these, or a type with [StateCodec]"),
        Error(
            "PEN331",
            "State in an operator that has none",
            "State '{0}' cannot be declared in an [{1}] operator, which keeps only rows: put it in a [Process] operator that reads its "
                + "results"),
        Error(
            "PEN130",
            "Versions of a row would have different keys",
            "Operator '{0}' is keyed by '{1}', which can differ between two versions of a row of '{2}', so a new version could go to "
                + "another key than the row that it replaces: use only members that are computed from the key of the stream ({3})"),
        Error(
            "PEN136",
            "Rows in flight cannot be saved",
            "Operator '{0}' has rows of stream '{1}' in flight, which are part of checkpoints, and they have a part that cannot be serialized "
                + "({2}): use numbers, strings, dates and times, collections and records of these, or a type with [StateCodec]"),
        Error(
            "PEN131",
            "Key of updates is not in the rows",
            "The rows of stream '{0}' do not show the {1}, which identifies the row that a new version replaces: {2}"),

        // Time and watermarks
        Error("PEN201", "Unknown event time member", "'{0}' is not a member of '{1}' that generated code can read{2}"),
        Error(
            "PEN202",
            "Member cannot be event time",
            "'{0}' of type '{1}' is not a timestamp: use a DateTime, a DateTimeOffset, or a long or int that counts a TimeUnit since "
                + "1970"),
        Error(
            "PEN203",
            "Event time on a derived stream",
            "Stream '{0}' is not read from a source, so it has the event time of its input: put [{1}] on the source"),
        Error(
            "PEN204",
            "Window without event time",
            "Operator '{0}' has event-time windows, but stream '{1}', from which its rows come, has no event time: {2}"),
        Error(
            "PEN205",
            "Invalid duration",
            "'{0}' is not a valid duration: write it as \"500ms\", \"5s\", \"10m\", \"1h30m\", \"7d\" or \"00:10:00\""),
        Error("PEN206", "Duration is out of range", "{0} is '{1}', but must be {2}"),
        Error(
            "PEN207",
            "Stream has no late rows",
            "'{0}' reads the late rows of stream '{1}', but only operators with windows and [SortByTime] have late rows"),
        Warning(
            "PEN208",
            "Event time is a number without a unit",
            "'{0}' of type '{1}' is read as microseconds since 1970: state its unit, such as Unit = TimeUnit.Milliseconds"),
        Error(
            "PEN209",
            "Unit on a column that has none",
            "{0} cannot have a Unit, because only a DateTime or DateTimeOffset without Format can be written as a number since 1970: "
                + "remove Unit"),
        Error(
            "PEN210",
            "Unit of an event time that is not a number",
            "'{0}' of type '{1}' is already a timestamp: remove Unit. If the input has a number, put [Column(Unit = …)] on the member."),
        Error("PEN211", "Unknown time unit", "The Unit of '{0}' is not a value of TimeUnit: use one of its members"),
        Error(
            "PEN212",
            "Union of streams with and without event time",
            "Stream '{0}' has no event time, unlike '{1}' in the same union: {2}"),
        Error(
            "PEN213",
            "Event time may be null",
            "'{0}' of type '{1}' may be null: say what happens to a row without event time, such as OnNull = NullTimePolicy.SideOutput"),
        Error("PEN214", "Event time is never null", "'{0}' of type '{1}' is never null: remove OnNull"),
        Error("PEN215", "Unknown policy for rows without event time", "{0} is not a value of NullTimePolicy: use one of its members"),
        Error(
            "PEN216",
            "Rows without event time have no consumer",
            "Stream '{0}' emits rows without event time to a side output, but no stream reads it: add a stream with the same row type and "
                + "[SideOutput(nameof({0}), SideOutputs.Untimed)]"),
        Error(
            "PEN217",
            "Stream has no rows without event time",
            "'{0}' reads the rows without event time of stream '{1}', which does not emit them to a side output: {2}"),
        Error(
            "PEN218",
            "Stream has two event times",
            "Stream '{0}' has an event time from its rows and one from the clock: remove [IngestionTime] or [EventTime]"),
        Error(
            "PEN219",
            "Deterministic pipeline depends on the clock",
            "Pipeline '{0}' is declared Deterministic, but {1}: {2}, or remove Deterministic"),
        Error(
            "PEN220",
            "Watermarks of a stream without event time",
            "Method '{0}' decides the watermarks of stream '{1}', which has no [EventTime]: name a source stream that has it"),
        Error(
            "PEN221",
            "Stream has two methods for its watermarks",
            "Another method already decides the watermarks of stream '{0}': remove one of them"),
        Error(
            "PEN222",
            "Maximum delay of a stream with its own watermarks",
            "MaxDelay = \"{0}\" has no effect, because method '{2}' decides the watermarks of stream '{1}': remove MaxDelay, and let the "
                + "method return earlier watermarks"),
        Error(
            "PEN223",
            "Watermark method has the wrong signature",
            "Method '{0}' cannot decide watermarks, because {1}: declare it as '{2}'"),
        Error(
            "PEN224",
            "Timers without event time",
            "Operator '{0}' has timers, which fire by event time, but stream '{1}', from which its rows come, has no event time: {2}"),
        Error(
            "PEN225",
            "Methods of an operator have different outputs",
            "[{0}] method '{1}' must have the same outputs as [{2}] method '{3}', in the same order and with the same names: {4}"),
        Error(
            "PEN226",
            "Timers without a method that they call",
            "Operator '{0}' has no timers, because it has no [OnTimer] method: use a [Process] operator with [KeyBy], and add the method"),
        Error(
            "PEN227",
            "Order by event time without event time",
            "'{0}' is [{1}] by event time, but stream '{2}', from which its rows come, has no event time: {3}, or name a member with "
                + "OrderBy"),
        Error(
            "PEN228",
            "Sort by time without event time",
            "'{0}' is [SortByTime], but stream '{1}', from which its rows come, has no event time: {2}"),
        Error(
            "PEN229",
            "Join by time without event time",
            "Operator '{0}' joins rows by event time, but stream '{1}', from which its rows come, has no event time: {2}"),
        Error(
            "PEN230",
            "Interval bounds in the wrong order",
            "The lower bound of the interval is '{0}', and its upper bound '{1}', so no rows meet: swap them"),

        // State
        Error(
            "PEN301",
            "State cannot be saved",
            "State '{0}' has a part that cannot be saved ({1}): use numbers, strings, dates and times, collections and records of these, "
                + "or a type with [StateCodec]"),
        Error("PEN302", "State property has the wrong form", "State '{0}' must be declared as '{2}', but {1}"),
        Error(
            "PEN303",
            "State in an operator without a key",
            "State '{0}' needs a key, but a [{1}] operator has none: make it a [Process] operator with [KeyBy]"),
        Error(
            "PEN304",
            "State type is private",
            "State '{0}' is of type '{1}', which generated code cannot access: make the type internal"),
        AnalyzerError(
            "PEN305",
            "Field would be lost at a restart",
            "'{0}' {1} but is not state, so a restart would lose its value silently: make it [State], {2}, or mark it with [Transient] "
                + "if it may be lost"),
        AnalyzerError(
            "PEN306",
            "Inherited field would be lost at a restart",
            "'{0}' of base class '{1}' {2}, so a restart would silently lose what operator '{3}' keeps in it: keep it in the operator as "
                + "[State], {4}, or mark it with [Transient] if it may be lost"),
        Warning(
            "PEN307",
            "Base class cannot be inspected",
            "Base class '{0}' comes from assembly '{1}', whose private fields the compiler cannot see, so what operator '{2}' keeps in "
                + "them is lost at a restart: mark the operator with [Transient] if it may be lost, or use a field instead of inheriting"),
        Warning(
            "PEN308",
            "Result depends on the clock or on randomness",
            "'{0}' {1}, so operator '{2}' may give other results when rows are processed again after a restart: {3}"),
        Error("PEN310", "Former name cannot be used", "'{0}' cannot be a former name of '{1}', because {2}"),
        Error("PEN311", "Upgrade cannot be called", "[StateUpgrade] method '{0}' cannot be called: {1}"),
        Error(
            "PEN312",
            "Removed state is still there",
            "The pipeline still has '{0}': remove [RemovedState], or give the stream another Id"),
        Warning(
            "PEN314",
            "State may have been renamed",
            "'{0}' is new since the last release, and '{1}' is gone: add [FormerName(\"{1}\")] if it was renamed, or its saved values "
                + "are dropped"),
        Error("PEN315", "State does not match the last release", "The state of '{0}' in the last release cannot be restored, because {1}"),
        Error(
            "PEN316",
            "State of the last release is gone",
            "Pipeline '{0}' no longer has '{1}', whose state is in the last release: give the stream that continues it Id = \"{1}\", or "
                + "add [RemovedState(\"{1}\")]"),
        AtEnd(
            "PEN317",
            "Pipeline of the last release is gone",
            "The program no longer has pipeline '{0}': set the Name of the pipeline that continues it, or delete '{0}' from the lock"),
        AnalyzerError("PEN318", "Lock cannot be read", "'{0}' cannot be read: {1}"),
        Info(
            "PEN319",
            "Lock is older than the program",
            "The state of pipeline '{0}' has changed since the last release, and can be restored: update the lock at the next release "
                + "with dotnet build -t:UpdatePenstockStateLock"),
        Error(
            "PEN320",
            "Map state has an unsupported key type",
            "Map state '{0}' has keys of type '{1}', whose equality is not the same after a restart: use integers, strings, Guids, dates "
                + "and times, enums, or tuples of these"),
        Error(
            "PEN321",
            "Scope without windows",
            "State '{0}' already belongs to the key, because the operator has no windows: remove Scope"),
        Error(
            "PEN322",
            "TTL is not valid",
            "The Ttl of state '{0}' is '{1}': write a duration longer than zero, such as \"24h\" or \"30m\""),
        Error(
            "PEN323",
            "TTL is shorter than the window",
            "The Ttl of state '{0}' ({1}) is shorter than the lifetime of its window ({2}): make it at least {2}, or remove it"),
        Error("PEN324", "TTL option has no effect", "State '{0}' has {1}, which has no effect: {2}"),
        Error(
            "PEN325",
            "TTL by event time without event time",
            "State '{0}' of '{1}' expires by event time, but the rows come from '{2}', which has none: {3}, or use another "
                + "TtlTime"),
        Error(
            "PEN326",
            "Stream id is used by a state",
            "Stream '{1}' saves its map or list '{2}' under the id '{0}': give this stream another Id, or the state another name"),
        Error(
            "PEN327",
            "Map or list cannot be merged",
            "State '{0}' is a {1}, which {2} cannot merge: use a value, a [TumblingWindow], or Scope = StateScope.Key"),
        Error(
            "PEN328",
            "State is never removed",
            "'{0}' is [{1}], which remembers every key: set how long, such as Ttl = \"1d\", or Unbounded = true if the number of keys has a "
                + "limit"),
        Error("PEN329", "Ttl and Unbounded exclude each other", "'{0}' has a Ttl, but Unbounded says that it has none: remove one of the two"),
        Error(
            "PEN330",
            "Rows cannot be kept",
            "'{0}' is [{1}], which keeps rows in state, but they have a part that cannot be saved ({2}): use numbers, strings, dates and "
                + "times, collections and records of these, or a type with [StateCodec]"),

        // Connectors
        Error(
            "PEN501",
            "Unknown file format",
            "{0} does not show the format: {1}"),
        Error(
            "PEN502",
            "Row cannot be read",
            "'{0}' cannot be created from columns: declare it as a positional record, or with a parameterless constructor and settable "
                + "properties"),
        Error(
            "PEN503",
            "Column has an unsupported type",
            "{0} cannot be a column: use numbers, strings, dates and times, Guid, bool, enums or byte[], JsonElement, objects of these, "
                + "arrays, lists, or dictionaries with string keys"),
        Error(
            "PEN504",
            "Column name is not unique",
            "Two columns of '{0}' have the name '{1}', or the name is empty: rename one with [Column(\"name\")]"),
        Error(
            "PEN505",
            "Source does not emit bad rows",
            "'{0}' reads the bad rows of stream '{1}', which does not emit them to a side output: set OnBadRow = BadRowPolicy.SideOutput "
                + "there"),
        Error(
            "PEN506",
            "Bad rows have no consumer",
            "Stream '{0}' emits bad rows to a side output, but no stream reads it: add a Stream<BadRow> with [SideOutput(nameof({0}), "
                + "SideOutputs.BadRows)]"),
        Error("PEN507", "Invalid delimiter", "'{0}' cannot separate fields: use an ASCII character other than a quote or a line break"),
        Error("PEN508", "Invalid size", "'{0}' is not a valid size: write it as \"64KB\", \"32MB\" or \"1GB\""),
        Error(
            "PEN509",
            "Format on a column that has none",
            "{0} cannot have a Format, or its Format is null: only dates and times have a format string"),
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
        Error("PEN514", "Path is empty", "{0} has no path: write one as its argument"),
        Error("PEN515", "Row has no columns", "'{0}' has no columns to write or read: {1}"),
        Error("PEN516", "Unknown policy for bad rows", "{0} is not a value of BadRowPolicy: use one of its members"),
        Error("PEN517", "Two sinks write the same files", "Stream '{1}' already writes '{0}': give each sink another path"),
        Error("PEN519", "Unknown metadata", "'{0}' is for the metadata '{1}', which this connector does not have: {2}"),
        Error("PEN520", "Metadata has another type", "'{0}' holds the metadata '{1}', which is of type {2}, not {3}"),
        Error(
            "PEN521",
            "Metadata cannot be set",
            "The metadata of '{0}' cannot be set after a value was read: declare it as a record or a struct, or with settable properties"),
        Error(
            "PEN522",
            "Raw messages need exactly one value",
            "With the format Raw, exactly one member of '{0}' is the value: mark all others with [Metadata]"),
        Error(
            "PEN523",
            "Row is not MemoryPackable",
            "MemoryPack cannot serialize '{0}': mark it with [MemoryPackable], or choose another format"),
        Error("PEN524", "Key is not a column", "'{0}' has no column '{1}' that can be the key of a message{2}"),
        Error("PEN525", "Unknown message format", "{0} is not a value of MessageFormat: use one of its members"),
        Error("PEN526", "Tombstone is not a bool column", "'{0}' has no column '{1}' of type bool that can mark a message as a tombstone"),
        Warning(
            "PEN527",
            "Metadata is not written",
            "'{0}' holds the metadata '{1}', which no sink writes, so the messages do not contain it: remove it from the row, or write "
                + "it as a column by removing [Metadata]"),
        Warning(
            "PEN528",
            "Member is neither read nor written",
            "{0} has a type that columns cannot have, so it is neither read nor written: mark it with [Column(Ignore = true)], or change "
                + "its type"),
        Error("PEN529", "Unknown naming policy", "{0} is not a value of NamingPolicy: use one of its members"),
        Error("PEN535", "Connector option is not valid", "{0} cannot be '{1}': {2}"),
        Error(
            "PEN536",
            "End is not after the start",
            "{0} = '{1}' is not after {2} = '{3}', so nothing would be read: swap them, or remove one"),
        Warning("PEN537", "Connector option has no effect", "{0} has no effect without {1}: set it, or remove {0}"),
        Error(
            "PEN538",
            "Source reads what a sink writes",
            "Source '{1}' would read the files that the sink '{0}' writes, such as '{2}': give the sink another folder, or the source a "
                + "path that does not match these names"),
        Error("PEN530", "Column format cannot be used", "Format '{1}' of '{0}' {2}: {3}"),
        Warning(
            "PEN531",
            "Row member is never set",
            "{0} always has its default value and is neither read nor written, because it has no public setter and its type does not set "
                + "it: give it a public 'set' or 'init', make it a constructor parameter, or mark it with [Column(Ignore = true)]"),
        Warning(
            "PEN532",
            "Column format has no year",
            "Format '{1}' of '{0}' has no year, so a row gets the year of the day on which it is read: add the year, or read a string "
                + "and parse the date yourself"),
        Error("PEN539", "Sink path is not valid", "'{0}' cannot be the path of a sink: {1}"),
        Error(
            "PEN540",
            "Sink cannot take updates",
            "Sink '{0}' takes only new rows, but in stream '{1}' ({2}) a row replaces the previous one with the same key: {3}, or {4}"),
        Error("PEN541", "Sink cannot write this changelog format", "Sink '{0}' cannot write ChangelogFormat.{1}: it can write {2}"),
        Error(
            "PEN542",
            "Deletes cannot be written as rows",
            "Sink '{0}' writes every version as a row, but stream '{1}' also deletes rows, as filters of updates and sessions do: write what "
                + "each row means, such as with ChangelogFormat.{2}, or filter in the reader"),
        Error(
            "PEN543",
            "Message key does not match the key of the row",
            "The messages of sink '{0}' must have the key of stream '{1}' ({2}), or a message would replace those of other rows, or not "
                + "the one of the previous version: set Key to a member that is computed only from {3}, and from which each of them can "
                + "be recovered"),
        Error(
            "PEN544",
            "Column name of the row kind is taken",
            "'{0}' already has a column '{1}', which the changelog format adds for the kind of each row: rename it with "
                + "[Column(\"name\")], or choose another ChangelogFormat"),
        Error(
            "PEN545",
            "Member cannot be a column",
            "{0}, so it cannot be a column of '{1}': move its values to the row itself, exclude it with [Column(Ignore = true)], or let "
                + "'{1}' take rows instead of columns"),
        Error(
            "PEN550",
            "Connector attribute is not for streams",
            "'{0}' has [Connector] but cannot be put on a stream: derive it from SourceAttribute or SinkAttribute"),
        Error(
            "PEN551",
            "Connector attribute has no format",
            "'{0}' does not define the format of its rows: add a property 'Format' of type MessageFormat, or of type FileFormat if the "
                + "rows are in files"),
        Error(
            "PEN552",
            "Connector factory cannot be called",
            "'{0}' cannot create the connector that '{1}' declares: {2}. Declare the method as '{3}'."),
        Error(
            "PEN553",
            "Default of a connector option is not declared",
            "The default of '{0}' is not visible to pipelines, which use '{1}': declare it with {2}"),
        Error("PEN554", "Connector does not have this format", "[{0}] has no {1}: {2}"),
    ];

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = Table.ToDictionary(static rule => rule.Id);

    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [.. Table];

    public static DiagnosticDescriptor Get(string id) => ById[id];

    public static bool IsError(string id) => ById[id].DefaultSeverity == DiagnosticSeverity.Error;

    // No code is generated for an incorrect class, so no pragma and no option may suppress the reason.
    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error, WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>
    /// An error that only the analyzer knows. The class has generated code, so a program may suppress the error on purpose.
    /// </summary>
    private static DiagnosticDescriptor AnalyzerError(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Info(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Info);

    /// <summary>An error that is reported at the end of the compilation, because it depends on the whole program.</summary>
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
