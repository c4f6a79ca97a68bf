using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Sinks;
using Penstock.Sources;
using Penstock.State;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>The subtasks of one attempt to run a pipeline, and the channels between them.</summary>
internal sealed class PipelineGraph : IDisposable
{
    private readonly PipelineDefinition _definition;
    private readonly Dictionary<string, Subtask[]> _subtasks = [];
    private readonly NodeSplit? _nodes;
    private readonly TaskNetwork _network;
    private readonly Dictionary<string, IReadOnlyList<SourceSplit>> _discovered = [];
    private readonly Dictionary<string, Dictionary<Type, object>> _shared = [];
    private readonly List<Subtask> _created = [];
    private readonly List<ConnectorHealth> _health = [];
    private int _running;
    private int _hasFailed;
    private volatile bool _stopped;

    public PipelineGraph(PipelineDefinition definition, ExecutionEnvironment environment)
    {
        _definition = definition;
        Environment = environment;
        Sinks = new SinkCommitters(HealthOf("the commit"), environment.Background);
        State = new StateBudget(environment.Name, environment.Options.StateLimit);
        Secret = new JobSecret(environment.NewSecret);
        Parallelism = new TaskParallelism(definition.Plan, environment.Options);
        Sources = new PlanSources(definition.Plan);
        Alignment = (environment.Options.MaxDrift ?? definition.Plan.MaxDrift) is { } drift ? new TimeAlignment(Sources, drift.Ticks / TimeSpan.TicksPerMicrosecond) : null;
        _nodes = environment.LinkNodes is { } link ? new NodeSplit(environment.Name, environment.Options, link(), LinkFailed) : null;
        _network = new TaskNetwork(definition.Plan, Parallelism, environment, Handle, _nodes);
        foreach (var task in definition.Plan.Tasks)
        {
            _subtasks[task.Id] = new Subtask[Parallelism.Of(task.Id)];
        }

        try
        {
            // Downstream first: in an execution group a task calls the next one directly and must know it.
            for (var index = definition.Plan.Tasks.Count - 1; index >= 0; index--)
            {
                CreateSubtasks(index);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ExecutionEnvironment Environment { get; }

    /// <summary>The memory of all state.</summary>
    public StateBudget State { get; }

    /// <summary>What the parts of the attempt say of their health.</summary>
    public IReadOnlyList<ConnectorHealth> Health => _health;

    /// <summary>Commits the output of the sinks.</summary>
    public SinkCommitters Sinks { get; }

    /// <summary>The secret in the hashes of all tables.</summary>
    public JobSecret Secret { get; }

    /// <summary>How many subtasks each task has.</summary>
    public TaskParallelism Parallelism { get; }

    /// <summary>Which sources the rows of each task come from.</summary>
    public PlanSources Sources { get; }

    /// <summary>Keeps the sources together in event time; null where that is not asked for.</summary>
    public TimeAlignment? Alignment { get; }

    public IEnumerable<Subtask> Subtasks => _subtasks.Values.SelectMany(subtasks => subtasks);

    public IEnumerable<Mailbox> Mailboxes => _network.Groups.Select(static group => group.Mailbox);

    /// <summary>The subtasks that <see cref="StopAsync"/> still waits for, for messages.</summary>
    public IEnumerable<string> Busy => _network.Groups
        .Where(static group => group.Mailbox is DataflowMailbox { Completion.IsCompleted: false })
        .Select(static group => $"subtask {group.Index} of task '{group.Task}'");

    /// <summary>Called from a subtask's thread when every source has ended, and its end has come to every subtask: no window is left to fire.</summary>
    public Action AllEnded { get; set; } = () => { };

    /// <summary>Called from a subtask's thread when a subtask has taken its part of a checkpoint.</summary>
    public Action<long, SubtaskSnapshot> Acknowledged { get; set; } = (_, _) => { };

    /// <summary>Called from a subtask's thread, once, when something failed. No message is handled afterwards.</summary>
    public Action<Exception> Failed { get; set; } = _ => { };

    public PipelinePlan Plan => _definition.Plan;

    /// <summary>Names the operators of a task, for messages.</summary>
    public string DescribeOperators(string task) => "operator " + string.Join(" or ", _definition.Plan.Task(task).Nodes
        .Select(id => _definition.Plan.Nodes.First(node => node.Id == id))
        .Where(node => node.Kind == PlanNodeKind.Operator)
        .Select(node => $"'{node.Label}'"));

    /// <summary>Where a part of the attempt says what it does.</summary>
    public ConnectorHealth HealthOf(string owner)
    {
        var health = new ConnectorHealth(owner, Environment.Time);
        _health.Add(health);
        return health;
    }

    /// <summary>Notes a subtask that may have opened something, even if its creation fails.</summary>
    public void Attach(Subtask subtask) => _created.Add(subtask);

    /// <summary>Runs a call that ends something. What it throws is logged and changes nothing: everything else is ended as well.</summary>
    /// <param name="owner">Whose call it is, for messages.</param>
    /// <param name="action">What it does, for messages.</param>
    /// <param name="call">The call.</param>
    public void Close(string owner, string action, Action call)
    {
        try
        {
            call();
        }
        catch (Exception error)
        {
            Environment.Log.ClosingFailed(error, Environment.Name, owner, action);
        }
    }

    public Subtask SubtaskOf(string task, int index) => _subtasks[task][index];

    public IReadOnlyList<Subtask> SubtasksOf(string task) => _subtasks[task];

    /// <summary>Connects a subtask with those of a task that it sends to.</summary>
    public OutputEdge Connect(TaskContext sender, string to, int input) => _network.Connect(sender.TaskId, sender.Subtask, to, input, SubtaskOf);

    /// <summary>What the subtasks of a source have in common. Sources are created one after the other.</summary>
    public Dictionary<Type, object> SharedOf(string sourceId) => _shared.TryGetValue(sourceId, out var shared) ? shared : _shared[sourceId] = [];

    public IReadOnlyList<SourceSplit> Discover(string sourceId, Func<IReadOnlyList<SourceSplit>> discover)
    {
        if (!_discovered.TryGetValue(sourceId, out var splits))
        {
            _discovered[sourceId] = splits = discover();
        }

        return splits;
    }

    /// <summary>Finds the input after state was restored; reads and changes nothing.</summary>
    /// <param name="isFinished">Whether the job had finished: then its input must be exactly what it was.</param>
    /// <exception cref="SourceChangedException">The input is no longer what the restored checkpoint was taken from.</exception>
    public void OpenSources(bool isFinished)
    {
        foreach (var subtask in Subtasks.Where(static subtask => subtask.Source != null))
        {
            subtask.Source!.Open(isFinished);
            _running++;
        }
    }

    /// <summary>Connects the subtasks after sources were opened.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    public void Open(long nextCheckpoint)
    {
        _nodes?.Start();
        _running += Subtasks.Count();
        var reached = new Dictionary<string, long>();
        foreach (var task in _definition.Plan.Tasks)
        {
            // The time of a task is that of the input that is behind the others.
            reached[task.Id] = task.Inputs.Count == 0
                ? _subtasks[task.Id].Max(static subtask => subtask.Source?.Reached ?? Watermarks.None)
                : task.Inputs.Min(edge => reached[edge.From]);
            foreach (var subtask in _subtasks[task.Id])
            {
                subtask.Open(nextCheckpoint, reached[task.Id]);
            }
        }
    }

    public void Start()
    {
        foreach (var group in _network.Groups)
        {
            group.StartSweeping();
            if (group.IsSuspended)
            {
                group.Mailbox.Post(new Message(MessageKind.Start));
            }
        }

        PostToSources(new Message(MessageKind.Pump));
    }

    /// <summary>Sends a barrier down from every source.</summary>
    /// <param name="barrier">The barrier.</param>
    public void Trigger(CheckpointBarrier barrier) => PostToSources(new Message(MessageKind.Trigger, Barrier: barrier));

    /// <summary>Notes that a source subtask has ended, or that the end of all that comes in has come to a subtask.</summary>
    public void OnEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            AllEnded();
        }
    }

    /// <summary>Tells the sources of a checkpoint that is complete.</summary>
    public void OnCheckpointCompleted()
    {
        foreach (var subtask in Subtasks)
        {
            subtask.Source?.CheckpointCompleted();
        }
    }

    public void OnAcknowledged(long checkpoint, SubtaskSnapshot snapshot) => Acknowledged(checkpoint, snapshot);

    /// <summary>Handles no further message and waits until none is being handled.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        foreach (var mailbox in Mailboxes.OfType<DataflowMailbox>())
        {
            mailbox.Complete();
        }

        foreach (var subtask in Subtasks)
        {
            subtask.InterruptSinks();
        }

        foreach (var (id, committer) in Sinks.All)
        {
            Close($"sink '{id}'", "interrupted", committer.Interrupt);
        }

        foreach (var mailbox in Mailboxes.OfType<DataflowMailbox>())
        {
            await mailbox.Completion;
        }
    }

