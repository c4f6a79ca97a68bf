using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>A kind of operator that users write as a class and apply with <c>[Apply]</c>.</summary>
internal abstract class ClassKind : OperatorKind
{
    /// <summary>The parameter of <c>[Apply]</c> that names the inputs.</summary>
    public const string Parameter = "inputs";

    /// <summary>The parameter of <c>[Apply]</c> that names the preferred input.</summary>
    public const string PreferredParameter = "Prefer";

    /// <summary>
    /// The methods of such a class. The first one takes the rows, the last one emits them. Each occurs at most once, except the first one
    /// of a kind that <see cref="TakesSeveralInputs"/>.
    /// </summary>
    public abstract EquatableArray<MethodForm> Methods { get; }

    /// <summary>The attribute that its classes must have; null if their methods alone determine the kind.</summary>
    public abstract KindAttribute? Attribute { get; }

    /// <summary>Whether a class may have several methods of the first form, each of which takes the rows of one input.</summary>
    public virtual bool TakesSeveralInputs => false;

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
        (Methods.Count(static form => !form.IsOptional) == 1 ? "a method with " : "methods with ")
            + string.Join(" and ", Methods.Where(static form => !form.IsOptional).Select(static form => $"[{form}]"))
            + (Attribute == null ? "" : $" and a {Attribute.Noun}");

    /// <summary>The method that takes the rows.</summary>
    public MethodForm Main => Methods[0];

    /// <summary>The method that emits the rows.</summary>
    public MethodForm Last => Methods[Methods.Count - 1];

    public sealed override Partitioning Partitioning => IsKeyed ? Partitioning.Hash : Partitioning.Forward;

    public sealed override TypeRef RowOf(OperatorNode node, int input) => node.Applied.Inputs[input].Row;

    public override IEnumerable<StateModel> StatesOf(OperatorNode node) => node.Applied.States;

    public sealed override DiagnosticAnchor PlaceOfInput(OperatorNode node, int input) =>
        DiagnosticAnchor.ProducerElement(node.Name, 0, Parameter, input);

    public override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            var taken = RowOf(node, i);
            if (plan.Find(node.Inputs[i]) is { Row: { } given } input && given.DiffersFrom(taken))
            {
                yield return new DiagnosticInfo(
                    "PEN105",
                    node.Applied.HasSeveralInputs ? PlaceOfInput(node, i) : DiagnosticAnchor.ProducerType(node.Name),
                    node.Applied.Name,
                    taken.ShortName,
                    input.Name,
                    given.ShortName,
                    node.Applied.HasSeveralInputs
                        ? $" from input {i + 1}, in the order of {InputsOfClass}"
                        : "");
            }
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

    private string InputsOfClass => Main.TakesPair ? $"the parameters of its [{Main}] method" : $"its [{Main}] methods";

    /// <summary>The members that the operator itself reads, including those of its key.</summary>
    protected static RowReads OwnReads(OperatorNode node, int input)
    {
        var reads = node.Applied.Inputs[input].Reads;
        return node.Key == null ? reads : reads.With(RowReads.Of(node.KeyOf(input).Members.Select(static member => member.Name)));
    }
}
