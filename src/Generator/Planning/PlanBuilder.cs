using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Validation;

namespace Penstock.Generator.Planning;

/// <summary>Converts the declaration of a pipeline to its logical plan: the front end for attributes.</summary>
internal static class PlanBuilder
{
    private const long DefaultSplitSize = 16L << 20;
    private const long DefaultRollSize = 256L << 20;

    /// <summary>The plan of a pipeline. An invalid stream becomes a <see cref="BrokenNode"/>; validation reports the error.</summary>
    public static LogicalPlan Build(PipelineDeclaration pipeline)
    {
        // A duplicate id is reported elsewhere. The later stream gets another id here, so that no further errors are reported for the wrong
        // stream.
        var ids = new Dictionary<string, string>();
        var taken = new HashSet<string>();
        foreach (var stream in pipeline.Streams)
        {
            ids[stream.Property] = taken.Add(stream.Id) ? stream.Id : $"{stream.Id}:{stream.Property}";
        }

        string IdOf(string? name) => name != null && ids.TryGetValue(name, out var id) ? id : name ?? "";

        var nodes = new List<LogicalNode>();
        foreach (var stream in pipeline.Streams)
        {
            var node = BuildStream(stream, ids[stream.Property], IdOf);
            if (node is OperatorNode { Kind.KeepsRows: true } keeper
                && !CanKeep(pipeline, [stream.Property, .. stream.Producers[0].Inputs]))
            {
                node = new BrokenNode(node.Id, node.Name, node.Row, keeper.Inputs);
            }

            nodes.Add(node with
            {
                Time = node.Time is { } time
                    && pipeline.Watermarks.FirstOrDefault(method => method.Stream == stream.Property) is { Problem: null } watermark
                        ? time with { Watermark = new WatermarkModel(watermark.Method, watermark.Reads) }
                        : node.Time,
                RowValue = stream.RowValue,
                Parallelism = stream.Parallelism ?? (node is OperatorNode { Key.IsNone: true } ? 1 : null),
                IdPlace = IdPlace(stream),
                Written = stream.Producers.Select(static producer => producer.Written).FirstOrDefault() ?? "",
            });
        }

        foreach (var stream in pipeline.Streams)
        {
            for (var i = 0; i < stream.Sinks.Count; i++)
            {
                var sink = stream.Sinks[i];
                var id = sink.Id ?? $"{ids[stream.Property]}/{NameOf(sink.Connector)}";
                nodes.Add(new SinkNode(id, ids[stream.Property], stream.Row, i, SinkModel(sink.Connector)) { Written = sink.Written });
            }
        }

        return Derivation.Apply(new LogicalPlan(nodes.ToEquatableArray()));
    }

    /// <summary>The place where the id of a stream is declared; its name if there is no id.</summary>
    public static DiagnosticAnchor IdPlace(StreamDeclaration stream)
    {
        var index = stream.Producers.TakeWhile(static producer => producer.Id == null).Count();
        return index < stream.Producers.Count
            ? DiagnosticAnchor.Producer(stream.Property, index, "Id")
            : DiagnosticAnchor.Name(stream.Property);
    }

    private static LogicalNode BuildStream(StreamDeclaration stream, string id, Func<string?, string> idOf)
    {
        var broken = new BrokenNode(
            id,
            stream.Property,
            stream.Row,
            stream.Producers.SelectMany(static producer => producer.Inputs).Select(idOf).ToEquatableArray())
        {
            LacksInputs = stream.Producers.OfType<ApplyDeclaration>()
                .Any(static apply => apply.Operator is { } applied && apply.Inputs.Count < applied.InputCount),
        };
        if (stream.Producers.Count != 1 || stream.Row == null)
        {
            return broken;
        }

        return stream.Producers[0] switch
        {
            SourceDeclaration source =>
                new SourceNode(id, stream.Property, stream.Row, SourceModel(source.Connector))
                {
                    Time = stream.HasIngestionTime ? TimeModel.Ingestion : TimeOf(stream.EventTime),
                },
            ApplyDeclaration { Operator: { } applied } apply when !OperatorRules.Validate(applied).Any(static finding => finding.IsError)
                && OperatorModels.Of(applied) is var model
                && model.Inputs.Count == apply.Inputs.Count =>
                new OperatorNode(id, stream.Property, apply.Inputs.Select(idOf).ToEquatableArray(), stream.Row, model.Kind, model, null)
                {
                    Preferred = IndexOf(apply.Preferred, apply.Inputs),
                }.WithKeys(stream),
            StreamOperatorDeclaration declared =>
                new OperatorNode(id, stream.Property, declared.Inputs
                    .Select(idOf)
                    .ToEquatableArray(), stream.Row, declared.Kind, null, null)
                {
                    Retention = declared.Kind is KeyedStreamKind ? KeyedStreamKind.RetentionOf(declared.Options) : null,
                    Order = KeyOf(stream.Order)?.Members[0],
                    HasOrder = stream.Order != null,
                    Preferred = IndexOf(declared.Preferred, declared.Inputs),
                }.WithKeys(stream),
            SideOutputDeclaration side => new SideOutputNode(id, stream.Property, idOf(side.Stream), stream.Row, side.Output ?? ""),
            _ => broken,
        };
    }

