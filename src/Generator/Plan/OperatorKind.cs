using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator: everything that distinguishes it from other kinds. Each kind is a class with one object. All information about
/// operators that a pass of the compiler needs is a member of this class, so a kind without it does not compile.
/// </summary>
internal abstract class OperatorKind
{
    /// <summary>The name in contracts and messages.</summary>
    public abstract string Name { get; }

    /// <summary>How rows from other tasks are partitioned.</summary>
    public abstract Partitioning Partitioning { get; }

    /// <summary>Whether it begins a task; otherwise it is a call in the loop of another task.</summary>
    public abstract bool BeginsTask { get; }

    /// <summary>
    /// Whether it makes asynchronous calls: a task begins with it, which runs apart from those that send to it, and rows in flight are
    /// saved.
    /// </summary>
    public virtual bool IsAsync => false;

    /// <summary>Whether whole rows of its inputs are state, so that it must be possible to save them.</summary>
    public virtual bool KeepsRows => false;

    /// <summary>Calls the method of a visitor for this kind.</summary>
    public abstract TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor);

    /// <summary>The type of the rows of one of its inputs.</summary>
    public abstract TypeRef RowOf(OperatorNode node, int input);

    /// <summary>The event time of the rows that it emits.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="inputs">The inputs that exist, with their derived properties.</param>
    public abstract TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs);

    /// <summary>
    /// How the rows that it emits relate to earlier ones, and the key that identifies them. <see cref="ValidateUpdates"/> reports updates
    /// that it cannot take.
    /// </summary>
    /// <param name="node">The operator.</param>
    /// <param name="inputs">The inputs that exist, with their derived properties.</param>
    public abstract ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs);

    /// <summary>The state that it saves, which checkpoints and the lock contain.</summary>
    public abstract IEnumerable<StateModel> StatesOf(OperatorNode node);

    /// <summary>The side outputs to which it emits rows.</summary>
    public abstract IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node);

    /// <summary>The steps of the watermark that it must observe.</summary>
    public abstract IEnumerable<WatermarkGrid> GridsOf(OperatorNode node);

    /// <summary>
    /// The members of the rows of one of its inputs that it reads itself, or that are read after it passes the rows on.
    /// </summary>
    /// <param name="node">The operator.</param>
    /// <param name="input">The input.</param>
    /// <param name="behind">The members that are read from the rows that it emits.</param>
    public abstract RowReads ReadsOf(OperatorNode node, int input, RowReads behind);

    /// <summary>A short label of an operator for diagrams.</summary>
    public abstract string LabelOf(OperatorNode node);

    /// <summary>The place where an operator names one of its inputs.</summary>
    public abstract DiagnosticAnchor PlaceOfInput(OperatorNode node, int input);

    /// <summary>
    /// How its results depend on the clock regardless of its state, with the remedy, both as parts of a sentence; null if they do not.
    /// </summary>
    public virtual (string Problem, string Remedy)? ClockDependenceOf(OperatorNode node) => null;

    /// <summary>Errors in the types of its rows.</summary>
    public abstract IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan);

    /// <summary>Errors in the event time of its rows.</summary>
    public abstract IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan);

    /// <summary>The error if it cannot take an input that sends updates; null if it can.</summary>
    public abstract DiagnosticInfo? ValidateUpdates(Updates updates);

    public sealed override string ToString() => Name;
}
