using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator without a class that keeps state of its own by key: a task begins with it. <c>[KeyBy]</c> on the stream names the
/// key, and the attribute says how long the state of a key is kept.
/// </summary>
internal abstract class KeyedStreamKind : StreamKind
{
    protected const string Ttl = "Ttl";
    protected const string TtlTime = "TtlTime";
    protected const string Unbounded = "Unbounded";
    private static readonly TypeName Ticks = TypeName.Of("System.Int64");

    /// <summary>The member of the state that has the deadline of a key.</summary>
    public const string Deadline = "Expires";

    public sealed override string Parameter => "input";

    public sealed override string? PreferredParameter => null;

    /// <summary>The parameter of the attribute that names the member by which rows are ordered; null if it has none.</summary>
    public virtual string? OrderParameter => null;

    public override EquatableArray<string> Options { get; } = new([Ttl, TtlTime, Unbounded]);

    public sealed override Partitioning Partitioning => Partitioning.Hash;

    public sealed override bool BeginsTask => true;

    /// <summary>Whether the key is the whole row if the stream does not name one.</summary>
    public abstract bool KeyCanBeRow { get; }

    /// <summary>The state of a key, without its deadline.</summary>
    public abstract IEnumerable<SchemaField> FieldsOf(OperatorNode node);

    /// <summary>All members of the state of a key, in the order in which they are saved.</summary>
    public IReadOnlyList<SchemaField> StateOf(OperatorNode node) =>
        [.. ValueSchema.Order(FieldsOf(node).Concat(node.Retention is { Ttl: > 0 } ? [Int64(Deadline)] : []), static field => field)];

    /// <summary>How long the state of a key is kept, as written; values that are wrong count as missing.</summary>
    public static RetentionModel RetentionOf(WrittenAttribute written) => new(
        TryParse(written[Ttl], out var ttl) ? ttl : 0,
        written[TtlTime] switch
        {
            "1" => RetentionTime.EventTime,
            "2" => RetentionTime.ProcessingTime,
            _ => RetentionTime.Default,
        });

    public sealed override IEnumerable<StateModel> StatesOf(OperatorNode node) =>
        [new StateModel("", EquatableArray<string>.Empty, $"{KeyedKind.Keyed}{{{ValueSchema.OfBuild.States(StateOf(node))}}}")];

    public sealed override TypeRef RowOf(OperatorNode node, int input) => node.Row!;

    public sealed override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    public sealed override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public sealed override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node)
    {
        if (node.Retention?.GridOf(node) is > 0 and var grid)
        {
            yield return new WatermarkGrid(grid, 0, 0);
        }
    }

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) =>
        behind.With(RowReads.Of(node.Key!.Members.Select(static member => member.Name)));

    public sealed override DiagnosticAnchor PlaceOfInput(OperatorNode node, int input) =>
        DiagnosticAnchor.Producer(node.Name, 0, Parameter);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenStream written)
    {
        var options = written.Options;
        if (options[Ttl] is { } ttl && !TryParse(ttl, out _))
        {
            yield return new DiagnosticInfo("PEN322", written.PlaceOf(Ttl), written.Stream, ttl);
        }
        else if (options[Ttl] != null && options[Unbounded] == "True")
        {
            yield return new DiagnosticInfo("PEN329", written.PlaceOf(Unbounded), written.Stream);
        }
        else if (options[Ttl] == null && options[Unbounded] != "True")
        {
            yield return new DiagnosticInfo("PEN328", written.PlaceOf(), written.Stream, Name);
        }

        if (options[Ttl] == null && options[TtlTime] != null)
        {
            yield return new DiagnosticInfo(
                "PEN324",
                written.PlaceOf(TtlTime),
                written.Stream,
                TtlTime,
                $"set Ttl, or remove {TtlTime}, because state without Ttl never expires");
        }
    }

    public sealed override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        if (node.Row != null && plan.Find(node.Inputs[0]) is { Row: { } given } input && given.DiffersFrom(node.Row))
        {
            yield return new DiagnosticInfo("PEN105", PlaceOfInput(node, 0), Name, node.Row.ShortName, input.Name, given.ShortName, "");
        }
    }

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node is { Retention: { Ttl: > 0, Time: RetentionTime.EventTime }, Time: null } && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            yield return new DiagnosticInfo(
                "PEN325",
                DiagnosticAnchor.Producer(node.Name, 0, TtlTime),
                new EquatableArray<string>([node.Name, Name, stream, remedy]),
                source.Time == null ? source.Name : null);
        }
    }

    /// <summary>The error if its results depend on the clock; null if they do not.</summary>
    public static DiagnosticAnchor? ClockOf(WrittenStream written) =>
        RetentionOf(written.Options) is { Ttl: > 0, Time: RetentionTime.ProcessingTime } ? written.PlaceOf(TtlTime) : null;

    protected static SchemaField Int64(string name) =>
        new(name, new ValueModel(ValueKind.Int64, Ticks, EquatableArray<ValueModel>.Empty), [], []);

    private static bool TryParse(string? text, out long micros) => Durations.TryParse(text, out micros) && micros > 0;
}

/// <summary>How long a kind without a class keeps the state of a key.</summary>
/// <param name="Ttl">The time to live, in microseconds; 0 if the state is never removed.</param>
/// <param name="Time">The time that it measures.</param>
internal sealed record RetentionModel(long Ttl, RetentionTime Time)
{
    /// <summary>The steps of the watermark by which state expires, in microseconds; 0 if it does not expire by event time.</summary>
    public long GridOf(OperatorNode node) =>
        node.Time == null || Time == RetentionTime.ProcessingTime ? 0 : new TtlModel(Ttl, null, InEntries: true).Grid;
}

/// <summary>The time by which state expires. The values equal those of <c>TtlTime</c>.</summary>
internal enum RetentionTime
{
    Default,
    EventTime,
    ProcessingTime,
}
