namespace Penstock.Generator.Plan;

/// <summary>How rows come in or go out.</summary>
internal abstract record ConnectorModel
{
    /// <summary>Whether bad rows go to a side output.</summary>
    public BadRowHandling BadRows { get; init; }
}

internal enum BadRowHandling
{
    Fail,
    Skip,
    SideOutput,
}

internal enum FileRowFormat
{
    /// <summary>Not known: the file name says neither.</summary>
    Unknown,
    Csv,
    JsonLines,
}

internal sealed record FileSourceModel(string Path, FileRowFormat Format, char Delimiter, long SplitSize, RowModel Rows) : ConnectorModel;

internal sealed record FileSinkModel(string Path, FileRowFormat Format, long RollSize, RowModel Rows) : ConnectorModel;

/// <summary>A class of the user's that implements <c>ISource&lt;T&gt;</c> or <c>ISink&lt;T&gt;</c>.</summary>
/// <param name="Type">The fully qualified type.</param>
/// <param name="Name">The short name.</param>
/// <param name="Services">The constructor's parameters.</param>
/// <param name="ReadsTimes">Whether it is a sink that reads the event times of its rows.</param>
internal sealed record CustomConnectorModel(string Type, string Name, EquatableArray<ServiceModel> Services, bool ReadsTimes) : ConnectorModel;

/// <summary>A connector that this build cannot emit.</summary>
internal sealed record UnknownConnectorModel : ConnectorModel;

/// <summary>A constructor parameter.</summary>
/// <param name="Type">The fully qualified type of the service.</param>
/// <param name="Origin">Where its value comes from.</param>
internal sealed record ServiceModel(string Type, ServiceOrigin Origin);

internal enum ServiceOrigin
{
    Required,
    Optional,

    /// <summary>The service provider itself.</summary>
    Provider,
}
