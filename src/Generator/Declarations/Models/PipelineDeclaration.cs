using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>A class with <c>[Pipeline]</c>, as it was written: not yet known to be right.</summary>
/// <param name="Name">The name of the pipeline: declared, or that of the class.</param>
/// <param name="Streams">The streams in the order of the code.</param>
/// <param name="TakenNames">The names of members that are no streams; generated members avoid them.</param>
/// <param name="StrayMember">A member that only operators can have, or null.</param>
/// <param name="RemovedState">The ids of what the pipeline had once, and whose saved state is dropped.</param>
internal sealed record PipelineDeclaration(
    ClassDeclaration Class,
    string Name,
    EquatableArray<StreamDeclaration> Streams,
    EquatableArray<string> TakenNames,
    string? StrayMember,
    EquatableArray<string> RemovedState)
{
    /// <summary>How many subtasks each task has; null where it is not given.</summary>
    public int? Parallelism { get; init; }

    /// <summary>How far its sources may be ahead of each other, as written; null where it is not given.</summary>
    public string? MaxDrift { get; init; }
}

/// <summary>A stream property.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Accessibility">The modifiers of its accessibility, as written.</param>
/// <param name="DeclaredType">Its type, as a second part has to repeat it; none when there is no such type.</param>
/// <param name="IsPartial">Whether the generator can write its body.</param>
/// <param name="Obstacle">What is wrong with its form, or null.</param>
/// <param name="Row">The row type; null when the property is no <c>Stream&lt;T&gt;</c>.</param>
/// <param name="Part">Its second part; null when it needs none.</param>
/// <param name="Key">The <c>[KeyBy]</c> on the property, against the input rows of its operator; or null.</param>
/// <param name="OperatorKey">The <c>[KeyBy]</c> on its operator, as this assembly sees it; or null.</param>
internal sealed record StreamDeclaration(
    string Property,
    EquatableArray<string> Accessibility,
    TypeName DeclaredType,
    bool IsPartial,
    string? Obstacle,
    TypeRef? Row,
    EquatableArray<ProducerDeclaration> Producers,
    EventTimeDeclaration? EventTime,
    KeyDeclaration? Key,
    KeyDeclaration? OperatorKey,
    EquatableArray<SinkDeclaration> Sinks,
    PropertyPart? Part)
{
    /// <summary>How its rows are written; null when the property is no <c>Stream&lt;T&gt;</c>.</summary>
    public ValueModel? RowValue { get; init; }

    /// <summary>The <c>[Parallelism]</c> on the property; null where there is none.</summary>
    public int? Parallelism { get; init; }

    public string Id => Producers.Select(static producer => producer.Id).FirstOrDefault(static id => id != null) ?? Property;
}

/// <summary>An attribute that says where a stream comes from.</summary>
/// <param name="Id">The id that it gives the stream, or null.</param>
/// <param name="Inputs">The streams that it names.</param>
internal abstract record ProducerDeclaration(string? Id, EquatableArray<string> Inputs)
{
    /// <summary>The attribute as it is written, on one line.</summary>
    public string Written { get; init; } = "";

    protected static EquatableArray<string> Single(string? input) => input == null ? EquatableArray<string>.Empty : new([input]);
}

internal sealed record ApplyDeclaration(string? Id, string? Input, TypeRef? OperatorType, OperatorDeclaration? Operator)
    : ProducerDeclaration(Id, Single(Input));

/// <summary>An operator without a class, such as a union.</summary>
internal sealed record StreamOperatorDeclaration(string? Id, StreamKind Kind, EquatableArray<string> Inputs)
    : ProducerDeclaration(Id, Inputs)
{
    /// <summary>The input that goes first, as the attribute says; null where it says nothing.</summary>
    public string? Preferred { get; init; }
}

internal sealed record SideOutputDeclaration(string? Id, string? Stream, string? Output) : ProducerDeclaration(Id, Single(Stream));

internal sealed record SourceDeclaration(string? Id, ConnectorDeclaration Connector)
    : ProducerDeclaration(Id, EquatableArray<string>.Empty);

/// <summary>An attribute that says where a stream is delivered.</summary>
internal sealed record SinkDeclaration(string? Id, ConnectorDeclaration Connector)
{
    /// <summary>The attribute as it is written, on one line.</summary>
    public string Written { get; init; } = "";
}

/// <summary>A way in or out.</summary>
internal abstract record ConnectorDeclaration
{
    /// <summary>The options with a text that the compiler knows how to check; none for Penstock's own, whose rules are known.</summary>
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
    public bool TakesUpdates { get; init; }

    /// <summary>The columns that its class asks for; null where it does not.</summary>
    public RowDeclaration? Asked { get; init; }

    /// <summary>Whether it hands over columns, or takes them, in the place of rows.</summary>
    public bool HasColumns { get; init; }

    /// <summary>What messages call the class of its objects.</summary>
    public string ClassName { get; init; } = "";
}

/// <summary>An option of a connector of another package, given as a constant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its text must be.</param>
/// <param name="Text">Its text.</param>
/// <param name="Lacking">What must be set for it to mean anything, as it is written; null when it is set, or nothing must be.</param>
/// <param name="Begin">The option that is the begin of what this one is the end of; null when there is none, or it has no effect.</param>
/// <param name="BeginText">The text of that one.</param>
internal sealed record OptionDeclaration(string Name, OptionText Kind, string Text, string? Lacking, string? Begin, string? BeginText);

