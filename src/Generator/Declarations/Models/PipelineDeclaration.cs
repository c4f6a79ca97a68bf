using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>A class with <c>[Pipeline]</c> as written, which may be invalid.</summary>
/// <param name="Name">The name of the pipeline: declared, or the name of the class.</param>
/// <param name="Streams">The streams in source order.</param>
/// <param name="TakenNames">The names of members that are not streams, which generated members must avoid.</param>
/// <param name="StrayMember">A member that only operators can have, or null.</param>
/// <param name="RemovedState">The ids of removed operators and sources, whose saved state is dropped.</param>
internal sealed record PipelineDeclaration(
    ClassDeclaration Class,
    string Name,
    EquatableArray<StreamDeclaration> Streams,
    EquatableArray<string> TakenNames,
    string? StrayMember,
    EquatableArray<string> RemovedState)
{
    /// <summary>The number of subtasks of each task; null if not set.</summary>
    public int? Parallelism { get; init; }

    /// <summary>How far its sources may be ahead of each other in event time, as written; null if not set.</summary>
    public string? MaxDrift { get; init; }

    /// <summary>Whether its results must not depend on the clock.</summary>
    public bool IsDeterministic { get; init; }

    /// <summary>The methods with <c>[Watermark]</c>.</summary>
    public EquatableArray<WatermarkDeclaration> Watermarks { get; init; } = EquatableArray<WatermarkDeclaration>.Empty;
}

/// <summary>A method with <c>[Watermark]</c>, which decides the watermarks of a stream.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Overload">The index of the method among those with its name.</param>
/// <param name="Stream">The stream that the attribute names.</param>
/// <param name="Problem">Why generated code cannot call it, or null.</param>
/// <param name="Place">The index of the parameter with the problem; -1 for the return type, and -2 for the method itself.</param>
/// <param name="Row">The type of its first parameter; null if there is none.</param>
/// <param name="Reads">The members of the row that it reads.</param>
internal sealed record WatermarkDeclaration(
    string Method,
    int Overload,
    string? Stream,
    string? Problem,
    int Place,
    TypeRef? Row,
    RowReads Reads);

/// <summary>A stream property.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Accessibility">Its accessibility modifiers, as written.</param>
/// <param name="DeclaredType">Its type, as a second part must repeat it; empty if the type does not exist.</param>
/// <param name="IsPartial">Whether the generator can write its body.</param>
/// <param name="Problem">What is wrong with its form, or null.</param>
/// <param name="Row">The row type; null if the property is not a <c>Stream&lt;T&gt;</c>.</param>
/// <param name="Part">Its second part; null if it needs none.</param>
/// <param name="Keys">The <c>[KeyBy]</c> on the property, for the rows of each input of its operator; empty if there is none.</param>
/// <param name="OperatorKeys">The <c>[KeyBy]</c> of its operator for each input, as this assembly sees it; for an operator without a class,
/// the whole row if it can be the key; or empty.</param>
internal sealed record StreamDeclaration(
    string Property,
    EquatableArray<string> Accessibility,
    TypeName DeclaredType,
    bool IsPartial,
    string? Problem,
    TypeRef? Row,
    EquatableArray<ProducerDeclaration> Producers,
    EventTimeDeclaration? EventTime,
    EquatableArray<KeyDeclaration> Keys,
    EquatableArray<KeyDeclaration> OperatorKeys,
    EquatableArray<SinkDeclaration> Sinks,
    PropertyPart? Part)
{
    /// <summary>How its rows are serialized; null if the property is not a <c>Stream&lt;T&gt;</c>.</summary>
    public ValueModel? RowValue { get; init; }

    /// <summary>The member by which an operator without a class orders rows, as a key of one member; null if it names none.</summary>
    public KeyDeclaration? Order { get; init; }

    /// <summary>Whether it has <c>[IngestionTime]</c>.</summary>
    public bool HasIngestionTime { get; init; }

    /// <summary>The <c>[Parallelism]</c> on the property; null if there is none.</summary>
    public int? Parallelism { get; init; }

    public string Id => Producers.Select(static producer => producer.Id).FirstOrDefault(static id => id != null) ?? Property;
}

/// <summary>An attribute that declares the producer of a stream.</summary>
/// <param name="Id">The id of the stream in the attribute, or null.</param>
/// <param name="Inputs">The streams that it names.</param>
internal abstract record ProducerDeclaration(string? Id, EquatableArray<string> Inputs)
{
    /// <summary>The attribute as written, on one line.</summary>
    public string Written { get; init; } = "";

    protected static EquatableArray<string> Single(string? input) => input == null ? EquatableArray<string>.Empty : new([input]);
}

internal sealed record ApplyDeclaration(
    string? Id,
    EquatableArray<string> Inputs,
    TypeRef? OperatorType,
    OperatorDeclaration? Operator)
    : ProducerDeclaration(Id, Inputs)
{
    /// <summary>The preferred input in the attribute; null if there is none.</summary>
    public string? Preferred { get; init; }
}

