using Penstock.Generator.Emit;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>A flat map fills a buffer, whose rows go on one after the other.</summary>
internal sealed class FlatMapEmitter : InlineEmitter
{
    public override bool MakesRows => true;

    public override bool IsOneToOne => false;

    public override bool EndsWithBlock => true;

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        [ClassParts.InstanceField(node, names), ClassParts.BufferField(node, names)];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        ClassParts.EmitInstance(code, node, names);
        ClassParts.EmitBuffer(code, node, names);
    }

    public override void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages)
    {
        var output = stages.BeginOutput(node);
        stages.Code.Line($"{ClassParts.Contract(node)}.FlatMap({stages.Held(stages.Task.Operator(node))}, in {row.Name}, ref {output});");
        stages.EmitOutput(stage, node, row);
    }
}
