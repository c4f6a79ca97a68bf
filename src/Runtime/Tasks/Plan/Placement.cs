namespace Penstock.Tasks;

/// <summary>Which subtasks of a job lie on a node: every second one, where there are two nodes.</summary>
/// <param name="Node">The number of the node, from 0. The first one is that of the coordinator.</param>
/// <param name="Nodes">How many nodes the job has.</param>
internal sealed record Placement(int Node, int Nodes)
{
    /// <summary>That of a job with one node.</summary>
    public static Placement Alone { get; } = new(0, 1);

    /// <summary>Whether the coordinator is on the node.</summary>
    public bool IsFirst => Node == 0;

    /// <summary>The node of a subtask.</summary>
    /// <param name="task">The number of its task in the plan.</param>
    /// <param name="subtask">Its index.</param>
    public int NodeOf(int task, int subtask) => (task + subtask) % Nodes;

    /// <summary>Whether a subtask lies on the node.</summary>
    /// <param name="task">The number of its task in the plan.</param>
    /// <param name="subtask">Its index.</param>
    public bool IsHere(int task, int subtask) => NodeOf(task, subtask) == Node;
}
