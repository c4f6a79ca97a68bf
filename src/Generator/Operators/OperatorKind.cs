using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;
using Penstock.Generator.Validation;

namespace Penstock.Generator.Operators;

/// <summary>
/// A kind of operator: everything that tells it from the others. Each is a class of its own, of which there is one object. What a pass of the compiler
/// wants to know of operators is a member of this class, so that a kind that does not say it does not compile.
/// </summary>
internal abstract class OperatorKind
{
    /// <summary>The name, as contracts and messages have it.</summary>
    public abstract string Name { get; }

    /// <summary>How rows come to it from other tasks.</summary>
    public abstract Partitioning Partitioning { get; }

    /// <summary>What generated code does with it.</summary>
    public abstract KindEmitter Emitter { get; }

    /// <summary>Whether a task begins with it; else it is a call inside the loop of another.</summary>
    public bool BeginsTask => Emitter is HeadEmitter;

    /// <summary>The type of the rows that it takes.</summary>
    public abstract TypeRef RowOf(OperatorNode node);

    /// <summary>The event time of the rows that it makes.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="inputs">The inputs that exist, with what follows for them.</param>
    public abstract TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs);

    /// <summary>How the rows that it makes relate to those before them, and by what they are recognized. What it does not take is told by <see cref="ValidateUpdates"/>.</summary>
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
    public abstract Place PlaceOfInput(OperatorNode node, int input);

    /// <summary>What is wrong with the types of its rows.</summary>
    public abstract IEnumerable<Finding> ValidateRows(OperatorNode node, LogicalPlan plan);

    /// <summary>What is wrong with the time of its rows.</summary>
    public abstract IEnumerable<Finding> ValidateTime(OperatorNode node, LogicalPlan plan);

    /// <summary>What is wrong with an input that sends rows again; null when it can take them.</summary>
    public abstract Finding? ValidateUpdates(Updates updates);

    public sealed override string ToString() => Name;
}

/// <summary>An input that sends a new version of a row that it has sent before.</summary>
/// <param name="Reader">The operator that reads it.</param>
/// <param name="Place">Where the operator names it.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Window">The operator with windows that the versions come from.</param>
internal sealed record Updates(OperatorNode Reader, Place Place, LogicalNode Stream, OperatorNode Window)
{
    /// <summary>What its rows mean.</summary>
    public ChangelogModel Changelog => Stream.Changelog;

    /// <summary>The rows do not show the key by which one replaces another; null where they do.</summary>
    public Finding? HiddenKey => Changelog.ShowsKey ? null : ChangelogRules.HiddenKey(Stream, Place);

    /// <summary>The operator takes each version as a row of its own.</summary>
    /// <param name="remedy">What to do, as a sentence without its end.</param>
    public Finding Counted(string remedy) => new("PEN118", Place, Reader.Applied.Name, Stream.Name, $"{Changelog}", remedy);
}
