using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator: everything that tells it from the others. Each is a class of its own, of which there is one object. What a pass of
/// the compiler wants to know of operators is a member of this class, so that a kind that does not say it does not compile.
/// </summary>
internal abstract class OperatorKind
{
    /// <summary>The name, as contracts and messages have it.</summary>
    public abstract string Name { get; }

    /// <summary>How rows come to it from other tasks.</summary>
    public abstract Partitioning Partitioning { get; }

    /// <summary>Whether a task begins with it; else it is a call inside the loop of another.</summary>
    public abstract bool BeginsTask { get; }

    /// <summary>What a visitor has for this kind.</summary>
    public abstract TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor);

    /// <summary>The type of the rows that it takes.</summary>
    public abstract TypeRef RowOf(OperatorNode node);

    /// <summary>The event time of the rows that it makes.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="inputs">The inputs that exist, with what follows for them.</param>
    public abstract TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs);

    /// <summary>
    /// How the rows that it makes relate to those before them, and by what they are recognized. What it does not take is told by
    /// <see cref="ValidateUpdates"/>.
    /// </summary>
    /// <param name="node">The operator.</param>
    /// <param name="inputs">The inputs that exist, with what follows for them.</param>
    public abstract ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs);

    /// <summary>The rows that it puts aside.</summary>
    public abstract IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node);

    /// <summary>The changes of the watermark that make a difference to it.</summary>
    public abstract IEnumerable<WatermarkGrid> GridsOf(OperatorNode node);

    /// <summary>The members of its input rows that it reads, or that are read of the rows that it hands on.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="behind">What is read of the rows that it makes.</param>
    public abstract RowReads ReadsOf(OperatorNode node, RowReads behind);

    /// <summary>A short text for the box of an operator in a picture.</summary>
    public abstract string LabelOf(OperatorNode node);

    /// <summary>Where an operator names one of its inputs.</summary>
    public abstract DiagnosticAnchor PlaceOfInput(OperatorNode node, int input);

    /// <summary>What is wrong with the types of its rows.</summary>
    public abstract IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan);

    /// <summary>What is wrong with the time of its rows.</summary>
    public abstract IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan);

    /// <summary>What is wrong with an input that sends rows again; null when it can take them.</summary>
    public abstract DiagnosticInfo? ValidateUpdates(Updates updates);

    public sealed override string ToString() => Name;
}
