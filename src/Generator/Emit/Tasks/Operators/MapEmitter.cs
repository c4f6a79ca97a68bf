using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A map is a call whose result is passed on.</summary>
internal sealed class MapEmitter : InlineEmitter
{
    public override bool MakesRows => true;

    public override bool MakesMany => false;

    public override bool EndsWithBlock => false;

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        [ClassParts.InstanceField(node, names)];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names) => ClassParts.EmitInstance(code, node, names);

    public override void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages)
    {
        var mapped = stages.Local(node.Applied.Output, node.Name, "mapped");
        stages.Code.Line($"var {mapped} = {ClassParts.Contract(node)}.Map({stages.LocalFor(stages.Task.Operator(node))}, in {row.Name});");
        stages.EmitDownstream(stage, row with { Name = mapped });
    }
}