/// <summary>What the text of an option must be: the values of <c>ConnectorText</c>.</summary>
internal enum OptionText
{
    Instant,
    Offsets,
}

/// <summary>A file; sizes and formats are still text.</summary>
/// <param name="Format">The declared format; Unknown for Auto.</param>
/// <param name="Delimiter">The delimiter.</param>
/// <param name="Size">The split or roll size, or null for the default.</param>
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
    /// <summary>Whether fields in quotes may hold line ends.</summary>
    public bool MultiLine { get; init; } = true;

    /// <summary>The options that are given and mean something for CSV alone.</summary>
    public EquatableArray<string> CsvOptions { get; init; } = EquatableArray<string>.Empty;

    /// <summary>How often a source looks for new files, or null when it does not.</summary>
    public string? Poll { get; init; }

    /// <summary>The package whose files they are; null for Penstock's own.</summary>
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
/// <param name="Key">The member that is the key, or null.</param>
/// <param name="Tombstone">The member that says that a message has no value, or null.</param>
/// <param name="BadRows">What to do with bad rows.</param>
/// <param name="Rows">The columns, those beside the value included.</param>
/// <param name="Known">What the connector knows of a message besides its value.</param>
/// <param name="IsPackable">Whether MemoryPack can write the row type.</param>
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

/// <summary>What a connector knows of a message besides its value.</summary>
/// <param name="Name">The name, or what it begins with and <c>*</c>.</param>
/// <param name="Types">The types that a member may have, as they are written; none where it is text or bytes.</param>
/// <param name="IsReadOnly">Whether no sink writes it.</param>
internal sealed record KnownMetadata(string Name, EquatableArray<string> Types, bool IsReadOnly);

/// <summary>A class of the user's.</summary>
/// <param name="IsContract">Whether it implements the interface for the row type of the stream.</param>
/// <param name="Implements">The row types for which it implements the interface, as text.</param>
internal sealed record CustomDeclaration(TypeRef Type, bool IsContract, string Implements, CreationDeclaration Creation)
    : ConnectorDeclaration;

/// <summary>An attribute of a connector that this version knows nothing of.</summary>
internal sealed record UnknownConnectorDeclaration : ConnectorDeclaration;

/// <summary>An <c>[EventTime]</c>.</summary>
/// <param name="MemberType">The type of the member; null when the row has none of this name.</param>
/// <param name="IsInstant">Whether the type is one that event time can have.</param>
internal sealed record EventTimeDeclaration(
    string? Member,
    string? MemberType,
    bool IsInstant,
    string? MaxDelay,
    string? Idle,
    EquatableArray<string> Candidates)
{
    /// <summary>Whether the type is a number, which counts a unit since 1970.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Whether the unit is given.</summary>
    public bool HasUnit { get; init; }

    /// <summary>The unit as the enum names it; null when it is not given, or no value of the enum.</summary>
    public string? Unit { get; init; }
}

/// <summary>The columns of a row type.</summary>
/// <param name="Model">The row as codecs see it.</param>
/// <param name="IsConstructible">Whether a row can be made from its columns.</param>
/// <param name="Unsupported">The member and type of the first column that no codec can handle, or null.</param>
/// <param name="Duplicate">The first column whose name another one has, too; or null.</param>
/// <param name="BadFormat">The first member whose type takes no format, or whose format is no text; or null.</param>
internal sealed record RowDeclaration(
    RowModel Model,
    bool IsConstructible,
    string? Unsupported,
    DuplicateColumn? Duplicate,
    string? BadFormat)
{
    /// <summary>The first member whose type is one of which no value can be made from its members, with this type; or null.</summary>
    public string? Unmade { get; init; }

    /// <summary>The first member that has a unit and takes none, or null.</summary>
    public string? BadUnit { get; init; }

    /// <summary>The first member whose unit is no value of <c>TimeUnit</c>, or null.</summary>
    public string? UnknownUnit { get; init; }

    /// <summary>The member and type of the first settable member that no codec can handle and that rows can do without, or null.</summary>
    public string? LeftOut { get; init; }

    /// <summary>
    /// Where there is no column: why the members are none, as the end of a sentence; null where there are no members either.
    /// </summary>
    public string? Columnless { get; init; }

    /// <summary>The first member that always has its default, since nothing can set it; or null.</summary>
    public string? Unset { get; init; }

    /// <summary>The formats of columns with which nothing can be read as it was written, or not even written.</summary>
    public EquatableArray<UselessFormat> UselessFormats { get; init; } = EquatableArray<UselessFormat>.Empty;

    /// <summary>The naming policy that there is none of, or null.</summary>
    public string? BadNaming { get; init; }
}

/// <summary>Two columns of one name.</summary>
/// <param name="Row">The type that has them, as messages call it.</param>
internal sealed record DuplicateColumn(string Row, string Name);

/// <summary>A format of a column that is of no use.</summary>
/// <param name="Path">The member, as messages call it.</param>
/// <param name="Member">The member of the row; null where it is one of an object inside of the row.</param>
/// <param name="Type">Its type.</param>
/// <param name="Format">The format.</param>
/// <param name="Fault">Why it is of no use.</param>
/// <param name="Open">For <see cref="FormatFault.Digits"/>: the field of which it cannot be told where it ends; else null.</param>
internal sealed record UselessFormat(string Path, string? Member, string Type, string Format, FormatFault Fault, string? Open);
