using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the code for operators of a kind.</summary>
internal abstract class KindEmitter
{
    /// <summary>
    /// Whether it emits its own rows. If several stages follow, their code is then a separate method, so that each of them can use the new
    /// row.
    /// </summary>
    public abstract bool MakesRows { get; }

    /// <summary>
    /// Whether it can emit any number of rows for one input row. The loop then stops after a row if the channels are full, and continues
    /// when they have space.
    /// </summary>
    public abstract bool MakesMany { get; }

    /// <summary>Whether its class emits rows through outputs, whose buffers are fields of the task.</summary>
    public virtual bool HasOutputs(OperatorNode node) => false;

    /// <summary>The fields that a task needs for it, by type and name.</summary>
    public abstract IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names);

    /// <summary>Whether a task contains code that connects it, even if it has no fields.</summary>
    public virtual bool IsWired => false;

    /// <summary>Emits the initialization of the fields.</summary>
    public abstract void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names);

    /// <summary>The following stages that run in the loop over the rows.</summary>
    public abstract IEnumerable<Stage> InLoop(Stage stage);
}

/// <summary>Emits a kind that is a call inside a loop.</summary>
internal abstract class InlineEmitter : KindEmitter
{
    /// <summary>Whether its code ends with a block, after which a blank line is inserted.</summary>
    public abstract bool EndsWithBlock { get; }

    /// <summary>Emits the processing of a row and the code that follows.</summary>
    public abstract void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages);

    public sealed override IEnumerable<Stage> InLoop(Stage stage) => StageEmitter.InLoop(stage);
}

/// <summary>
/// Emits a kind that keeps or drops each row. It can be evaluated for all rows of a batch before the first one is processed further.
/// </summary>
internal abstract class ConditionEmitter : InlineEmitter
{
    public sealed override bool MakesRows => false;

    public sealed override bool MakesMany => false;

    public sealed override bool EndsWithBlock => true;

    /// <summary>The condition on which a row is kept.</summary>
    public abstract string ConditionOf(OperatorNode node, string row, StageEmitter stages);

    public sealed override void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages)
    {
        var condition = ConditionOf(node, row.Name, stages);
        if (row.Kind != null)
        {
            stages.Code.Line("// A version of a row that does not pass deletes the earlier ones, which may have passed. A first one is dropped.");
            var kind = stages.Local($"{node.Name}Kind");
            stages.Code.Line(
                $"var {kind} = {row.Kind} == global::Penstock.RowKind.Delete || {condition} ? {row.Kind} : global::Penstock.RowKind.Delete;");
            condition = $"{kind} != global::Penstock.RowKind.Delete || {row.Kind} != global::Penstock.RowKind.Insert";
            row = row with { Kind = kind };
        }

        using (stages.Code.Braces($"if ({condition})"))
        {
            stages.EmitAll(stage.Next, row);
        }
    }
}

/// <summary>Emits a kind that begins a task.</summary>
internal abstract class HeadEmitter : KindEmitter
{
    /// <summary>
    /// Whether each row of a batch is passed on exactly once, unchanged. A following filter can then be evaluated for all rows of a batch
    /// before the first one is passed on.
    /// </summary>
    public abstract bool ForwardsEveryRow { get; }

    /// <summary>
    /// Whether its side output contains input rows, which keep the watermarks of their splits, although the rows that it emits have the
    /// time of the task.
    /// </summary>
    public abstract bool PutsAsideRowsOfSplits { get; }

    /// <summary>Whether the loop of the task calls its class.</summary>
    public virtual bool CallsInLoop => true;

    /// <summary>The type of the rows in the loop of an input.</summary>
    public virtual TypeRef LoopRowOf(OperatorNode node, int input) => node.Kind.RowOf(node, input);

    /// <summary>The description of a task for the comment above it.</summary>
    public abstract string DescriptionOf(OperatorNode node);

    /// <summary>The members that the task overrides besides its loop.</summary>
    public abstract IEnumerable<string> Overrides { get; }

    /// <summary>The variables that are declared once for all rows of a batch.</summary>
    public abstract IEnumerable<string> BatchVariables { get; }

    /// <summary>The field that has the secret for the hashes of keys; null if no keys are looked up.</summary>
    public abstract string? SecretHolderOf(OperatorNode node, TaskNames names);

    /// <summary>Emits the processing of a row of the batch. Each path of a row must end with <see cref="StageEmitter.EndRow"/>.</summary>
    /// <param name="stage">The stage or, if it emits no rows of its own, the filter that has already been evaluated for them.</param>
    /// <param name="row">The row.</param>
    /// <param name="stages">Emits the code that follows.</param>
    public abstract void EmitRow(Stage stage, RowVariable row, StageEmitter stages);

    /// <summary>Emits the methods of the task that are not called per row.</summary>
    public abstract void EmitMethods(Stage head, CodeWriter code, TaskNames names);
}
