using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Tumbling windows, each with its own state.</summary>
internal sealed class WindowEmitter : WindowEmitterBase
{
    protected override string TableOf(OperatorNode node, TaskNames names) =>
        $"global::Penstock.Windows.WindowTable<{ClassParts.StateTypes(node, names)}>";

    protected override void EmitTable(CodeWriter code, OperatorNode node, TaskNames names)
    {
        var window = WindowModel.Of(node);
        code.Line(
            $"{names.Windows(node)} = context.Windows<{ClassParts.StateTypes(node, names)}>({CSharp.Literal(node.Id)}, sizeMicros: {CSharp.Literal(window.Size)}, offsetMicros: {CSharp.Literal(window.Offset)}, latenessMicros: {CSharp.Literal(window.Lateness)});");
    }

    protected override string ScopeOf(OperatorNode node, TaskNames names) => $"({CSharp.Literal(node.Id)}, {names.Windows(node)}";

    protected override WindowCode CodeOf(Stage head, CodeWriter code, TaskNames names) => new TumblingCode(head, code, names);
}
