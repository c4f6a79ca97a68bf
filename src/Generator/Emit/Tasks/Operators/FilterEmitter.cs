using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A filter is a condition around the code that follows.</summary>
internal sealed class FilterEmitter : ConditionEmitter
{
    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        [ClassParts.InstanceField(node, names)];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names) => ClassParts.EmitInstance(code, node, names);

    public override string ConditionOf(OperatorNode node, string row, StageEmitter stages) =>
        $"{ClassParts.Contract(node)}.Filter({stages.LocalFor(stages.Task.Operator(node))}, in {row})";
}