    // The C# compiler reports a type that does not exist.
    private static bool CanKeep(PipelineDeclaration pipeline, IReadOnlyList<string> streams) =>
        !pipeline.Streams.Any(stream => stream.RowValue is { HasUnknownPart: true } && streams.Contains(stream.Property));

    private static int? IndexOf(string? preferred, EquatableArray<string> inputs) =>
        preferred != null && inputs.ToList().IndexOf(preferred) is >= 0 and var input ? input : null;

    // Without a valid key for each of its inputs, a node has none.
    private static OperatorNode WithKeys(this OperatorNode node, StreamDeclaration stream)
    {
        if (node.Kind is StreamKind { KeyIsOptional: true } && stream.Keys.Count == 0)
        {
            return node with { Key = KeyModel.None };
        }

        var keys = (stream.Keys.Count > 0 ? stream.Keys : stream.OperatorKeys).Select(KeyOf).OfType<KeyModel>().ToList();
        return !node.IsKeyed || keys.Count < node.Inputs.Count
            ? node
            : node with { Key = keys[0], FurtherKeys = keys.Skip(1).ToEquatableArray() };
    }

    private static TimeModel? TimeOf(EventTimeDeclaration? time)
    {
        if (time?.Member == null)
        {
            return null;
        }

        Durations.TryParse(time.MaxDelay ?? "0s", out var delay);
        return new TimeModel(
            time.Member,
            delay,
            time.Idle != null && Durations.TryParse(time.Idle, out var idle) ? idle : -1,
            time.IsNumber ? time.Unit : null)
        {
            OnNull = time.IsNullable ? time.OnNull : null,
        };
    }

    private static KeyModel? KeyOf(KeyDeclaration? key)
    {
        if (key == null || key.Members.Count == 0 || key.Members.Any(static member => member.Value == null))
        {
            return null;
        }

        var members = key.Members
            .Select(static member => new KeyMember(member.Name, member.Value!, member.IsNullable, member.IsComputed))
            .ToEquatableArray();
        return new KeyModel(
            members,
            members.Count == 1 ? members[0].Value : ValueModel.Tuple(members.Select(static member => member.Value)));
    }

    private static ConnectorModel SourceModel(ConnectorDeclaration connector) => Asking(connector, connector switch
    {
        FileDeclaration file =>
            new FileSourceModel(file.Path ?? "", file.Format, file.Delimiter, SizeOf(file.Size, DefaultSplitSize), file.Rows.Model)
            {
                BadRows = file.BadRows,
                MultiLine = file.MultiLine,
                Poll = file.Poll != null && Durations.TryParse(file.Poll, out var poll) ? poll : null,
                Package = file.Package
            },
        MessageDeclaration messages =>
            new MessageSourceModel(messages.Package, messages.Format, messages.Rows.Model) { BadRows = messages.BadRows },
        CustomDeclaration custom => CustomModel(custom),
        _ => new UnknownConnectorModel(),
    });

    private static ConnectorModel SinkModel(ConnectorDeclaration connector) => Asking(connector, connector switch
    {
        FileDeclaration file =>
            new FileSinkModel(file.Path ?? "", file.Format, SizeOf(file.Size, DefaultRollSize), file.Rows.Model)
            {
                Package = file.Package,
                Changelog = file.Changelog
            },
        MessageDeclaration messages =>
            new MessageSinkModel(messages.Package, messages.Format, messages.Key, messages.Tombstone, messages.Rows.Model)
            {
                Changelog = messages.Changelog
            },
        CustomDeclaration custom => CustomModel(custom),
        _ => new UnknownConnectorModel(),
    });

    private static CustomConnectorModel CustomModel(CustomDeclaration custom) =>
        new(custom.Type.Name, custom.Type.ShortName, custom.Creation.Services);

    // What a class asks for does not depend on the form of its connector.
    private static ConnectorModel Asking(ConnectorDeclaration connector, ConnectorModel model) => model with
    {
        Attribute = connector.Attribute,
        CanSetChangelog = connector.CanSetChangelog,
        ReadsTimes = connector.ReadsTimes,
        AcceptsUpdates = connector.AcceptsUpdates,
        Asked = connector.Asked?.Model,
        HasColumns = connector.HasColumns,
    };

    private static long SizeOf(string? text, long whenMissing) =>
        text != null && ByteSizes.TryParse(text, out var bytes) ? bytes : whenMissing;

    private static string NameOf(ConnectorDeclaration connector) => connector switch
    {
        FileDeclaration file => file.Path ?? "",
        MessageDeclaration messages => messages.Package.Label,
        CustomDeclaration custom => custom.Type.ShortName,
        _ => "",
    };
}
