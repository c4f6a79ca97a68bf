using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Network;
using Penstock.State;

namespace Penstock.Tasks;

/// <summary>The context in which the subtask of a generated task is created.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class TaskContext : IStateOwner
{
    private readonly ExecutionGraph _graph;
    private readonly PlanTask _task;
    private Subtask _owner = null!;

    internal TaskContext(ExecutionGraph graph, TaskNetwork network, PlanTask task, int subtask)
    {
        _graph = graph;
        _task = task;
        Subtask = subtask;
        Services = ServicesFor(graph.DescribeOperators(task.Id));
        IsTemplate = network.IsTemplate(task.Id, subtask);
        Group = network.GroupOf(task.Id, subtask);
        Inputs = network.InputsOf(task.Id, subtask);
    }

    /// <summary>The services for creating operators.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The index of the subtask, from 0.</summary>
    public int Subtask { get; }

    /// <summary>The number of subtasks of the task.</summary>
    public int Parallelism => _graph.Parallelism.Of(TaskId);

    internal string TaskId => _task.Id;

    /// <summary>Indicates whether the subtask is a template, which does no work and only describes subtasks on other nodes.</summary>
    internal bool IsTemplate { get; }

    /// <summary>The number of subtasks of the task on this node.</summary>
    internal int SubtasksHere => _graph.CountHere(TaskId);

    /// <summary>The group in which the subtask runs.</summary>
    internal ExecutionGroup Group { get; }

    /// <summary>The channels of its inputs.</summary>
    internal InputChannel[] Inputs { get; }

    internal string PipelineName => _graph.Environment.Name;

    internal PipelineOptions Options => _graph.Environment.Options;

    internal TimeProvider Time => _graph.Environment.Time;

    /// <summary>The options for tasks that are completed manually.</summary>
    internal TaskCreationOptions Completion => _graph.Environment.Background.Completion;

    internal ILogger Log => _graph.Environment.Log;

    internal TimeAlignment? Alignment => _graph.Alignment;

    internal KeyRange KeyRange => new(Subtask, Parallelism, Options.KeyGroups);

    /// <summary>Disposes an operator once, together with the subtask.</summary>
    /// <typeparam name="T">The type of the operator.</typeparam>
    /// <param name="id">The id of the operator.</param>
    /// <param name="instance">The operator.</param>
    /// <returns>The operator.</returns>
    public T Own<T>(string id, T instance)
        where T : class
    {
        _owner.Own($"operator '{id}'", instance);
        return instance;
    }

    /// <summary>Connects this task to a keyed task that reads from it.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="toTask">The id of that task.</param>
    /// <param name="key">Returns the key of a row as text, for messages.</param>
    /// <param name="input">The index of the input of that task.</param>
    /// <param name="carriesSplits">
    /// <c>true</c> if the rows are input rows with the watermarks of their splits, even if the task also produces results with its own
    /// watermark.
    /// </param>
    /// <returns>The output.</returns>
    public ExchangeOutput<T> Exchange<T>(string toTask, Func<T, string?> key, int input = 0, bool carriesSplits = false)
    {
        var output = new ExchangeOutput<T>(_owner, toTask, key, Connect(toTask, input), Options.BatchSize, Options.KeyGroups);
        _owner.Register(output, carriesSplits);
        return output;
    }

    /// <summary>Connects this task to a task that takes rows regardless of their keys.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="toTask">The id of that task.</param>
    /// <param name="input">The index of the input of that task.</param>
    /// <param name="carriesSplits">
    /// <c>true</c> if the rows are input rows with the watermarks of their splits, even if the task also produces results with its own
    /// watermark.
    /// </param>
    /// <returns>The output.</returns>
    public ForwardOutput<T> Forward<T>(string toTask, int input, bool carriesSplits = false)
    {
        var output = new ForwardOutput<T>(_owner, Connect(toTask, input), Options.BatchSize);
        _owner.Register(output, carriesSplits);
        return output;
    }

    /// <summary>Sends the rows of a stream without a sink to a test.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="stream">The id of the stream.</param>
    /// <returns>The output.</returns>
    public TapOutput<T> Tap<T>(string stream) => new(_graph.Environment.Connectors!.Tap<T>(stream));

    /// <summary>Describes the origin of a row from an input, for messages.</summary>
    internal string DescribeInput(int input)
    {
        var edge = _task.Inputs.First(edge => edge.Input == input);
        return $"a row that task '{edge.From}' sent{(edge.Partitioning == Partitioning.Hash ? " by key" : "")}";
    }

    /// <summary>
    /// Creates the exception for an error in the subtask outside of an operator call, such as in a codec that copies a state before its
    /// window fires.
    /// </summary>
    internal OperatorException Failed(Exception error)
    {
        var who = $"{_graph.DescribeOperators(TaskId)}, subtask {Subtask} of task '{TaskId}'";
        return new OperatorException(
            ErrorCodes.OperatorFailed,
            $"Pipeline '{PipelineName}': {who} failed: {error.GetType().Name}: {error.Message}",
            error)
        {
            Place = new FailurePlace(who, IsExact: false),
        };
    }

    private OutputEdge Connect(string toTask, int input)
    {
        var edge = _graph.Connect(this, toTask, input);
        _owner.Register(edge);
        return edge;
    }

    private DiagnosticServiceProvider ServicesFor(string user) => new(_graph.Environment.Services, PipelineName, user);

    internal void Attach(Subtask owner)
    {
        _owner = owner;
        Group.Add(owner);
        _graph.Attach(owner);
    }

    internal void Close(string owner, string action, Action call) => _graph.Close(owner, action, call);

    internal IReadOnlyList<SourceSplit> Discover(string sourceId, Func<IReadOnlyList<SourceSplit>> discover) =>
        _graph.Discover(sourceId, discover);

    internal void Ended() => _graph.OnEnded();

    internal void Acknowledge(long checkpoint, Checkpoints.SubtaskSnapshot snapshot) => _graph.OnAcknowledged(checkpoint, snapshot);
}