/// <summary>An operator without a class, such as a union.</summary>
/// <param name="Options">The values of the attribute that its kind reads.</param>
internal sealed record StreamOperatorDeclaration(string? Id, StreamKind Kind, EquatableArray<string> Inputs, WrittenAttribute Options)
    : ProducerDeclaration(Id, Inputs)
{
    /// <summary>The preferred input in the attribute; null if there is none.</summary>
    public string? Preferred { get; init; }

    /// <summary>The attribute as its kind checks it.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="producer">The index of the attribute among the producers of the stream.</param>
    public WrittenStream On(StreamDeclaration stream, int producer) => new(stream.Property, producer, Inputs, Preferred, Options);
}

internal sealed record SideOutputDeclaration(string? Id, string? Stream, string? Output) : ProducerDeclaration(Id, Single(Stream));

internal sealed record SourceDeclaration(string? Id, ConnectorDeclaration Connector)
    : ProducerDeclaration(Id, EquatableArray<string>.Empty);

/// <summary>An attribute that declares a sink of a stream.</summary>
internal sealed record SinkDeclaration(string? Id, ConnectorDeclaration Connector)
{
    /// <summary>The attribute as written, on one line.</summary>
    public string Written { get; init; } = "";
}

/// <summary>The connector of a source or a sink.</summary>
internal abstract record ConnectorDeclaration
{
    /// <summary>The string options that the compiler can check; empty for Penstock's own connectors, which have their own rules.</summary>
    public EquatableArray<OptionDeclaration> Options { get; init; } = EquatableArray<OptionDeclaration>.Empty;

    /// <summary>What its attribute is called.</summary>
    public string Attribute { get; init; } = "";

    /// <summary>Whether its attribute has a path, which is empty.</summary>
    public bool LacksPath { get; init; }

    /// <summary>Whether its attribute lets users say how a sink writes updates.</summary>
    public bool CanSetChangelog { get; init; } = true;

    /// <summary>Whether it is a sink that reads event times.</summary>
    public bool ReadsTimes { get; init; }

    /// <summary>Whether it is a sink that takes rows that replace or delete earlier ones.</summary>
    public bool AcceptsUpdates { get; init; }

    /// <summary>The columns that its class asks for; null where it does not.</summary>
    public RowDeclaration? Asked { get; init; }

    /// <summary>Whether it hands over columns, or takes them, in the place of rows.</summary>
    public bool HasColumns { get; init; }

    /// <summary>What messages call the class of its objects.</summary>
    public string ClassName { get; init; } = "";
}

/// <summary>An option of a connector of another package, given as a constant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The required form of its value.</param>
/// <param name="Text">Its value.</param>
/// <param name="Lacking">The setting without which it has no effect, as it would be written; null if that is set, or if there is
/// none.</param>
/// <param name="Begin">For an option that is the end of a range, the option that is its start; null if there is none, or if it has no
/// effect.</param>
/// <param name="BeginText">The value of the start.</param>
internal sealed record OptionDeclaration(string Name, OptionText Kind, string Text, string? Lacking, string? Begin, string? BeginText);

/// <summary>The required form of an option's value. The values equal those of <c>ConnectorOptionFormat</c>.</summary>
internal enum OptionText
{
    Instant,
    Offsets,
}

