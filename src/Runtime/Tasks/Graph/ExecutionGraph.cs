using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Sinks;
using Penstock.State;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// The subtasks of one attempt to run a pipeline that lie on one node, and the channels that lead to and from them. On the first node there
/// are templates, too: one of each task of which it has no subtask.
/// </summary>
internal sealed class ExecutionGraph : IDisposable
{
    private readonly PipelineDefinition _definition;
    private readonly Dictionary<string, Subtask?[]> _subtasks = [];
    private readonly TaskNetwork _network;
    private readonly Dictionary<string, IReadOnlyList<SourceSplit>> _discovered = [];
    private readonly Dictionary<string, Dictionary<Type, object>> _shared = [];
    private readonly List<Subtask> _created = [];
    private readonly List<ConnectorHealth> _health = [];
    // What has yet to end: each subtask, when all of its input has come to its end; and each source, which ends by itself, before its
    // subtask does.
    private int _running;
    private int _hasFailed;
    private volatile bool _stopped;

    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">What it touches.</param>
    /// <param name="seat">The place of this node in a job of several; null where there is no other one.</param>
    public ExecutionGraph(PipelineDefinition definition, ExecutionEnvironment environment, NodeSeat? seat = null)
    {
        _definition = definition;
        Placement = seat?.Placement ?? Placement.Alone;
        Environment = environment;
        Sinks = new SinkCommitters(HealthOf("the commit"), environment.Background);
        State = new StateBudget(environment.Name, environment.Options.StateLimit);
        Secret = new JobSecret(environment.NewSecret);
        Parallelism = new TaskParallelism(definition.Plan, environment.Options);
        Sources = new PlanSources(definition.Plan);
        Alignment = (environment.Options.MaxDrift ?? definition.Plan.MaxDrift) is { } drift
            ? new TimeAlignment(Sources, drift.Ticks / TimeSpan.TicksPerMicrosecond)
            : null;
        _network = new TaskNetwork(definition.Plan, Parallelism, environment, Handle, seat);
        foreach (var task in definition.Plan.Tasks)
        {
            _subtasks[task.Id] = new Subtask?[Parallelism.Of(task.Id)];
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

    /// <summary>Which subtasks lie on this node.</summary>
    public Placement Placement { get; }

    /// <summary>The memory of all state.</summary>
    public StateBudget State { get; }

    /// <summary>What the parts of the attempt say of their health.</summary>
    public IReadOnlyList<ConnectorHealth> Health => _health;

    /// <summary>Commits the output of the sinks; on the first node, for the whole job.</summary>
    public SinkCommitters Sinks { get; }

    /// <summary>The secret in the hashes of all tables.</summary>
    public JobSecret Secret { get; }

    /// <summary>How many subtasks each task has.</summary>
    public TaskParallelism Parallelism { get; }

    /// <summary>Which sources the rows of each task come from.</summary>
    public PlanSources Sources { get; }

    /// <summary>Keeps the sources that this node reads together in event time; null where that is not asked for.</summary>
    public TimeAlignment? Alignment { get; }

    /// <summary>The subtasks of this node.</summary>
    public IEnumerable<Subtask> Subtasks => WithTemplates.Where(static subtask => !subtask.Context.IsTemplate);

    /// <summary>The subtasks of this node, and the templates.</summary>
    public IEnumerable<Subtask> WithTemplates => _subtasks.Values.SelectMany(static subtasks => subtasks).OfType<Subtask>();

    /// <summary>
    /// The splits of the sources, by source. On the first node they are listed when sources are opened; another one is told.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> Splits => _discovered;

    public IEnumerable<Mailbox> Mailboxes => _network.Groups.Select(static group => group.Mailbox);

    /// <summary>The subtasks that <see cref="StopAsync"/> still waits for, for messages.</summary>
    public IEnumerable<string> Busy => _network.Groups
        .Where(static group => group.Mailbox is DataflowMailbox { Completion.IsCompleted: false })
        .Select(static group => $"subtask {group.Index} of task '{group.Task}'")
        .Concat(Subtasks.SelectMany(static subtask => subtask.UnsettledSinks)
            .Distinct()
            .Select(static sink => $"what sink '{sink}' prepares"));

    /// <summary>
    /// Called from a subtask's thread when every source on this node has ended, and the end of all input has come to every subtask: no
    /// window is left to fire.
    /// </summary>
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

    public Subtask SubtaskOf(string task, int index) => _subtasks[task][index]!;

    /// <summary>The subtasks of a task that lie on this node.</summary>
    public IEnumerable<Subtask> SubtasksOf(string task) =>
        _subtasks[task].OfType<Subtask>().Where(static subtask => !subtask.Context.IsTemplate);

    /// <summary>How many subtasks of a task lie on this node.</summary>
    public int CountHere(string task) => _network.CountHere(task);

    /// <summary>Connects a subtask with those of a task that it sends to.</summary>
    public OutputEdge Connect(TaskContext sender, string to, int input) =>
        _network.Connect(sender.TaskId, sender.Subtask, to, input, SubtaskOf);

    /// <summary>What the subtasks of a source have in common. Sources are created one after the other.</summary>
    public Dictionary<Type, object> SharedOf(string sourceId) =>
        _shared.TryGetValue(sourceId, out var shared) ? shared : _shared[sourceId] = [];

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
        foreach (var subtask in WithTemplates.Where(static subtask => subtask.Source != null))
        {
            if (subtask.Context.IsTemplate)
            {
                subtask.Source!.Discover();
                continue;
            }

            subtask.Source!.Open(isFinished);
            _running++;
        }
    }

    /// <summary>Tells what splits the sources have.</summary>
    public void Know(IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> splits)
    {
        foreach (var (source, found) in splits)
        {
            _discovered[source] = found;
        }
    }

    /// <summary>How far time had come for each task in the restored checkpoint; on the first node, after sources were opened.</summary>
    public IReadOnlyDictionary<string, long> Reached()
    {
        var reached = new Dictionary<string, long>();
        foreach (var task in _definition.Plan.Tasks)
        {
            // The time of a task is that of the input that is behind the others.
            reached[task.Id] = task.Inputs.Count == 0
                ? _subtasks[task.Id].OfType<Subtask>().Max(static subtask => subtask.Source?.Reached ?? Watermarks.None)
                : task.Inputs.Min(edge => reached[edge.From]);
        }

        return reached;
    }

    /// <summary>Opens the subtasks after sources were opened.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    public void Open(long nextCheckpoint) => Open(nextCheckpoint, Reached());

    /// <summary>Opens the subtasks after sources were opened.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    /// <param name="reached">How far time had come for each task.</param>
    public void Open(long nextCheckpoint, IReadOnlyDictionary<string, long> reached)
    {
        foreach (var subtask in Subtasks)
        {
            _running++;
            subtask.Open(nextCheckpoint, reached[subtask.Context.TaskId]);
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
        if (!Subtasks.Any())
        {
            AllEnded();
        }
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

    /// <summary>Handles no further message and waits until none is being handled, and no writer of a sink is at work.</summary>
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

        // What a writer has yet to prepare is given up, and must not be at work beside the next attempt.
        await Task
            .WhenAll(Subtasks.Select(static subtask => subtask.SinksSettled()))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose()
    {
        foreach (var group in _network.WithTemplates)
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
            if (!_network.IsHere(task.Id, index) && !_network.IsTemplate(task.Id, index))
            {
                continue;
            }

            var context = new TaskContext(this, _network, task, index);
            try
            {
                _subtasks[task.Id][index] = _definition.CreateTask(taskIndex, context);
            }
            catch (Exception error) when (error is not PipelineException)
            {
                throw new OperatorException(
                    ErrorCodes.OperatorNotCreated,
                    $"Pipeline '{Environment.Name}': {DescribeOperators(task.Id)} cannot be created: {error.GetType().Name}: {error.Message}",
                    error);
            }
        }
    }

    private void PostToSources(Message message)
    {
        foreach (var subtask in _definition.Plan.Sources.SelectMany(task => SubtasksOf(task.Id)))
        {
            subtask.Context.Group.Mailbox.Post(in message);
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
                ErrorCodes.SubtaskFailed,
                $"Pipeline '{Environment.Name}': subtask {group.Index} of task '{group.Task}' failed: {error.GetType().Name}: {error.Message}",
                error));
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
