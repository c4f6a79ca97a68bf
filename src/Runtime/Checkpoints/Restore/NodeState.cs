using System.Diagnostics;
using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>The state of the subtasks of a node while they are restored.</summary>
/// <param name="graph">The node.</param>
internal sealed class NodeState(ExecutionGraph graph)
{
    /// <summary>The parts of all its subtasks, templates included.</summary>
    public IEnumerable<IStatePart> Parts => graph.WithTemplates.SelectMany(static subtask => subtask.StateParts);

    /// <summary>Loads what the subtasks own of a checkpoint.</summary>
    /// <param name="matcher">Says which part takes a section.</param>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="files">Its files.</param>
    public async Task LoadAsync(StateMatcher matcher, Manifest manifest, StateFiles files)
    {
        var loader = new StateLoader([.. graph.WithTemplates], matcher, manifest, files) { Placement = graph.Placement };
        var loaded = await loader.LoadAsync(graph.Environment.Background);
        Activity.Current?.SetTag("penstock.restore.bytes", loaded.Sum(static subtask => subtask.Bytes));
        if (manifest.Drained)
        {
            foreach (var part in Parts)
            {
                part.ForgetWatermark();
            }
        }
    }

    /// <summary>Forgets what was loaded.</summary>
    public void Forget()
    {
        foreach (var part in Parts)
        {
            part.Forget();
        }
    }
}
