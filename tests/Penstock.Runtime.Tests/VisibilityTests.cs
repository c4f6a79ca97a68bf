using System.ComponentModel;
using System.Reflection;

namespace Penstock.Runtime.Tests;

/// <summary>Editors offer members that people write by hand, and hide those that only generated code uses.</summary>
public class VisibilityTests
{
    private static readonly string[] Plumbing = [
        "Penstock.Formats",
        "Penstock.State",
        "Penstock.Windows",
        "Penstock.Sorting",
        "Penstock.Sources.Files",
        "Penstock.Sinks.Files"
    ];

    private static readonly string[] ByHand =
    [
        "Penstock.BadMessage", "Penstock.BadRow", "Penstock.BadRowException", "Penstock.Change", "Penstock.Changelog",
        "Penstock.ChangelogMode", "Penstock.Context", "Penstock.IValueCodec", "Penstock.MessageHeader", "Penstock.OperatorException",
        "Penstock.Output", "Penstock.PipelineErrorCode", "Penstock.PipelineException",
        "Penstock.PipelineHealthCheckExtensions", "Penstock.PipelineHostingExtensions", "Penstock.RowKind", "Penstock.Stream",
        "Penstock.Window",
        "Penstock.PipelineOptions", "Penstock.SinkOptions", "Penstock.SourceOptions",
        "Penstock.Connectors.IChangelogSink", "Penstock.Connectors.IColumnSink", "Penstock.Connectors.IColumnWriter", "Penstock.Connectors.ISchemaSink",
        "Penstock.Connectors.IEventTimeSink", "Penstock.Connectors.ISink", "Penstock.Connectors.ISinkCommitter", "Penstock.Connectors.ISinkWriter",
        "Penstock.Connectors.SinkCommitter", "Penstock.Connectors.ConnectorContext", "Penstock.Connectors.SinkContext",
        "Penstock.Connectors.SourceContext",
        "Penstock.Connectors.ColumnAppender", "Penstock.Connectors.IBadRowHandler", "Penstock.Connectors.IColumnReader",
        "Penstock.Connectors.IColumnSource", "Penstock.Connectors.IDividingSource", "Penstock.Connectors.IProjectionSource",
        "Penstock.Connectors.ISource", "Penstock.Connectors.ISplitReader", "Penstock.Connectors.ReadStatus",
        "Penstock.Connectors.RowAppender", "Penstock.Connectors.SourceSplit", "Penstock.Connectors.Batch", "Penstock.Connectors.ColumnBatch",
        "Penstock.Connectors.RowColumn", "Penstock.Connectors.RowSchema",
        "Penstock.IPipeline", "Penstock.PipelinePlan", "Penstock.PlanNode", "Penstock.PlanTask",
        "Penstock.SubtaskCounters",
        "Penstock.Testing.ManualTimeProvider", "Penstock.Testing.PipelineTest", "Penstock.EventTimes",
    ];

    private static readonly string[] ByGeneratedCode =
    [
        "Penstock.Sinks.IColumnRowWriter", "Penstock.Sinks.SinkColumns", "Penstock.Sources.IColumnRowReader",
        "Penstock.Sources.SourceColumns", "Penstock.Streams.CompactText", "Penstock.Streams.ReservedRows", "Penstock.Streams.RowBuffer",
        "Penstock.Tasks.ExchangeOutput", "Penstock.Tasks.OperatorRef", "Penstock.Tasks.SinkOutput", "Penstock.Tasks.Subtask",
        "Penstock.Tasks.TaskContext",
        "Penstock.Time.EventTimeSettings", "Penstock.Time.IEventTime", "Penstock.Time.IngestionTime", "Penstock.Time.NoEventTime",
        "Penstock.Time.WatermarkGrid", "Penstock.Time.Watermarks",
    ];

    [Fact]
    public void Plumbing_is_hidden() => Assert.All(
        Public().Where(static type => Plumbing.Contains(type.Namespace) || ByGeneratedCode.Contains(NameOf(type))),
        static type => Assert.True(IsHidden(type), $"{type} is offered, but only generated code needs it."));

    [Fact]
    public void What_people_write_is_offered() => Assert.All(
        Public().Where(static type => ByHand.Contains(NameOf(type))),
        static type => Assert.False(IsHidden(type), $"{type} is hidden."));

    [Fact]
    public void Every_name_here_is_the_name_of_a_type() =>
        Assert.Empty(ByHand.Concat(ByGeneratedCode).Except(Public().Select(NameOf)));

    private static IEnumerable<Type> Public() => typeof(IPipeline).Assembly.GetExportedTypes().Where(static type => !type.IsNested);

    private static string NameOf(Type type) => type.FullName!.Split('`')[0];

    private static bool IsHidden(Type type) =>
        type.GetCustomAttribute<EditorBrowsableAttribute>(inherit: false)?.State == EditorBrowsableState.Never;
}
