using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Sinks;
using Penstock.State;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// The subtasks of one attempt on one node, with their channels. On the first node it also contains a template for each task without a
/// subtask there.
/// </summary>
internal sealed class ExecutionGraph : IDisposable
{
    // The maximum time for which the end of an attempt waits for canceled calls.
    private static readonly TimeSpan MaxCallGrace = TimeSpan.FromSeconds(5);

    private readonly PipelineDefinition _definition;
    private readonly Dictionary<string, Subtask?[]> _subtasks = [];
    private readonly TaskNetwork _network;
    private readonly Dictionary<string, IReadOnlyList<SourceSplit>> _discovered = [];
    private readonly Dictionary<string, Dictionary<Type, object>> _shared = [];
    private readonly List<Subtask> _created = [];
    private readonly List<ConnectorHealth> _health = [];
    // The number of parts that have not ended: all subtasks, each until all of its input has ended; and all sources, which end by
    // themselves before their subtasks.
    private int _running;
    private int _hasFailed;
    private volatile bool _stopped;

    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">The environment of the attempt.</param>
    /// <param name="membership">The membership of this node in a job with several nodes, or null if there is only one.</param>
    public ExecutionGraph(PipelineDefinition definition, ExecutionEnvironment environment, NodeMembership? membership = null)
    {
        _definition = definition;
        Placement = membership?.Placement ?? Placement.SingleNode;
        Environment = environment;
        Sinks = new SinkCommitters(HealthOf("the commit"), environment.Background);
        State = new StateBudget(environment.Name, environment.Options.StateLimit);
        Secret = new JobSecret(environment.NewSecret);
        Parallelism = new TaskParallelism(definition.Plan, environment.Options);
        Sources = new PlanSources(definition.Plan);
        Alignment = (environment.Options.MaxDrift ?? definition.Plan.MaxDrift) is { } drift
            ? new TimeAlignment(Sources, drift.Ticks / TimeSpan.TicksPerMicrosecond)
            : null;
        _network = new TaskNetwork(definition.Plan, Parallelism, environment, Handle, membership);
        foreach (var task in definition.Plan.Tasks)
        {
            _subtasks[task.Id] = new Subtask?[Parallelism.Of(task.Id)];
        }

        try
        {
            // Downstream tasks first: inside an execution group a task calls the next one directly and needs a reference to it.
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

    /// <summary>The placement of subtasks on this node.</summary>
    public Placement Placement { get; }

    /// <summary>The memory of all state.</summary>
    public StateBudget State { get; }

    /// <summary>The health of the parts of the attempt.</summary>
    public IReadOnlyList<ConnectorHealth> Health => _health;

    /// <summary>The committers of the sinks; on the first node, for the whole job.</summary>
    public SinkCommitters Sinks { get; }

    /// <summary>The secret in the hashes of all tables.</summary>
    public JobSecret Secret { get; }

    /// <summary>The parallelism of each task.</summary>
    public TaskParallelism Parallelism { get; }

    /// <summary>The sources of each task's rows.</summary>
    public PlanSources Sources { get; }

    /// <summary>Aligns the sources read by this node in event time, or null if that is not configured.</summary>
    public TimeAlignment? Alignment { get; }

    /// <summary>The subtasks of this node.</summary>
    public IEnumerable<Subtask> Subtasks => WithTemplates.Where(static subtask => !subtask.Context.IsTemplate);

    /// <summary>The subtasks of this node, and the templates.</summary>
    public IEnumerable<Subtask> WithTemplates => _subtasks.Values.SelectMany(static subtasks => subtasks).OfType<Subtask>();

    /// <summary>The splits of each source. On the first node they are listed when sources are opened; another node receives them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> Splits => _discovered;

    public IEnumerable<Mailbox> Mailboxes => _network.Groups.Select(static group => group.Mailbox);

    /// <summary>The subtasks that <see cref="StopAsync"/> is still waiting for, for messages.</summary>
    public IEnumerable<string> Busy => _network.Groups
        .Where(static group => group.Mailbox is DataflowMailbox { Completion.IsCompleted: false })
        .Select(static group => $"subtask {group.Index} of task '{group.Task}'")
        .Concat(Subtasks.SelectMany(static subtask => subtask.UnsettledSinks)
            .Distinct()
            .Select(static sink => $"what sink '{sink}' prepares"));

    /// <summary>
    /// Called on the thread of a subtask when every source on this node and all input of every subtask has ended, so that no window is left
    /// to fire.
    /// </summary>
    public Action AllEnded { get; set; } = () => { };

    /// <summary>Called on the thread of a subtask when it has taken its part of a checkpoint.</summary>
    public Action<long, SubtaskSnapshot> Acknowledged { get; set; } = (_, _) => { };

    /// <summary>Called once on the thread of a subtask when something has failed. No message is handled afterwards.</summary>
    public Action<Exception> Failed { get; set; } = _ => { };

    public PipelinePlan Plan => _definition.Plan;

    /// <summary>Returns the names of the operators of a task, for messages.</summary>
    public string DescribeOperators(string task) => "operator " + string.Join(" or ", _definition.Plan.Task(task).Nodes
        .Select(id => _definition.Plan.Nodes.First(node => node.Id == id))
        .Where(node => node.Kind == PlanNodeKind.Operator)
        .Select(node => $"'{node.Label}'"));

    /// <summary>Creates the object through which a part of the attempt reports its health.</summary>
    public ConnectorHealth HealthOf(string owner)
    {
        var health = new ConnectorHealth(owner, Environment.Time);
        _health.Add(health);
        return health;
    }

    /// <summary>Adds a subtask that may have opened resources, even if its creation fails.</summary>
    public void Attach(Subtask subtask) => _created.Add(subtask);

    /// <summary>
    /// Runs a call that closes something. An exception is logged and has no other effect, so that everything else is closed as well.
    /// </summary>
    /// <param name="owner">The owner of the call, for messages.</param>
    /// <param name="action">The action of the call, for messages.</param>
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

    /// <summary>Returns the subtasks of a task on this node.</summary>
    public IEnumerable<Subtask> SubtasksOf(string task) =>
        _subtasks[task].OfType<Subtask>().Where(static subtask => !subtask.Context.IsTemplate);

    /// <summary>Returns the number of subtasks of a task on this node.</summary>
    public int CountHere(string task) => _network.CountHere(task);

    /// <summary>Connects a subtask to the subtasks of a downstream task.</summary>
    public OutputEdge Connect(TaskContext sender, string to, int input) =>
        _network.Connect(sender.TaskId, sender.Subtask, to, input, SubtaskOf);

    /// <summary>Returns the objects that the subtasks of a source share. Sources are created one after the other.</summary>
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

    /// <summary>Opens the sources after state was restored, without modifying anything outside.</summary>
    /// <param name="isFinished"><c>true</c> if the job had finished: its input must then be unchanged.</param>
    /// <exception cref="SourceChangedException">The input has changed since the restored checkpoint was taken.</exception>
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

    /// <summary>Sets the splits of the sources.</summary>
    public void SetSplits(IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> splits)
    {
        foreach (var (source, found) in splits)
        {
            _discovered[source] = found;
        }
    }

    /// <summary>
    /// Returns the watermark that each task had reached in the restored checkpoint; on the first node, after sources were opened.
    /// </summary>
    public IReadOnlyDictionary<string, long> Reached()
    {
        var reached = new Dictionary<string, long>();
        foreach (var task in _definition.Plan.Tasks)
        {
            // The watermark of a task is that of its slowest input.
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
    /// <param name="reached">The watermark that each task had reached.</param>
    public void Open(long nextCheckpoint, IReadOnlyDictionary<string, long> reached)
    {
        new IdleSubtasks(Plan, _network).Announce(
            task => _subtasks[task].OfType<Subtask>().Select(static subtask => subtask.Source).FirstOrDefault());
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
            if (group.HasRestoredWork)
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

    /// <summary>Sends a barrier from every source.</summary>
    /// <param name="barrier">The barrier.</param>
    public void Trigger(CheckpointBarrier barrier)
    {
        foreach (var subtask in Subtasks.Where(subtask => subtask.Calls != null && !barrier.Mode.IsEnd()))
        {
            // It takes the rows in front of the barrier without waiting for calls.
            subtask.Context.Group.Mailbox.Post(new Message(MessageKind.BarrierAhead, Barrier: barrier));
        }

        PostToSources(new Message(MessageKind.Trigger, Barrier: barrier));
    }

    /// <summary>Records that a source subtask has ended, or that all input of a subtask has ended.</summary>
    public void OnEnded()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            AllEnded();
        }
    }

    /// <summary>Notifies the sources of a completed checkpoint.</summary>
    public void OnCheckpointCompleted()
    {
        foreach (var subtask in Subtasks)
        {
            subtask.Source?.CheckpointCompleted();
        }
    }

    public void OnAcknowledged(long checkpoint, SubtaskSnapshot snapshot) => Acknowledged(checkpoint, snapshot);

    /// <summary>Stops handling messages, and waits until no message is being handled and no writer of a sink is working.</summary>
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
            if (subtask.Calls is { } calls)
            {
                Close($"the calls of task '{subtask.Context.TaskId}'", "canceled", calls.Cancel);
            }
        }

        foreach (var (id, committer) in Sinks.All)
        {
            Close($"sink '{id}'", "interrupted", committer.Interrupt);
        }

        foreach (var mailbox in Mailboxes.OfType<DataflowMailbox>())
        {
            await mailbox.Completion;
        }

        await CallsSettledAsync();

        // Pending prepare calls of writers are abandoned, but they must not be running during the next attempt.
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

    // A canceled call should end soon. One that does not is abandoned: it has no access to anything of the attempt but its operator.
    private async Task CallsSettledAsync()
    {
        List<(string Task, Task Settled)> calling =
        [
            .. Subtasks.Where(static subtask => subtask.Calls != null)
                .Select(static subtask => (subtask.Context.TaskId, subtask.Calls!.Settled())),
        ];
        if (calling.Count == 0)
        {
            return;
        }

        var settled = Task.WhenAll(calling.Select(static subtask => subtask.Settled));
        var longest = Environment.Options.ShutdownTimeout / 4;
        using var wake = new CancellationTokenSource();
        await Task.WhenAny(settled, Task.Delay(longest < MaxCallGrace ? longest : MaxCallGrace, Environment.Time, wake.Token));
        wake.Cancel();
        if (!settled.IsCompleted)
        {
            Environment.Log.CallsAbandoned(
                Environment.Name,
                string.Join(", ", calling.Where(static subtask => !subtask.Settled.IsCompleted)
                    .Select(static subtask => $"'{subtask.Task}'")
                    .Distinct()));
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

        // Another group may fail at the same time; only one error ends the attempt.
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
        {
            Failed(error);
        }
    }
}
