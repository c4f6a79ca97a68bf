using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>
/// The execution groups of one attempt, and the channels between them. A task joins the group of its upstream tasks if these are all in one
/// group, and if each of its subtasks gets rows from exactly one subtask of each of them, which sends to no other: it is then called
/// directly. Otherwise, and if its first operator is asynchronous, it starts its own group: its input then waits in channels while its rows
/// are in flight.
/// </summary>
/// <remarks>
/// There is no deadlock, regardless of parallelism. Only the first task of a group gets rows from other groups, so all channels lead
/// downstream. Consider the oldest barrier that some group has not passed, and the most upstream such group. All groups that send to it
/// have passed the barrier, so the barrier is in each of its input channels or in the queue of a sender. The group takes all input before
/// the barrier, unless its output is blocked. It can be blocked only by a downstream group that has not passed the barrier either. That
/// group does not hold a channel on which the barrier is missing, so it takes input, unless it is blocked in turn; and so on, down to a
/// group that sends to no other.
/// </remarks>
internal sealed class TaskNetwork
{
    private readonly TaskParallelism _parallelism;
    private readonly ExecutionEnvironment _environment;
    private readonly Placement _placement;
    private readonly Peer? _peer;
    private readonly Dictionary<string, PlanTask> _tasks;
    private readonly Dictionary<string, ushort> _numbers;
    private readonly Dictionary<string, ExecutionGroup[]> _groups = [];
    private readonly Dictionary<string, InputChannel[][]> _inputs = [];
    private readonly List<ExecutionGroup> _inOrder = [];

    // The tasks whose subtasks all get watermarks from the same senders.
    private readonly HashSet<string> _haveSameInputs = [];

