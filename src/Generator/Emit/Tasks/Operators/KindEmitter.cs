using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>What generated code does with operators of a kind.</summary>
internal abstract class KindEmitter
{
    /// <summary>
    /// Whether it makes rows of its own. Then what follows is a method where it is several stages, since each would have to name the new
    /// row.
    /// </summary>
    public abstract bool MakesRows { get; }

    /// <summary>
    /// Whether it can make any number of rows of one that comes in. Then the loop stops behind a row whose rows the channels cannot take,
    /// and goes on when they can.
    /// </summary>
    public abstract bool MakesMany { get; }

    /// <summary>The fields that a task needs for it: type and name.</summary>
    public abstract IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names);

    /// <summary>Emits how the fields get their values.</summary>
    public abstract void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names);

    /// <summary>The stages that run behind it in the loop over the rows.</summary>
    public abstract IEnumerable<Stage> InLoop(Stage stage);
}

/// <summary>Of a kind that is a call inside a loop.</summary>
internal abstract class InlineEmitter : KindEmitter
{
    /// <summary>Whether its code ends with a block, behind which a blank line reads better.</summary>
    public abstract bool EndsWithBlock { get; }

    /// <summary>Emits what it does with a row, and what happens behind it.</summary>
    public abstract void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages);

    public sealed override IEnumerable<Stage> InLoop(Stage stage) => StageEmitter.InLoop(stage);
}

/// <summary>Of a kind that lets rows go on, or not: it can be asked about all rows of a batch before the first one goes on.</summary>
internal abstract class ConditionEmitter : InlineEmitter
{
    public sealed override bool MakesRows => false;

    public sealed override bool MakesMany => false;

    public sealed override bool EndsWithBlock => true;

    /// <summary>The condition on which a row goes on.</summary>
    public abstract string ConditionOf(OperatorNode node, string row, StageEmitter stages);

    public sealed override void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages)
    {
        var condition = ConditionOf(node, row.Name, stages);
        if (row.Kind != null)
        {
            // The first version of a row that does not pass is left out, and a later one deletes the row: it may have passed before.
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

/// <summary>Of a kind with which a task begins.</summary>
internal abstract class HeadEmitter : KindEmitter
{
    /// <summary>
    /// Whether each row of a batch goes on once, as it is. A filter behind it may be asked about all rows of a batch before the first one
    /// goes on.
    /// </summary>
    public abstract bool HandsOnEveryRow { get; }

    /// <summary>
    /// Whether the rows that it puts aside are those that came in, which keep the watermarks of their splits, although the rows that it makes
    /// have the time of the task.
    /// </summary>
    public abstract bool PutsAsideRowsOfSplits { get; }

    /// <summary>What a task does, in the words of the comment above it.</summary>
    public abstract string DescriptionOf(OperatorNode node);

    /// <summary>The members that the task overrides beside its loop.</summary>
    public abstract IEnumerable<string> Overrides { get; }

    /// <summary>What is declared once for all rows of a batch.</summary>
    public abstract IEnumerable<string> BatchVariables { get; }

    /// <summary>The field that knows the secret in the hashes of the keys, or null when no key is looked for.</summary>
    public abstract string? SecretHolderOf(OperatorNode node, TaskNames names);

    /// <summary>
    /// Emits what happens to a row of the batch. Each way that a row can go on ends with <see cref="StageEmitter.EndRow"/>.
    /// </summary>
    /// <param name="stage">The stage; where it makes no rows, that which has already been asked about them.</param>
    /// <param name="row">The row.</param>
    /// <param name="stages">Emits what follows.</param>
    public abstract void EmitRow(Stage stage, RowVariable row, StageEmitter stages);

    /// <summary>Emits the methods of the task that are not called for a row.</summary>
    public abstract void EmitMethods(Stage head, CodeWriter code, TaskNames names);
}
