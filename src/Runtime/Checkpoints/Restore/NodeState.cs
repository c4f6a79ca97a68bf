using System.Diagnostics;
using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>The state of the subtasks of a node during a restore.</summary>
/// <param name="graph">The execution graph of the node.</param>
internal sealed class NodeState(ExecutionGraph graph)
{
    /// <summary>The parts of all subtasks, including templates.</summary>
    public IEnumerable<IStatePart> Parts => graph.WithTemplates.SelectMany(static subtask => subtask.StateParts);

    /// <summary>Loads the state of a checkpoint that the subtasks own.</summary>
    /// <param name="matcher">Determines which part receives a section.</param>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="files">The files of the checkpoint.</param>
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

    /// <summary>Discards the loaded state.</summary>
    public void Forget()
    {
        foreach (var part in Parts)
        {
            part.Forget();
        }
    }
}
