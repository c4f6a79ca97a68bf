using Penstock.Network;
using Penstock.Network.Links;

namespace Penstock.Tasks;

/// <summary>
/// The execution groups of one attempt, and the channels between them. A task is in the group of the tasks that send to it when all of these are in one group, and each of its
/// subtasks gets rows from one subtask of each, which sends to no other: then it is called directly. Else it begins a group of its own.
/// </summary>
/// <remarks>
/// Nothing waits for ever, however many subtasks the tasks have. Only the first task of a group gets rows from other groups, so that channels lead downstream. Take the oldest barrier
/// that some group has not passed, and of these groups the first one: all that send to it have passed, so that the barrier is behind what waits in each of its channels or in the queue of
/// one. It takes all of that, unless it is blocked, by a group that has not passed either, since its barrier comes from there. That one holds no channel on which the barrier is missing, so it
/// takes what comes, unless it is blocked in turn: and so on, down to a group that sends to none.
/// </remarks>
internal sealed class TaskNetwork
{
    private readonly TaskParallelism _parallelism;
    private readonly ExecutionEnvironment _environment;
    private readonly NodeSplit? _nodes;
    private readonly Dictionary<string, PlanTask> _tasks;
    private readonly Dictionary<string, ushort> _numbers;
    private readonly Dictionary<string, ExecutionGroup[]> _groups = [];
    private readonly Dictionary<string, InputChannel[][]> _inputs = [];
    private readonly List<ExecutionGroup> _inOrder = [];

    // The tasks whose subtasks all get the watermarks of the same senders.
    private readonly HashSet<string> _haveSameInputs = [];

    /// <param name="plan">The plan; its tasks are in order, upstream first.</param>
    /// <param name="parallelism">How many subtasks its tasks have.</param>
    /// <param name="environment">What the pipeline touches.</param>
    /// <param name="handle">Handles a message of a group.</param>
    /// <param name="nodes">The nodes over which the subtasks are split; null where all lie on one.</param>
    public TaskNetwork(PipelinePlan plan, TaskParallelism parallelism, ExecutionEnvironment environment, Action<ExecutionGroup, Message> handle, NodeSplit? nodes = null)
    {
        _nodes = nodes;
        _numbers = plan.Tasks.Select(static (task, number) => (task.Id, number)).ToDictionary(static task => task.Id, static task => (ushort)task.number);
        _parallelism = parallelism;
        _environment = environment;
        _tasks = plan.Tasks.ToDictionary(static task => task.Id);
        foreach (var task in plan.Tasks)
        {
            _groups[task.Id] = GroupOfSenders(task) ?? Begin(task, handle);
            if (HaveSameInputs(task))
            {
                _haveSameInputs.Add(task.Id);
            }

            _inputs[task.Id] = [.. Enumerable.Range(0, parallelism.Of(task.Id)).Select(_ => InputsOf(task))];
        }
    }

    /// <summary>All groups, upstream first.</summary>
    public IReadOnlyList<ExecutionGroup> Groups => _inOrder;

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

        return new OutputEdge([.. TargetsOf(edge, to, index).Select(target =>
        {
            var input = ChannelFrom(index, to, target, edge);
            var (sender, receiver) = (_groups[from][index].Mailbox, _groups[to][target].Mailbox);
            if (_nodes != null && !AreOnOneNode(from, index, to, target))
            {
                var codec = edge.Codec ?? throw new PipelineException($"Pipeline '{_environment.Name}': rows go from task '{from}' to a subtask of task '{to}' on another node, and their type cannot be written: PEN129 says why.");
                return _nodes.Connect(sender, receiver, input, new ChannelAddress(_numbers[from], (ushort)index, _numbers[to], (ushort)target, (ushort)edge.Input), codec);
            }

            var channel = new LocalChannel(sender, receiver, input, _environment.Options.ChannelCapacity);
            input.Sender = channel;
            return (Channel)channel;
        })]);
    }

    private ExecutionGroup[]? GroupOfSenders(PlanTask task)
    {
        if (task.Inputs.Count == 0 || !task.Inputs.All(edge => IsOneToOne(edge, task.Id) && AreOnOneNode(edge.From, 0, task.Id, 0)))
        {
            return null;
        }

        var first = _groups[task.Inputs[0].From];
        return task.Inputs.All(edge => _groups[edge.From] == first) ? first : null;
    }

    private ExecutionGroup[] Begin(PlanTask task, Action<ExecutionGroup, Message> handle)
    {
        ExecutionGroup[] groups = [.. Enumerable.Range(0, _parallelism.Of(task.Id)).Select(index => new ExecutionGroup(_environment, task.Id, index, handle))];
        _inOrder.AddRange(groups);
        return groups;
    }

    // With the subtasks of index 0 lie those of any other index together, too.
    private bool AreOnOneNode(string from, int index, string to, int target) => _nodes == null || NodeSplit.NodeOf(_numbers[from], index) == NodeSplit.NodeOf(_numbers[to], target);

    private bool IsOneToOne(PlanEdge edge, string to) => _parallelism.Of(edge, to) == Partitioning.Forward;

    // One for each subtask that sends, input by input.
    private InputChannel[] InputsOf(PlanTask task) => task.Inputs.Count == 0
        ? [new InputChannel(0, 0)]
        : [.. task.Inputs.SelectMany(edge => Enumerable.Repeat(edge, SendersOf(edge, task.Id))).Select((edge, index) => new InputChannel(edge.Input, index) { WakesWithOthers = _haveSameInputs.Contains(edge.From) })];

    // Over a forward edge each has a sender of its own, which says what the others say where these have the same inputs in turn; over any other edge all get what all senders say.
    private bool HaveSameInputs(PlanTask task) => task.Inputs.Count > 0 && task.Inputs.All(edge => !IsOneToOne(edge, task.Id) || _haveSameInputs.Contains(edge.From));

    private InputChannel ChannelFrom(int sender, string to, int target, PlanEdge edge) =>
        _inputs[to][target].Where(channel => channel.Input == edge.Input).ElementAt(IsOneToOne(edge, to) ? 0 : sender);

    private int SendersOf(PlanEdge edge, string to) => IsOneToOne(edge, to) ? 1 : _parallelism.Of(edge.From);

    private IEnumerable<int> TargetsOf(PlanEdge edge, string to, int index) => IsOneToOne(edge, to) ? [index] : Enumerable.Range(0, _parallelism.Of(to));
}
