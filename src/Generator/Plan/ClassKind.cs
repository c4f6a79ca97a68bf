using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>A kind of operator that users write as a class and apply to one stream with <c>[Apply]</c>.</summary>
internal abstract class ClassKind : OperatorKind
{
    /// <summary>The methods of such a class, each at most once. The first one takes the rows, the last one emits them.</summary>
    public abstract EquatableArray<MethodForm> Methods { get; }

    /// <summary>The attribute that its classes must have; null if their methods alone determine the kind.</summary>
    public abstract KindAttribute? Attribute { get; }

    /// <summary>Whether its rows are partitioned by a key, so that it can have state.</summary>
    public abstract bool IsKeyed { get; }

    /// <summary>Whether state belongs to a key and window by default, and may be declared to belong to the key.</summary>
    public abstract bool HasWindowScope { get; }

    /// <summary>Whether it has an entry for each key, or key and window, even if the class declares no state for it.</summary>
    public abstract bool AlwaysHasEntries { get; }

    /// <summary>
    /// The schema in checkpoints of the table that has the states of a class by default: the part before the fields of its entries, with
    /// <c>$</c> for the key.
    /// </summary>
    public abstract string EntriesOf(KindValues? values);

    /// <summary>The lifetime of an entry of that table, in microseconds; 0 if the kind does not remove entries.</summary>
    public abstract long LifetimeOf(KindValues? values);

    /// <summary>If states belong to more than a key by default, what that is, as one word: rows are added to it.</summary>
    public virtual string Unit => "window";

    /// <summary>Whether states of a window are merged from those of its parts.</summary>
    public bool MergesStates => Methods.Any(static form => form.TakesState);

    /// <summary>What a class of this kind must contain, for messages.</summary>
    public string Behaviour =>
        (Methods.Count == 1 ? "a method with " : "methods with ")
            + string.Join(" and ", Methods.Select(static form => $"[{form}]"))
            + (Attribute == null ? "" : $" and a {Attribute.Noun}");

    /// <summary>The method that takes the rows.</summary>
    public MethodForm Main => Methods[0];

    /// <summary>The method that emits the rows.</summary>
    public MethodForm Last => Methods[Methods.Count - 1];

    public sealed override Partitioning Partitioning => IsKeyed ? Partitioning.Hash : Partitioning.Forward;

    public sealed override TypeRef RowOf(OperatorNode node) => node.Applied.Input;

    public override IEnumerable<StateModel> StatesOf(OperatorNode node) => node.Applied.States;

    public sealed override DiagnosticAnchor PlaceOfInput(OperatorNode node, int input) => DiagnosticAnchor.Producer(node.Name, 0, "input");

    public override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        if (plan.Find(node.Inputs[0]) is { Row: { } given } input && given.DiffersFrom(node.Applied.Input))
        {
            yield return new DiagnosticInfo(
                "PEN105",
                DiagnosticAnchor.ProducerType(node.Name),
                node.Applied.Name,
                node.Applied.Input.ShortName,
                input.Name,
                given.ShortName);
        }

        if (node.Row != null && node.Row.DiffersFrom(node.Applied.Output))
        {
            yield return new DiagnosticInfo(
                "PEN106",
                DiagnosticAnchor.RowType(node.Name),
                node.Name,
                node.Row.ShortName,
                node.Applied.Name,
                node.Applied.Output.ShortName);
        }
    }

    /// <summary>The members that the operator itself reads, including those of its key.</summary>
    protected static RowReads OwnReads(OperatorNode node) =>
        node.Key == null ? node.Applied.Reads : node.Applied.Reads.With(RowReads.Of(node.Key.Members.Select(static member => member.Name)));
}
