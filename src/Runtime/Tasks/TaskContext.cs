using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Network;
using Penstock.State;

namespace Penstock.Tasks;

/// <summary>What a generated task is wired to when one of its subtasks is created.</summary>
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

    /// <summary>The services from which operators are created.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The index of the subtask, from 0.</summary>
    public int Subtask { get; }

    /// <summary>How many subtasks the task has.</summary>
    public int Parallelism => _graph.Parallelism.Of(TaskId);

    internal string TaskId => _task.Id;

    /// <summary>Whether the subtask does no work, and only says of what kind the others are, which lie on other nodes.</summary>
    internal bool IsTemplate { get; }

    /// <summary>How many subtasks of the task lie on this node.</summary>
    internal int SubtasksHere => _graph.CountHere(TaskId);

    /// <summary>The group in which the subtask runs.</summary>
    internal ExecutionGroup Group { get; }

    /// <summary>The channels of its inputs.</summary>
    internal InputChannel[] Inputs { get; }

    internal string PipelineName => _graph.Environment.Name;

    internal PipelineOptions Options => _graph.Environment.Options;

    internal TimeProvider Time => _graph.Environment.Time;

    internal ILogger Log => _graph.Environment.Log;

    internal TimeAlignment? Alignment => _graph.Alignment;

    internal KeyRange KeyRange => new(Subtask, Parallelism, Options.KeyGroups);

    /// <summary>Sees to it that an operator is disposed, once, when the subtask ends.</summary>
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

    /// <summary>Connects this task with a keyed task that reads from it.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="toTask">The id of that task.</param>
    /// <param name="key">Reads the key of a row as text, for messages.</param>
    /// <param name="input">The input of that task.</param>
    /// <param name="carriesSplits">Whether the rows are those that came in, with the watermarks of their splits, also where the task makes
    /// results in its own time.</param>
    /// <returns>The output.</returns>
    public ExchangeOutput<T> Exchange<T>(string toTask, Func<T, string?> key, int input = 0, bool carriesSplits = false)
    {
        var output = new ExchangeOutput<T>(_owner, toTask, key, Connect(toTask, input), Options.BatchSize, Options.KeyGroups);
        _owner.Register(output, carriesSplits);
        return output;
    }

    /// <summary>Connects this task with a task that takes rows without a look at their keys.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="toTask">The id of that task.</param>
    /// <param name="input">The input of that task.</param>
    /// <param name="carriesSplits">Whether the rows are those that came in, with the watermarks of their splits, also where the task makes
    /// results in its own time.</param>
    /// <returns>The output.</returns>
    public ForwardOutput<T> Forward<T>(string toTask, int input, bool carriesSplits = false)
    {
        var output = new ForwardOutput<T>(_owner, Connect(toTask, input), Options.BatchSize);
        _owner.Register(output, carriesSplits);
        return output;
    }

    /// <summary>Shows a test the rows of a stream without a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="stream">The id of the stream.</param>
    /// <returns>The output.</returns>
    public TapOutput<T> Tap<T>(string stream) => new(_graph.Environment.Connectors!.Tap<T>(stream));

    /// <summary>Says where a row of a batch came from, for messages.</summary>
    internal string DescribeInputs() =>
        $"a row that task {string.Join(" or ", _task.Inputs.Select(static edge => $"'{edge.From}'").Distinct())} sent{(_task.Inputs.Any(static edge => edge.Partitioning == Partitioning.Hash) ? " by key" : "")}";

    /// <summary>
    /// Makes the exception for what was thrown in the subtask outside of a call of an operator, as where a codec copies a state before its
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
