using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>What stands in the text of a row beside its columns, so that a changelog can be read from it.</summary>
/// <param name="Format"><see cref="ChangelogFormat.OpColumn"/> or <see cref="ChangelogFormat.Debezium"/>;
/// <see cref="ChangelogFormat.AppendOnly"/> where nothing does.</param>
/// <param name="Key">Of Debezium: the members that tell which row is deleted; none where no row is.</param>
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

    /// <summary>A part of the name of a writer.</summary>
    public string Name => Format == ChangelogFormat.AppendOnly ? "" : $"{Format}";

    private static RowModel RowsOf(SinkNode sink) => sink.Connector switch
    {
        FileSinkModel file => file.Rows,
        MessageSinkModel messages => messages.Rows,
        _ => throw new InvalidOperationException($"A sink of this kind writes no text: {sink.Connector.GetType().Name}."),
    };
}
