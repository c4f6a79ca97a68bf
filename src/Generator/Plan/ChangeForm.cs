using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>What the written form of a row contains in addition to its columns, so that readers can reconstruct a changelog.</summary>
/// <param name="Format"><see cref="ChangelogFormat.OpColumn"/> or <see cref="ChangelogFormat.Debezium"/>;
/// <see cref="ChangelogFormat.AppendOnly"/> if nothing is added.</param>
/// <param name="Key">For Debezium, the members that identify a deleted row; empty if rows are never deleted.</param>
internal sealed record ChangeForm(ChangelogFormat Format, EquatableArray<string> Key)
{
    public static ChangeForm None { get; } = new(ChangelogFormat.AppendOnly, EquatableArray<string>.Empty);

    public static ChangeForm Of(SinkNode sink) => sink.Connector.Changelog switch
    {
        ChangelogFormat.OpColumn => new(ChangelogFormat.OpColumn, EquatableArray<string>.Empty),
        ChangelogFormat.Debezium =>
            new(ChangelogFormat.Debezium, sink.Changelog.HasDeletes
                ? KeyText.Seen(sink.Changelog, RowsOf(sink)).KeyMembers.ToEquatableArray()
                : EquatableArray<string>.Empty),
        ChangelogFormat.AppendOnly or ChangelogFormat.EveryVersion or ChangelogFormat.Upsert => None,
        _ => throw new InvalidOperationException($"Unknown changelog format: {sink.Connector.Changelog}."),
    };

    /// <summary>The format as a part of the writer's name.</summary>
    public string Name => Format == ChangelogFormat.AppendOnly ? "" : $"{Format}";

    private static RowModel RowsOf(SinkNode sink) => sink.Connector switch
    {
        FileSinkModel file => file.Rows,
        MessageSinkModel messages => messages.Rows,
        _ => throw new InvalidOperationException($"A sink of this kind writes no text: {sink.Connector.GetType().Name}."),
    };
}