/// <summary>A file. Sizes and formats are as written.</summary>
/// <param name="Format">The declared format; Unknown for Auto.</param>
/// <param name="Delimiter">The delimiter.</param>
/// <param name="Size">The split or roll size; null for the default.</param>
/// <param name="BadRows">What to do with bad rows.</param>
/// <param name="Rows">The columns.</param>
internal sealed record FileDeclaration(
    string? Path,
    FileRowFormat Format,
    char Delimiter,
    string? Size,
    BadRowHandling BadRows,
    RowDeclaration Rows) : ConnectorDeclaration
{
    /// <summary>Whether quoted fields may contain line breaks.</summary>
    public bool MultiLine { get; init; } = true;

    /// <summary>The options that are set but apply only to CSV.</summary>
    public EquatableArray<string> CsvOptions { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The interval at which a source looks for new files; null if it does not.</summary>
    public string? Poll { get; init; }

    /// <summary>The package of the connector; null for Penstock's own files.</summary>
    public PackageModel? Package { get; init; }

    /// <summary>The only format that the connector has; Unknown where it has both.</summary>
    public FileRowFormat OnlyFormat { get; init; }

    /// <summary>Whether the format is given, and does not follow from the path.</summary>
    public bool IsFormatGiven { get; init; }

    /// <summary>Whether the attribute lets users give the format.</summary>
    public bool CanSetFormat { get; init; } = true;

    /// <summary>How a sink writes updates.</summary>
    public ChangelogFormat Changelog { get; init; }
}

/// <summary>Messages of a connector of another package.</summary>
/// <param name="Format">The format of the value.</param>
/// <param name="Key">The member that contains the key, or null.</param>
/// <param name="Tombstone">The member that marks a tombstone, or null.</param>
/// <param name="BadRows">What to do with bad rows.</param>
/// <param name="Rows">The columns, including those outside of the value.</param>
/// <param name="Known">The metadata that the connector has.</param>
/// <param name="IsPackable">Whether MemoryPack can serialize the row type.</param>
internal sealed record MessageDeclaration(
    PackageModel Package,
    MessageRowFormat Format,
    string? Key,
    string? Tombstone,
    BadRowHandling BadRows,
    RowDeclaration Rows,
    EquatableArray<KnownMetadata> Known,
    bool IsPackable) : ConnectorDeclaration
{
    /// <summary>How a sink writes updates.</summary>
    public ChangelogFormat Changelog { get; init; }
}

/// <summary>Metadata of a message that a connector has.</summary>
/// <param name="Name">The name, or its beginning followed by <c>*</c>.</param>
/// <param name="Types">The types that a member may have, as written; empty for strings and bytes.</param>
/// <param name="IsReadOnly">Whether no sink writes it.</param>
internal sealed record KnownMetadata(string Name, EquatableArray<string> Types, bool IsReadOnly);

/// <summary>A class of the user.</summary>
/// <param name="IsContract">Whether it implements the interface for the row type of the stream.</param>
/// <param name="Implements">The row types for which it implements the interface, as a string.</param>
internal sealed record CustomDeclaration(TypeRef Type, bool IsContract, string Implements, CreationDeclaration Creation)
    : ConnectorDeclaration;

/// <summary>An attribute of a connector that this version does not know.</summary>
internal sealed record UnknownConnectorDeclaration : ConnectorDeclaration;

/// <summary>An <c>[EventTime]</c>.</summary>
/// <param name="MemberType">The type of the member; null if the row has no such member.</param>
/// <param name="IsInstant">Whether the type can be event time.</param>
internal sealed record EventTimeDeclaration(
    string? Member,
    string? MemberType,
    bool IsInstant,
    string? MaxDelay,
    string? Idle,
    EquatableArray<string> Candidates)
{
    /// <summary>Whether the type is a number that counts a unit since 1970.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether the unit is set.</summary>
    public bool HasUnit { get; init; }

    /// <summary>The unit by its name in the enum; null if it is not set or is not a value of the enum.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether the member may be null.</summary>
    public bool IsNullable { get; init; }

    /// <summary>What to do with a row whose member is null, which may be no value of the enum; null if it is not set.</summary>
    public NullTimeHandling? OnNull { get; init; }
}

/// <summary>The columns of a row type.</summary>
/// <param name="Model">The row for codecs.</param>
/// <param name="IsConstructible">Whether a row can be created from its columns.</param>
/// <param name="Unsupported">The member and type of the first column that no codec supports, or null.</param>
/// <param name="Duplicate">The first column whose name another column also has, or null.</param>
/// <param name="BadFormat">The first member that has a format although its type takes none, or whose format is null; or null.</param>
internal sealed record RowDeclaration(
    RowModel Model,
    bool IsConstructible,
    string? Unsupported,
    DuplicateColumn? Duplicate,
    string? BadFormat)
{
    /// <summary>The first member, with its type, whose values cannot be created from their members; or null.</summary>
    public string? NotConstructible { get; init; }

    /// <summary>The first member with a unit that cannot have one, or null.</summary>
    public string? BadUnit { get; init; }

    /// <summary>The first member whose unit is not a value of <c>TimeUnit</c>, or null.</summary>
    public string? UnknownUnit { get; init; }

    /// <summary>The member and type of the first settable member that no codec supports and that rows do not require, or null.</summary>
    public string? LeftOut { get; init; }

    /// <summary>
    /// If there are no columns, why the members are not columns, as the end of a sentence; null if there are no members either.
    /// </summary>
    public string? Columnless { get; init; }

    /// <summary>The first member that always has its default value, because nothing can set it; or null.</summary>
    public string? Unset { get; init; }

    /// <summary>The formats of columns that cannot read what they write, or cannot write.</summary>
    public EquatableArray<UselessFormat> UselessFormats { get; init; } = EquatableArray<UselessFormat>.Empty;

    /// <summary>A naming policy that does not exist, or null.</summary>
    public string? BadNaming { get; init; }
}

/// <summary>Two columns with the same name.</summary>
/// <param name="Row">The type that has them, as named in messages.</param>
internal sealed record DuplicateColumn(string Row, string Name);

/// <summary>A format of a column that cannot be used.</summary>
/// <param name="Path">The member, as named in messages.</param>
/// <param name="Member">The member of the row; null for a member of an object inside the row.</param>
/// <param name="Type">Its type.</param>
/// <param name="Format">The format.</param>
/// <param name="Fault">Why it cannot be used.</param>
/// <param name="Open">For <see cref="FormatFault.Digits"/>, the field whose end cannot be determined; otherwise null.</param>
internal sealed record UselessFormat(string Path, string? Member, string Type, string Format, FormatFault Fault, string? Open);