    /// <param name="plan">The plan, with its tasks in order, upstream first.</param>
    /// <param name="parallelism">The parallelism of its tasks.</param>
    /// <param name="environment">The environment of the pipeline.</param>
    /// <param name="handle">Handles a message of a group.</param>
    /// <param name="membership">The membership of this node in a job with several nodes, or null if there is only one.</param>
    public TaskNetwork(
        PipelinePlan plan,
        TaskParallelism parallelism,
        ExecutionEnvironment environment,
        Action<ExecutionGroup, Message> handle,
        NodeMembership? membership = null)
    {
        (_placement, _peer) = (membership?.Placement ?? Placement.SingleNode, membership?.Peer);
        _numbers = plan.Tasks
            .Select(static (task, number) => (task.Id, number))
            .ToDictionary(static task => task.Id, static task => (ushort)task.number);
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
            foreach (var edge in task.Inputs)
            {
                AddRemoteInputs(edge, task.Id);
            }
        }
    }

    /// <summary>The working groups of this node, upstream first.</summary>
    public IReadOnlyList<ExecutionGroup> Groups => _inOrder;

    /// <summary>The groups of this node, including those of templates.</summary>
    public IEnumerable<ExecutionGroup> WithTemplates =>
        _groups.Values.SelectMany(static groups => groups).OfType<ExecutionGroup>().Distinct();

    /// <summary>Determines whether a subtask runs on this node.</summary>
    public bool IsHere(string task, int index) => _placement.IsHere(_numbers[task], index);

    /// <summary>Returns the number of subtasks of a task on all nodes.</summary>
    public int CountOf(string task) => _parallelism.Of(task);

    /// <summary>Returns the number of subtasks of a task on this node.</summary>
    public int CountHere(string task) => Enumerable.Range(0, _parallelism.Of(task)).Count(index => IsHere(task, index));

    /// <summary>
    /// Determines whether a subtask is a template. The first node has a template for each task without a subtask there. A template does no
    /// work; it provides the coordinator with the state, the splits and the sinks of the task.
    /// </summary>
    public bool IsTemplate(string task, int index) => _placement.IsFirst && index == 0 && CountHere(task) == 0;

    /// <summary>Returns the group of a subtask of this node, or of a template.</summary>
    public ExecutionGroup GroupOf(string task, int index) => _groups[task][index];

    /// <summary>Returns the input channels of a subtask; for one that reads a source, the channel that its driver fills.</summary>
    public InputChannel[] InputsOf(string task, int index) => _inputs[task][index];

    /// <summary>Returns the indices of the subtasks that send to a subtask over an edge.</summary>
    public IEnumerable<int> SendersOf(PlanEdge edge, string to, int target) =>
        IsOneToOne(edge, to) ? [target] : Enumerable.Range(0, _parallelism.Of(edge.From));

    /// <summary>Connects a subtask to the subtasks of a downstream task.</summary>
    /// <param name="from">The sending task.</param>
    /// <param name="index">The index of the sending subtask.</param>
    /// <param name="to">The receiving task.</param>
    /// <param name="input">The index of the input of that task.</param>
    /// <param name="subtaskOf">Finds a subtask in the same group.</param>
    /// <returns>The edge to the receivers.</returns>
    public OutputEdge Connect(string from, int index, string to, int input, Func<string, int, Subtask> subtaskOf)
    {
        var edge = _tasks[to].Inputs.First(edge => edge.Input == input);
        if (_groups[from] == _groups[to])
        {
            return new OutputEdge(subtaskOf(to, index), InputFrom(index, to, index, edge));
        }

        var sender = _groups[from][index];
        var channels = TargetsOf(edge, to, index)
            .Select(target => IsTemplate(from, index)
                ? new NullChannel(sender.Mailbox)
                : ChannelTo(sender.Mailbox, from, index, to, target, edge))
            .ToArray();
        sender.Outbox.Add(channels);
        return new OutputEdge(channels);
    }

    private Channel ChannelTo(Mailbox sender, string from, int index, string to, int target, PlanEdge edge)
    {
        if (!IsHere(to, target))
        {
            var remote = new RemoteChannel(sender, _peer!, AddressOf(from, index, to, target, edge), CodecOf(edge, to), RemoteCredits);
            _peer!.Add(remote);
            return remote;
        }

        var input = InputFrom(index, to, target, edge);
        var channel = new LocalChannel(sender, _groups[to][target].Mailbox, input, _environment.Options.ChannelCapacity);
        input.Sender = channel;
        return channel;
    }

    // The other node has the other end.
    private void AddRemoteInputs(PlanEdge edge, string to)
    {
        for (var target = 0; target < _parallelism.Of(to); target++)
        {
            foreach (var sender in SendersOf(edge, to, target).Where(sender => IsHere(to, target) && !IsHere(edge.From, sender)))
            {
                var input = InputFrom(sender, to, target, edge);
                var remote = new RemoteInput(
                    _peer!,
                    AddressOf(edge.From, sender, to, target, edge),
                    _groups[to][target].Mailbox,
                    input,
                    CodecOf(edge, to),
                    _environment.Options.BatchSize,
                    RemoteCredits);
                _peer!.Add(remote);
                input.Sender = remote;
            }
        }
    }

    private int RemoteCredits => RemoteChannel.TimesLocalCredits * _environment.Options.ChannelCapacity;

    private ChannelAddress AddressOf(string from, int index, string to, int target, PlanEdge edge) =>
        new(_numbers[from], (ushort)index, _numbers[to], (ushort)target, (ushort)edge.Input);

    private BatchCodec CodecOf(PlanEdge edge, string to) => edge.Codec ?? throw new PipelineException(
        ErrorCodes.RowsNotSendable,
        $"Pipeline '{_environment.Name}': rows go from task '{edge.From}' to a subtask of task '{to}' on another node, and their type "
            + $"cannot be written: PEN129 says why.");

    private ExecutionGroup[]? GroupOfSenders(PlanTask task)
    {
        if (task.Inputs.Count == 0
            || task.IsAsync
            || !task.Inputs.All(edge => IsOneToOne(edge, task.Id) && AreOnOneNode(edge.From, task.Id)))
        {
            return null;
        }

        var first = _groups[task.Inputs[0].From];
        return task.Inputs.All(edge => _groups[edge.From] == first) ? first : null;
    }

    private ExecutionGroup[] Begin(PlanTask task, Action<ExecutionGroup, Message> handle)
    {
        // The groups of subtasks on another node are never requested.
        var groups = new ExecutionGroup[_parallelism.Of(task.Id)];
        for (var index = 0; index < groups.Length; index++)
        {
            if (IsHere(task.Id, index))
            {
                _inOrder.Add(groups[index] = new ExecutionGroup(_environment, task.Id, index, handle));
            }
            else if (IsTemplate(task.Id, index))
            {
                groups[index] = new ExecutionGroup(_environment, task.Id, index, handle);
            }
        }

        return groups;
    }

    // If the subtasks of index 0 are on the same node, so are those of every other index.
    private bool AreOnOneNode(string from, string to) => _placement.NodeOf(_numbers[from], 0) == _placement.NodeOf(_numbers[to], 0);

    private bool IsOneToOne(PlanEdge edge, string to) => _parallelism.Of(edge, to) == Partitioning.Forward;

    // One channel for each sending subtask, input by input.
    private InputChannel[] InputsOf(PlanTask task) => task.Inputs.Count == 0
        ? [new InputChannel(0, 0)]
        : [.. task.Inputs.SelectMany(edge => Enumerable.Repeat(
            edge,
            SenderCount(edge, task.Id))).Select((edge, index) => new InputChannel(edge.Input, index)
        {
            SharesIdleness = _haveSameInputs.Contains(edge.From),
            IsPreferred = edge.IsPreferred,
        })];

    // Over a forward edge each subtask has its own sender, and these report the same watermarks only if their inputs are the same in turn.
    // Over any other edge all subtasks get the watermarks of all senders.
    private bool HaveSameInputs(PlanTask task) =>
        task.Inputs.Count > 0 && task.Inputs.All(edge => !IsOneToOne(edge, task.Id) || _haveSameInputs.Contains(edge.From));

    private InputChannel InputFrom(int sender, string to, int target, PlanEdge edge) =>
        _inputs[to][target].Where(channel => channel.Input == edge.Input).ElementAt(IsOneToOne(edge, to) ? 0 : sender);

    private int SenderCount(PlanEdge edge, string to) => IsOneToOne(edge, to) ? 1 : _parallelism.Of(edge.From);

    private IEnumerable<int> TargetsOf(PlanEdge edge, string to, int index) =>
        IsOneToOne(edge, to) ? [index] : Enumerable.Range(0, _parallelism.Of(to));
}
