using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>
/// The execution groups of one attempt, and the channels between them. A task is in the group of the tasks that send to it when all of these are in one group, and each of its
/// subtasks gets rows from one subtask of each: then it is called directly. Else it begins a group of its own.
/// </summary>
internal sealed class TaskNetwork
{
    private readonly ExecutionEnvironment _environment;
    private readonly Dictionary<string, PlanTask> _tasks;
    private readonly Dictionary<string, ExecutionGroup[]> _groups = [];
    private readonly Dictionary<string, InputChannel[][]> _inputs = [];
    private readonly List<ExecutionGroup> _inOrder = [];

    /// <param name="plan">The plan; its tasks are in order, upstream first.</param>
    /// <param name="environment">What the pipeline touches.</param>
    /// <param name="handle">Handles a message of a group.</param>
    public TaskNetwork(PipelinePlan plan, ExecutionEnvironment environment, Action<ExecutionGroup, Message> handle)
    {
        _environment = environment;
        _tasks = plan.Tasks.ToDictionary(static task => task.Id);
        foreach (var task in plan.Tasks)
        {
            _groups[task.Id] = GroupOfSenders(task) ?? Begin(task, handle);
            _inputs[task.Id] = [.. Enumerable.Range(0, Parallelism).Select(_ => InputsOf(task))];
        }
    }

    /// <summary>All groups, upstream first.</summary>
    public IReadOnlyList<ExecutionGroup> Groups => _inOrder;

    private int Parallelism => _environment.Options.Parallelism;

    public ExecutionGroup GroupOf(string task, int index) => _groups[task][index];

    /// <summary>The channels of the inputs of a subtask; of one that reads a source the one that its driver fills.</summary>
    public InputChannel[] InputsOf(string task, int index) => _inputs[task][index];

    /// <summary>Connects a subtask with those that it sends to.</summary>
    /// <param name="from">The task that sends.</param>
    /// <param name="index">The index of the subtask that sends.</param>
    /// <param name="to">The task that it sends to.</param>
    /// <param name="input">The input of that task.</param>
    /// <param name="subtaskOf">Finds a subtask in the same group.</param>
    /// <returns>The way to them.</returns>
    public OutputEdge Connect(string from, int index, string to, int input, Func<string, int, Subtask> subtaskOf)
    {
        var edge = _tasks[to].Inputs.First(edge => edge.Input == input);
        if (_groups[from] == _groups[to])
        {
            return new OutputEdge(subtaskOf(to, index), ChannelFrom(index, to, index, edge));
        }

        return new OutputEdge([.. TargetsOf(edge, index).Select(target =>
        {
            var receiver = ChannelFrom(index, to, target, edge);
            return receiver.Channel = new Channel(_groups[from][index].Mailbox, _groups[to][target].Mailbox, receiver, _environment.Options.ChannelCapacity);
        })]);
    }

    private ExecutionGroup[]? GroupOfSenders(PlanTask task)
    {
        if (task.Inputs.Count == 0 || !task.Inputs.All(IsOneToOne))
        {
            return null;
        }

        var first = _groups[task.Inputs[0].From];
        return task.Inputs.All(edge => _groups[edge.From] == first) ? first : null;
    }

    private ExecutionGroup[] Begin(PlanTask task, Action<ExecutionGroup, Message> handle)
    {
        ExecutionGroup[] groups = [.. Enumerable.Range(0, Parallelism).Select(index => new ExecutionGroup(_environment, task.Id, index, handle))];
        _inOrder.AddRange(groups);
        return groups;
    }

    private bool IsOneToOne(PlanEdge edge) => Parallelism == 1 || edge.Partitioning == Partitioning.Forward;

    // One for each subtask that sends, input by input.
    private InputChannel[] InputsOf(PlanTask task) => task.Inputs.Count == 0
        ? [new InputChannel(0, 0)]
        : [.. task.Inputs.SelectMany(edge => Enumerable.Repeat(edge, SendersOf(edge))).Select((edge, index) => new InputChannel(edge.Input, index) { WakesWithOthers = HaveSameInputs(edge.From) })];

    // All subtasks of a task behind exchanges get the watermarks of all senders.
    private bool HaveSameInputs(string task) => _tasks[task].Inputs is { Count: > 0 } inputs && inputs.All(static edge => edge.Partitioning == Partitioning.Hash);

    private InputChannel ChannelFrom(int sender, string to, int target, PlanEdge edge) =>
        _inputs[to][target].Where(channel => channel.Input == edge.Input).ElementAt(IsOneToOne(edge) ? 0 : sender);

    private int SendersOf(PlanEdge edge) => IsOneToOne(edge) ? 1 : Parallelism;

    private IEnumerable<int> TargetsOf(PlanEdge edge, int index) => IsOneToOne(edge) ? [index] : Enumerable.Range(0, Parallelism);
}
