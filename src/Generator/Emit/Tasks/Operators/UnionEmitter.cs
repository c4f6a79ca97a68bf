using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A union begins a task that receives batches from all inputs and passes the rows on unchanged.</summary>
internal sealed class UnionEmitter : HeadEmitter
{
    public override bool MakesRows => false;

    public override bool ForwardsEveryRow => true;

    public override bool MakesMany => false;

    public override bool PutsAsideRowsOfSplits => false;

    public override IEnumerable<string> Overrides => [];

    public override IEnumerable<string> BatchVariables => [];

    public override string DescriptionOf(OperatorNode node) => $"{node.Name}, the rows of {string.Join(", ", node.Inputs)}";

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) => [];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
    }

    public override IEnumerable<Stage> InLoop(Stage stage) => stage.Next;

    public override string? SecretHolderOf(OperatorNode node, TaskNames names) => null;

    public override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        stages.EmitAll(stage.Next, row);
        stages.EndRow([.. stage.WorkingStages()]);
    }

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
    }
}
