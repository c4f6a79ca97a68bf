using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Windows that rows extend, and whose states are merged if a row joins them.</summary>
internal sealed class SessionWindowEmitter : WindowEmitterBase
{
    protected override string TableOf(OperatorNode node, TaskNames names) =>
        $"global::Penstock.Windows.SessionTable<{ClassParts.MergedTypes(node, names)}>";

    protected override void EmitTable(CodeWriter code, OperatorNode node, TaskNames names)
    {
        var sessions = SessionModel.Of(node);
        code.Line(
            $"{names.Windows(node)} = context.Sessions<{ClassParts.MergedTypes(node, names)}>({CSharp.Literal(node.Id)}, gapMicros: {CSharp.Literal(sessions.Gap)}, latenessMicros: {CSharp.Literal(sessions.Lateness)}, new {ClassParts.Contract(node)}.Merger({names.Operator(node)}));");
    }

    // Maps and lists belong to keys.
    protected override string ScopeOf(OperatorNode node, TaskNames names) => $"<{names.Pipeline.Key(node)}>({CSharp.Literal(node.Id)}";

    protected override WindowCode CodeOf(Stage head, CodeWriter code, TaskNames names) => new SessionCode(head, code, names);
}
