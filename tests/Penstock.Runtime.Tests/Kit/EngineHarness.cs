using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>
/// Runs a pipeline one message at a time, on the thread of the test and on a manual clock. Files and connectors outlive a crash.
/// </summary>
internal class EngineHarness<T> : IDisposable
    where T : class, IPipeline
{
    private readonly List<ManualMailbox> _mailboxes = [];
    private readonly List<string> _tasks = [];
    private readonly ExecutionEnvironment _environment;
    private readonly IFileSystem _checkpoints;
    private Attempt _attempt = null!;

    /// <param name="environment">The environment; the harness replaces its clock, its threads and its mailboxes.</param>
    /// <param name="checkpoints">The files of the checkpoints, or null for those of the environment.</param>
    public EngineHarness(ExecutionEnvironment environment, IFileSystem? checkpoints = null)
    {
        _checkpoints = checkpoints ?? environment.Files;
        _environment = environment with { Time = Time, Background = AtOnce.Instance, CreateMailbox = CreateMailbox };
    }

    public ManualTimeProvider Time { get; } = new();

    /// <summary>The subtasks of the current attempt.</summary>
    public ExecutionGraph Graph => _attempt.Graph;

    /// <summary>Indicates whether all input has ended.</summary>
    public bool HasEnded => _attempt.Job.Ended.IsCompleted;

    /// <summary>The mailboxes in the order of their creation, that of the source first.</summary>
    public IReadOnlyList<ManualMailbox> Mailboxes => _mailboxes;

    /// <summary>The first task of the group of each mailbox.</summary>
    public IReadOnlyList<string> Tasks => _tasks;

    /// <summary>The index of a mailbox that gets no processor, or null if all do.</summary>
    public int? Unscheduled { get; set; }

    /// <summary>Called after each step.</summary>
    public Action<ExecutionGraph>? OnStep { get; init; }

    /// <summary>The number of rows that the sources have read since the last start.</summary>
    public long RowsIn => _attempt.RowsIn;

    /// <summary>Restores the newest checkpoint, if there is one, and starts the subtasks, which wait for <see cref="Run"/>.</summary>
    /// <param name="parallelism">The new parallelism, or null to keep it.</param>
    public virtual void Start(int? parallelism = null)
    {
        _environment.Options.Parallelism = parallelism ?? _environment.Options.Parallelism;
        var definition = PipelineDefinition.Of<T>();
        var store = new CheckpointStore(new FolderStorage(_checkpoints, "checkpoints", definition.Plan.Name), Guid.NewGuid);
        _attempt = Attempt.RestoreAsync(definition, _environment, store).GetAwaiter().GetResult();
        _attempt.Start();
    }

    /// <summary>Handles messages until none waits.</summary>
    public void Run()
    {
        while (Step())
        {
            // More may have been posted.
        }
    }

    /// <summary>Handles the messages of some mailboxes until none of theirs waits.</summary>
    public void RunOnly(params ReadOnlySpan<int> mailboxes)
    {
        for (var any = true; any;)
        {
            any = false;
            foreach (var mailbox in mailboxes)
            {
                any |= _mailboxes[mailbox].TryHandleNext();
            }

            ThrowIfFailed();
        }
    }

    /// <summary>Handles one message of each mailbox.</summary>
    /// <returns><c>false</c> if none was waiting.</returns>
    public virtual bool Step()
    {
        var any = false;
        for (var index = 0; index < _mailboxes.Count; index++)
        {
            // Nothing that allocates: tests count.
            any |= index != Unscheduled && _mailboxes[index].TryHandleNext();
        }

        OnStep?.Invoke(Graph);
        ThrowIfFailed();
        return any;
    }

    /// <summary>Throws what has failed the attempt.</summary>
    public void ThrowIfFailed()
    {
        if (_attempt.Job.Failed.IsFaulted)
        {
            _attempt.Job.Failed.GetAwaiter().GetResult();
        }
    }

    /// <summary>Lets time pass, and handles what is due.</summary>
    public void AdvanceClock(TimeSpan time)
    {
        Time.Advance(time);
        Run();
    }

    /// <summary>Takes a checkpoint.</summary>
    /// <param name="mode">The purpose of the checkpoint.</param>
    /// <param name="steps">The number of steps that it takes, or null to handle all messages meanwhile.</param>
    public void Checkpoint(CheckpointMode mode = CheckpointMode.Ordinary, int? steps = null)
    {
        var taking = _attempt.Job.TakeCheckpointAsync(mode);
        if (steps == null)
        {
            Run();
        }

        for (var step = 0; step < steps; step++)
        {
            Step();
        }

        taking.GetAwaiter().GetResult();
    }

    /// <summary>Gives up everything since the last checkpoint. <see cref="Start"/> resumes from there.</summary>
    public virtual void Crash()
    {
        _attempt.Dispose();
        _mailboxes.Clear();
        _tasks.Clear();
    }

    public void Dispose() => _attempt.Dispose();

    private ManualMailbox CreateMailbox(string task, int index, Action<Message> handle)
    {
        var mailbox = new ManualMailbox(handle);
        _mailboxes.Add(mailbox);
        _tasks.Add(task);
        return mailbox;
    }
}
