namespace Penstock.Tasks;

/// <summary>The placement of the subtasks of a job on nodes: with two nodes, every second one is on each.</summary>
/// <param name="Node">The number of the node, from 0. The first one is that of the coordinator.</param>
/// <param name="Nodes">The number of nodes of the job.</param>
internal sealed record Placement(int Node, int Nodes)
{
    /// <summary>The placement of a job with one node.</summary>
    public static Placement SingleNode { get; } = new(0, 1);

    /// <summary>Indicates whether the coordinator is on the node.</summary>
    public bool IsFirst => Node == 0;

    /// <summary>Returns the node of a subtask.</summary>
    /// <param name="task">The number of its task in the plan.</param>
    /// <param name="subtask">The index of the subtask.</param>
    public int NodeOf(int task, int subtask) => (task + subtask) % Nodes;

    /// <summary>Determines whether a subtask runs on the node.</summary>
    /// <param name="task">The number of its task in the plan.</param>
    /// <param name="subtask">The index of the subtask.</param>
    public bool IsHere(int task, int subtask) => NodeOf(task, subtask) == Node;
}
