using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Windows that overlap, whose state is merged from slices.</summary>
/// <param name="form">How they overlap.</param>
internal abstract class SliceEmitter(string form) : WindowEmitterBase
{
    protected sealed override string TableOf(OperatorNode node, TaskNames names) =>
        $"global::Penstock.Windows.SliceTable<{ClassParts.MergedTypes(node, names)}>";

    protected sealed override void EmitTable(CodeWriter code, OperatorNode node, TaskNames names)
    {
        var window = WindowModel.Of(node);
        code.Line(
            $"{names.Windows(node)} = context.Slices<{ClassParts.MergedTypes(node, names)}>({CSharp.Literal(node.Id)}, global::Penstock.Windows.WindowForm.{form}, sizeMicros: {CSharp.Literal(window.Size)}, stepMicros: {CSharp.Literal(window.Step)}, offsetMicros: {CSharp.Literal(window.Offset)}, latenessMicros: {CSharp.Literal(window.Lateness)}, new {ClassParts.Contract(node)}.Merger({names.Operator(node)}));");
    }

    // Maps and lists belong to keys.
    protected sealed override string ScopeOf(OperatorNode node, TaskNames names) =>
        $"<{names.Pipeline.Key(node)}>({CSharp.Literal(node.Id)}";

    protected sealed override WindowCode CodeOf(Stage head, CodeWriter code, TaskNames names) => new SliceCode(head, code, names);
}

/// <summary>Windows of the same length, which start a short time after each other.</summary>
internal sealed class SlidingWindowEmitter() : SliceEmitter("Sliding");

/// <summary>Windows with the same start.</summary>
internal sealed class CumulativeWindowEmitter() : SliceEmitter("Cumulative");
