using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The emitter of a kind without a class that keeps state of its own.</summary>
internal interface IOwnStateEmitter
{
    /// <summary>Emits the state, and the codec that writes it to checkpoints.</summary>
    void EmitState(CodeWriter code, OperatorNode node, PipelineNames names);
}