    public void Dispose()
    {
        _nodes?.Dispose();
        foreach (var group in _network.Groups)
        {
            group.Dispose();
        }

        foreach (var subtask in _created)
        {
            subtask.Dispose();
        }

        foreach (var (id, committer) in Sinks.All)
        {
            Close($"sink '{id}'", "closed", committer.Dispose);
        }
    }

    private void CreateSubtasks(int taskIndex)
    {
        var task = _definition.Plan.Tasks[taskIndex];
        for (var index = 0; index < Parallelism.Of(task.Id); index++)
        {
            var context = new TaskContext(this, _network, task, index);
            try
            {
                _subtasks[task.Id][index] = _definition.CreateTask(taskIndex, context);
            }
            catch (Exception error) when (error is not PipelineException)
            {
                throw new OperatorException($"Pipeline '{Environment.Name}': {DescribeOperators(task.Id)} cannot be created: {error.GetType().Name}: {error.Message}", error);
            }
        }
    }

    private void PostToSources(Message message)
    {
        foreach (var task in _definition.Plan.Sources)
        {
            for (var index = 0; index < Parallelism.Of(task.Id); index++)
            {
                _network.GroupOf(task.Id, index).Mailbox.Post(in message);
            }
        }
    }

    private void Handle(ExecutionGroup group, Message message)
    {
        if (_stopped)
        {
            return;
        }

        try
        {
            group.Handle(in message);
        }
        catch (Exception error)
        {
            Fail(error is PipelineException ? error : new OperatorException(
                $"Pipeline '{Environment.Name}': subtask {group.Index} of task '{group.Task}' failed: {error.GetType().Name}: {error.Message}", error));
        }
    }

    private void LinkFailed(Exception error)
    {
        if (!_stopped)
        {
            Fail(error);
        }
    }

    private void Fail(Exception error)
    {
        _stopped = true;

        // Another group may fail at the same time. One error ends the attempt.
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
        {
            Failed(error);
        }
    }
}
