using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>How rows enter or leave a pipeline.</summary>
internal abstract record ConnectorModel
{
    /// <summary>What happens to bad rows.</summary>
    public BadRowHandling BadRows { get; init; }

    /// <summary>How a sink writes updates.</summary>
    public ChangelogFormat Changelog { get; init; }

    /// <summary>What its attribute is called.</summary>
    public string Attribute { get; init; } = "";

    /// <summary>Whether its attribute lets users say how a sink writes updates.</summary>
    public bool CanSetChangelog { get; init; } = true;

    /// <summary>Whether it is a sink that reads the event times of its rows.</summary>
    public bool ReadsTimes { get; init; }

    /// <summary>Whether it is a sink that takes rows that replace or delete earlier ones.</summary>
    public bool AcceptsUpdates { get; init; }

    /// <summary>The columns that its class asks for; null where it does not.</summary>
    public RowModel? Asked { get; init; }

    /// <summary>Whether it hands over columns, or takes them, in the place of rows.</summary>
    public bool HasColumns { get; init; }
}

/// <summary>How a sink writes updates. The values equal those of the enum in the attributes.</summary>
internal enum ChangelogFormat
{
    AppendOnly,
    EveryVersion,
    OpColumn,
    Debezium,
    Upsert,
}

internal enum BadRowHandling
{
    Fail,
    Skip,
    SideOutput,
}

internal enum FileRowFormat
{
    /// <summary>Unknown, because the file name does not show it.</summary>
    Unknown,
    Csv,
    JsonLines,
}

/// <summary>A source that uses a generated reader.</summary>
internal abstract record ReadSourceModel(RowModel Rows) : ConnectorModel;

internal sealed record FileSourceModel(string Path, FileRowFormat Format, char Delimiter, long SplitSize, RowModel Rows)
    : ReadSourceModel(Rows)
{
    /// <summary>Whether quoted fields may contain line breaks.</summary>
    public bool MultiLine { get; init; } = true;

    /// <summary>The interval at which it looks for new files, in microseconds; null if it does not.</summary>
    public long? Poll { get; init; }

    /// <summary>The package of the connector; null for Penstock's own files.</summary>
    public PackageModel? Package { get; init; }
}

internal sealed record FileSinkModel(string Path, FileRowFormat Format, long RollSize, RowModel Rows) : ConnectorModel
{
    /// <summary>The package of the connector; null for Penstock's own files.</summary>
    public PackageModel? Package { get; init; }
}

/// <summary>A source of messages.</summary>
internal sealed record MessageSourceModel(PackageModel Package, MessageRowFormat Format, RowModel Rows) : ReadSourceModel(Rows);

/// <summary>A sink of messages.</summary>
/// <param name="Key">The column that contains the key; null if the row marks it itself, or if there is no key.</param>
/// <param name="Tombstone">The column that marks a message as a tombstone; null if every message has a value.</param>
internal sealed record MessageSinkModel(PackageModel Package, MessageRowFormat Format, string? Key, string? Tombstone, RowModel Rows)
    : ConnectorModel
{
    /// <summary>The column that contains the key of a message; null if there is none.</summary>
    public ColumnModel? KeyColumn => Rows.Columns.FirstOrDefault(column => Key == null ? column.Metadata == "key" : column.Member == Key);
}

/// <summary>What a connector of another package is made by.</summary>
/// <param name="Factory">The class with the methods that create it.</param>
/// <param name="Method">The method that creates it.</param>
/// <param name="Settings">Its attribute, which is made once more.</param>
/// <param name="Label">A short text for people: the first text among its arguments.</param>
internal sealed record PackageModel(TypeName Factory, string Method, AttributeModel Settings, string Label)
{
    /// <summary>Whether the method creates a sink that writes bad rows as they were received, and needs no writer for that.</summary>
    public bool IsForDeadLetters { get; init; }
}

/// <summary>The values are those of <c>MessageFormat</c>.</summary>
internal enum MessageRowFormat
{
    Json,
    Csv,
    Raw,
    MemoryPack,
}

/// <summary>A class of the user that implements <c>ISource&lt;T&gt;</c> or <c>ISink&lt;T&gt;</c>.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The short name.</param>
/// <param name="Services">The constructor's parameters.</param>
internal sealed record CustomConnectorModel(TypeName Type, string Name, EquatableArray<ServiceModel> Services) : ConnectorModel;

/// <summary>Passes the rows of a stream without a sink to a test.</summary>
internal sealed record TapModel : ConnectorModel;

/// <summary>A connector that this build cannot emit.</summary>
internal sealed record UnknownConnectorModel : ConnectorModel;

/// <summary>A constructor parameter.</summary>
/// <param name="Type">The type of the service.</param>
/// <param name="Origin">Where its value comes from.</param>
internal sealed record ServiceModel(TypeName Type, ServiceOrigin Origin);

internal enum ServiceOrigin
{
    Required,
    Optional,

    /// <summary>The service provider itself.</summary>
    Provider,
}
