namespace Penstock.Generator.Words;

/// <summary>The names that users write. The generator references no assembly of Penstock, so it identifies types by name.</summary>
internal static class KnownNames
{
    public const string Namespace = "Penstock";

    /// <summary>The namespace below Penstock with the interfaces that authors of connectors implement.</summary>
    public const string Connectors = "Connectors";

    /// <summary>The methods of the factory of a connector.</summary>
    public const string CreateSource = "CreateSource";
    public const string CreateCsvSource = "CreateCsvSource";
    public const string CreateJsonLinesSource = "CreateJsonLinesSource";
    public const string CreateSink = "CreateSink";
    public const string CreateDeadLetterSink = "CreateDeadLetterSink";
    public const string CreateCsvSink = "CreateCsvSink";
    public const string CreateJsonLinesSink = "CreateJsonLinesSink";

    /// <summary>The full name of the generator, which is the folder of the files that it writes.</summary>
    public const string Generator = "Penstock.Generator.PipelineGenerator";

    /// <summary>The metadata name for the value of a message itself.</summary>
    public const string RawValue = "value";

    public const string Pipeline = "PipelineAttribute";
    public const string Operator = "OperatorAttribute";
    public const string Source = "SourceAttribute";
    public const string Sink = "SinkAttribute";
    public const string FileSource = "FileSourceAttribute";
    public const string FileSink = "FileSinkAttribute";
    public const string Apply = "ApplyAttribute";
    public const string SideOutput = "SideOutputAttribute";
    public const string EventTime = "EventTimeAttribute";
    public const string IngestionTime = "IngestionTimeAttribute";
    public const string Watermark = "WatermarkAttribute";
    public const string Parallelism = "ParallelismAttribute";
    public const string KeyBy = "KeyByAttribute";
    public const string State = "StateAttribute";
    public const string StateCodec = "StateCodecAttribute";
    public const string FormerName = "FormerNameAttribute";
    public const string StateUpgrade = "StateUpgradeAttribute";
    public const string RemovedState = "RemovedStateAttribute";
    public const string Transient = "TransientAttribute";
    public const string Column = "ColumnAttribute";
    public const string Columns = "ColumnsAttribute";
    public const string Metadata = "MetadataAttribute";
    public const string Connector = "ConnectorAttribute";
    public const string ConnectorMetadata = "ConnectorMetadataAttribute";
    public const string ConnectorOption = "ConnectorOptionAttribute";
    public const string FileFormat = "FileFormat";
    public const string MessageFormat = "MessageFormat";
    public const string GeneratedOperator = "GeneratedOperatorAttribute";
    public const string GeneratedInput = "GeneratedInputAttribute";

    public const string Stream = "Stream";
    public const string Output = "Output";
    public const string Context = "Context";
    public const string CancellationToken = "CancellationToken";
    public const string Timers = "Timers";
    public const string Window = "Window";
    public const string Timer = "Timer";
    public const string BadRow = "BadRow";
    public const string ValueCodec = "IValueCodec";
    public const string MapState = "MapState";
    public const string ListState = "ListState";
    public const string ReducingState = "ReducingState";
    public const string Reducer = "IReducer";

    /// <summary>The nested class that the generator adds to every operator.</summary>
    public const string Contract = "OperatorContract";

    /// <summary>The nested struct that the generator adds to an operator with a method that merges states.</summary>
    public const string Accumulator = "Accumulator";

    /// <summary>The field that the generator adds to an operator with state.</summary>
    public const string StateField = "_penstockState";

    /// <summary>The field for state that all windows of a key share.</summary>
    public const string KeyStateField = "_penstockKeyState";

    /// <summary>The field for maps and lists.</summary>
    public const string CollectionsField = "_penstockCollections";

    /// <summary>The field for the time by which state expires.</summary>
    public const string ClockField = "_penstockClock";

    /// <summary>The version of the contract that this generator writes, and the newest that it can read.</summary>
    public const int ContractVersion = 3;
}
