using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// Checks sinks: each must accept what its stream sends, and write it so that a reader knows which row replaces or deletes which.
/// </summary>
internal static class SinkChangelogRules
{
    private const string Op = "op";

    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan) => plan.Nodes.OfType<SinkNode>()
        .Select(sink => plan.Find(sink.Inputs[0]) is { } stream ? Validate(plan, sink, stream) : null)
        .OfType<DiagnosticInfo>();

    private static DiagnosticInfo? Validate(LogicalPlan plan, SinkNode sink, LogicalNode stream) => sink.Connector switch
    {
        CustomConnectorModel custom => custom.AcceptsUpdates || !stream.Changelog.IsUpsert
            ? null
            : Refused(plan, sink, stream, $"implement IChangelogSink in '{custom.Name}'"),
        FileSinkModel { Format: not FileRowFormat.Unknown } file => Validate(
            plan,
            sink,
            stream,
            file.Rows,
            [.. Formats(isCsv: file.Format == FileRowFormat.Csv, isJson: file.Format == FileRowFormat.JsonLines)]),
        MessageSinkModel messages => Validate(
            plan,
            sink,
            stream,
            messages.Rows,
            [ChangelogFormat.Upsert, .. Formats(messages.Format == MessageRowFormat.Csv, messages.Format == MessageRowFormat.Json)])
            ?? (messages.Changelog == ChangelogFormat.Upsert ? ValidateKey(sink, stream, messages) : null),
        _ => null,
    };

    private static DiagnosticInfo? Validate(
        LogicalPlan plan,
        SinkNode sink,
        LogicalNode stream,
        RowModel rows,
        IReadOnlyList<ChangelogFormat> formats)
    {
        var format = sink.Connector.Changelog;
        var place = DiagnosticAnchor.Sink(stream.Name, sink.Index, "Changelog");
        return !formats.Contains(format) ? new DiagnosticInfo("PEN541", place, sink.Id, $"{format}", string.Join(", ", formats))
            : format == ChangelogFormat.OpColumn && rows.InText.Any(static item => item.Column.Name == Op) ? new DiagnosticInfo(
                "PEN544",
                place,
                rows.Name.TrimStart('@'),
                Op)
            : !stream.Changelog.IsUpsert ? null
            : format == ChangelogFormat.AppendOnly ? (sink.Connector.AcceptsUpdates ? null : Refused(
                plan,
                sink,
                stream,
                sink.Connector.CanSetChangelog
                    ? $"set Changelog, for example to ChangelogFormat.{formats[0]}"
                    : $"choose another sink, because [{sink.Connector.Attribute}] cannot write updates"))
            : format == ChangelogFormat.EveryVersion ? (stream.Changelog.HasDeletes
                ? new DiagnosticInfo("PEN542", place, sink.Id, stream.Name, $"{formats[0]}")
                : ValidateVersions(stream, place))
            : !stream.Changelog.ShowsKey ? Updates.HiddenKeyOf(stream, place)
            : KeyText.Seen(stream.Changelog, rows) is { ShowsKey: false } written ? ChangelogRules.UnwrittenKey(
                stream,
                written,
                rows,
                place)
            : null;
    }

    // The first format is the recommended one.
    private static IEnumerable<ChangelogFormat> Formats(bool isCsv, bool isJson) =>
    [
        .. isCsv || isJson ? [ChangelogFormat.OpColumn] : Enumerable.Empty<ChangelogFormat>(),
        .. isJson ? [ChangelogFormat.Debezium] : Enumerable.Empty<ChangelogFormat>(),
        ChangelogFormat.EveryVersion,
        ChangelogFormat.AppendOnly,
    ];

    // A reader of every version keeps the last one of each key. That is impossible if the rows contain nothing of a part of the key.
    private static DiagnosticInfo? ValidateVersions(LogicalNode stream, DiagnosticAnchor place) =>
        stream.Changelog.Key.Any(static part => part.IsLeftOut) ? Updates.HiddenKeyOf(stream, place) : null;

    private static DiagnosticInfo Refused(LogicalPlan plan, SinkNode sink, LogicalNode stream, string remedy) => new(
        "PEN540",
        DiagnosticAnchor.Sink(stream.Name, sink.Index),
        new EquatableArray<string>(
        [
            sink.Id,
            stream.Name,
            $"{stream.Changelog}",
            remedy,
            stream.Changelog.Keeper is { } keeper
                ? $"write the input of {keeper} instead"
                : $"remove AllowedLateness from the window of '{plan.Find(stream.Changelog.Origin)!.Name}'",
        ]));

    // Each part of the stream's key must be recoverable from the message key, which must depend on nothing else.
    private static DiagnosticInfo? ValidateKey(SinkNode sink, LogicalNode stream, MessageSinkModel messages)
    {
        var isWhole = messages.KeyColumn is { } key
            && stream.Changelog.Where(member => member.Name == key.Member && KeyText.IsWhole(key, member)).ShowsKey;
        return !stream.Changelog.IsUpsert || isWhole ? null : new DiagnosticInfo(
            "PEN543",
            DiagnosticAnchor.Sink(stream.Name, sink.Index, messages.Key == null ? "Changelog" : "Key"),
            sink.Id,
            stream.Name,
            $"{stream.Changelog}",
            string.Join(" and ", stream.Changelog.KeyMembers.Select(static member => $"'{member}'")));
    }
}
