using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>
/// Checks messages: the connector must have the metadata of the row, and the rows must be possible in the format of the value.
/// </summary>
internal static class MessageRules
{
    public static IEnumerable<DiagnosticInfo> Validate(
        MessageDeclaration messages,
        StreamDeclaration stream,
        bool isSource,
        Func<string?, DiagnosticAnchor> place)
    {
        foreach (var finding in ConnectorRules.ValidatePolicy(messages.BadRows, place).Concat(ValidateFormat(messages, stream, place)))
        {
            yield return finding;
        }

        var row = DiagnosticAnchor.RowType(stream.Property);
        foreach (var (column, _) in messages.Rows.Model.BesideText)
        {
            if (column.Metadata != KnownNames.RawValue && ValidateMetadata(column, messages, row) is { } finding)
            {
                yield return finding;
            }
        }

        if (isSource
            && messages.Format != MessageRowFormat.Raw
            && messages.Rows.Model is { CanCopy: false, Construction: RowConstruction.Constructor } model
            && model.BesideText.Any(static item => item.Column.Setter == null))
        {
            yield return new DiagnosticInfo("PEN521", row, stream.Row!.ShortName);
        }

        var flat = messages.Rows.Model.Columns.Where(static column => column.Tree == null).Select(static column => column.Member).ToList();
        if (messages.Key is { } key && !flat.Contains(key))
        {
            var suggestion = Suggestions.For(key, flat);
            yield return new DiagnosticInfo(
                "PEN524",
                place("Key"),
                new EquatableArray<string>([stream.Row!.ShortName, key, Suggestions.Sentence(suggestion)]),
                suggestion);
        }

        if (messages.Tombstone is { } tombstone && !IsFlag(messages.Rows.Model, tombstone))
        {
            yield return new DiagnosticInfo("PEN526", place("Tombstone"), stream.Row!.ShortName, tombstone);
        }
    }

    /// <summary>Reports metadata that a sink does not write, unless the rows come from messages, where it is expected.</summary>
    public static IEnumerable<DiagnosticInfo> ValidateWritten(PipelineDeclaration pipeline)
    {
        var read = new HashSet<TypeName>(pipeline.Streams
            .SelectMany(static stream => stream.Producers.OfType<SourceDeclaration>())
            .Select(static source => source.Connector)
            .OfType<MessageDeclaration>()
            .Select(static messages => messages.Rows.Model.Type));
        foreach (var stream in pipeline.Streams)
        {
            var columns = stream.Sinks
                .Select(static sink => sink.Connector)
                .OfType<MessageDeclaration>()
                .Where(messages => !read.Contains(messages.Rows.Model.Type))
                .SelectMany(static messages => messages.Rows.Model.Columns.Where(column => KnownAs(column, messages)?.IsReadOnly == true));
            foreach (var column in columns.GroupBy(static column => column.Member).Select(static group => group.First()))
            {
                yield return new DiagnosticInfo("PEN527", DiagnosticAnchor.RowType(stream.Property), column.Member, column.Metadata!);
            }
        }
    }

    private static bool IsFlag(RowModel rows, string member) =>
        rows.Columns.Any(column => column.Member == member && column is { Kind: ColumnKind.Boolean, Nullable: false });

    private static IEnumerable<DiagnosticInfo> ValidateFormat(
        MessageDeclaration messages,
        StreamDeclaration stream,
        Func<string?, DiagnosticAnchor> place)
    {
        switch (messages.Format)
        {
            case MessageRowFormat.Raw when messages.Rows.Model.Columns.Count(static column => column.Metadata == KnownNames.RawValue) != 1:
                yield return new DiagnosticInfo("PEN522", place("Format"), stream.Row!.ShortName);
                break;
            case MessageRowFormat.MemoryPack when !messages.IsPackable:
                yield return new DiagnosticInfo("PEN523", place("Format"), stream.Row!.ShortName);
                break;
            case var format when !Enum.IsDefined(typeof(MessageRowFormat), format):
                yield return new DiagnosticInfo("PEN525", place("Format"), ((int)format).ToString());
                break;
        }
    }

    private static DiagnosticInfo? ValidateMetadata(ColumnModel column, MessageDeclaration messages, DiagnosticAnchor place)
    {
        var known = KnownAs(column, messages);
        if (known == null)
        {
            var suggestion = Suggestions.For(
                column.Metadata!,
                messages.Known.Select(static known => known.Name).Where(static name => !name.EndsWith("*", StringComparison.Ordinal)));
            var names = string.Join(", ", messages.Known.Select(static known => $"'{known.Name}'"));
            return new DiagnosticInfo(
                "PEN519",
                place,
                column.Member,
                column.Metadata!,
                names.Length == 0
                    ? "it has none. Remove [Metadata], so that the member is a column"
                    : $"it has {names}{Suggestions.Sentence(suggestion)}");
        }

        return known.Types.Count == 0 || known.Types.Contains(TypeOf(column))
            ? null
            : new DiagnosticInfo("PEN520", place, column.Member, column.Metadata!, string.Join(" or ", known.Types), TypeOf(column));
    }

    private static KnownMetadata? KnownAs(ColumnModel column, MessageDeclaration messages) =>
        column.Metadata is { } name ? messages.Known.FirstOrDefault(known => Matches(known.Name, name)) : null;

    private static bool Matches(string known, string name) => known.EndsWith("*", StringComparison.Ordinal)
        ? name.Length >= known.Length && name.StartsWith(known.Substring(0, known.Length - 1), StringComparison.Ordinal)
        : known == name;

    // The type as written in code, without namespace and question mark.
    private static string TypeOf(ColumnModel column)
    {
        var type = column.Type.WithoutNull.FullName;
        return type.Substring(type.LastIndexOf('.') + 1);
    }
}
