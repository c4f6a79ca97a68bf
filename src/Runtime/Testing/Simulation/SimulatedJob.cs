using Microsoft.Extensions.DependencyInjection;
using Penstock.Errors;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>The outcome of a process of a simulated job.</summary>
internal enum ProcessEnd
{
    /// <summary>The pipeline has finished.</summary>
    Finished,

    /// <summary>The process has stopped on request.</summary>
    Stopped,

    /// <summary>The process has crashed.</summary>
    Crashed,

    /// <summary>The pipeline has failed permanently because of disk errors. Another process may succeed.</summary>
    DiskFailed,

    /// <summary>Work of an attempt hung, so no other attempt could begin in this process. Another process can begin one.</summary>
    Stuck,
}

/// <summary>The planned faults of one process of a simulated job.</summary>
/// <param name="CrashBefore">Returns <c>true</c> to crash before an event, given its number, from 1, and its description; null for no
/// crash.</param>
/// <param name="StopAt">The number of the event at which a stop is requested; null for no stop.</param>
/// <param name="HangsFrom">The number of the event from which file operations never complete; null if they do.</param>
/// <param name="IsPowerCut"><c>true</c> if unsynced data is lost in a crash.</param>
/// <param name="FailureRate">The number of failing file operations per thousand; half of these take effect but report an
/// error.</param>
/// <param name="DrainWhen">Called repeatedly; returns <c>true</c> when the pipeline should drain and end with a savepoint; null for no
/// drain.</param>
/// <param name="HasTwoNodes"><c>true</c> if the process has two nodes; null for a random decision.</param>
/// <param name="FirstDiesAt">The number of the event before which only the first of two nodes dies and is replaced; null if it does
/// not.</param>
/// <param name="LinkBreaksAt">The number of the event at which the link to the other node breaks, in a process without a planned stop; null
/// for a random decision.</param>
internal readonly record struct PlannedFaults(
    Func<long, string, bool>? CrashBefore = null,
    long? StopAt = null,
    long? HangsFrom = null,
    bool IsPowerCut = false,
    int FailureRate = 0,
    Func<PipelineStatus, bool>? DrainWhen = null,
    bool? HasTwoNodes = null,
    long? FirstDiesAt = null,
    long? LinkBreaksAt = null);

/// <summary>
/// A simulated job: a pipeline that runs in successive processes over the same files until it has finished. The seed decides the order of
/// all steps, the options that must not change results, and which operations fail.
/// </summary>
/// <param name="definition">The pipeline.</param>
/// <param name="seed">The seed.</param>
/// <param name="configure">Sets the options of each process.</param>
internal sealed class SimulatedJob(PipelineDefinition definition, int seed, Action<PipelineOptions, Random> configure)
{
    // The time that abandoned work has to close its resources.
    private static readonly TimeSpan MaxClosingTime = TimeSpan.FromSeconds(3);

    // The maximum number of disk failures of a process. Without it, no attempt would complete a checkpoint with hundreds of operations.
    private const int MaxFailures = 40;

    // With a small one, a file is written between two checkpoints, too.
    private static readonly int?[] FileBuffers = [1, 100, null];

    private readonly Random _random = new(seed);

    /// <summary>The maximum number of steps of a process, many times more than it needs.</summary>
    public long MaxSteps { get; init; } = 200_000;

    /// <summary>The files of the machine, which survive the processes.</summary>
    public SimulatedFiles Files { get; } = new();

    /// <summary>The clock of the machine.</summary>
    public ManualTimeProvider Time { get; init; } = new();

    /// <summary>
    /// <c>true</c> if subtasks handle their messages in the order in which they were posted, as within a process. If <c>false</c>, channels
    /// may overtake each other; but a source that polls for new files relies on the order between its subtasks.
    /// </summary>
    public bool IsInOrder { get; init; }

    /// <summary><c>true</c> if half of the processes have two nodes, between which rows are sent as bytes.</summary>
    public bool MayHaveTwoNodes { get; init; }

    /// <summary>The replacements of sources and sinks, which also survive the processes.</summary>
    public IConnectorOverrides? Connectors { get; init; }

    /// <summary>The services of the operators.</summary>
    public IServiceProvider Services { get; init; } = new ServiceCollection().BuildServiceProvider();

    /// <summary>Called before each event, with its description.</summary>
    public Action<string>? Observe { get; set; }

    /// <summary>The number of steps of the job so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The number of events of the last process.</summary>
    public long Events { get; private set; }

    /// <summary>The number of crashes of a whole process or of only the first node.</summary>
    public int Crashes { get; private set; }

    /// <summary>The number of times that only the first node of a process died.</summary>
    public int FirstDeaths { get; private set; }

    /// <summary>The number of times that another machine replaced a lingering second node.</summary>
    public int Replacements { get; private set; }

    /// <summary>The number of times that only the second node of a process died.</summary>
    public int NodeDeaths { get; private set; }

    /// <summary>The final status of the last process; null if it crashed.</summary>
    public PipelineStatus? Status { get; private set; }

    /// <summary>The parallelism of the last process, as text.</summary>
    public string Parallelism { get; private set; } = "";

    /// <summary>The running process; null between two processes.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>Runs the job in a new process.</summary>
    /// <param name="faults">The planned faults of the process.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="PipelineException">The pipeline has failed permanently.</exception>
    public ProcessEnd RunProcess(PlannedFaults faults)
    {
        var options = new PipelineOptions();
        configure(options, _random);
        Parallelism = new TaskParallelism(definition.Plan, options).ToString();
        using var process = new SimulatedProcess(new Random(_random.Next()), Time, faults, IsInOrder) { Observe = Observe };
        using var stop = new CancellationTokenSource();
        Process = process;
        WatchFiles(process, faults, new Random(_random.Next()));
        var log = new SimulatedLog();
        var run = new JobRun(
            process,
            Files,
            Time,
            definition,
            new ExecutionEnvironment(definition.Plan.Name, options, Services, log)
            {
                Connectors = Connectors,
                FileBuffer = FileBuffers[_random.Next(FileBuffers.Length)]
            },
            new Random(_random.Next()))
        {
            Faults = faults,
            HasTwoNodes = faults.HasTwoNodes ?? (MayHaveTwoNodes && _random.Next(2) == 0),
        };
        if (faults.StopAt is { } stopAt)
        {
            process.At(stopAt, () => run.Stop(stop));
        }

        var ended = process.RunToEnd(() => run.Begin(stop.Token), MaxSteps);
        (Steps, Events) = (Steps + process.Steps, process.Events);
        (NodeDeaths, FirstDeaths, Replacements, Crashes) = (NodeDeaths
            + run.NodeDeaths, FirstDeaths + run.FirstDeaths, Replacements + run.Replacements, Crashes + run.FirstDeaths);
        process.Dispose();
        run.End();
        (Files.Before, Files.After, Files.BeforeOpen, Process) = (null, null, null, null);
        Files.Kill();
        if (log.Damage is { } damage)
        {
            throw new InvalidOperationException($"A checkpoint was damaged, although no disk loses what was synced: {damage}");
        }

        Status = ended == null ? null : run.Status;
        if (ended == null)
        {
            Crashes++;
            Crash(faults);
            return ProcessEnd.Crashed;
        }

        if (faults.FailureRate > 0 && IsOfDisk(ended.Exception))
        {
            return ProcessEnd.DiskFailed;
        }

        if (faults.HangsFrom <= Events && ended.Exception?.InnerException is StuckAttemptException)
        {
            return ProcessEnd.Stuck;
        }

        ended.GetAwaiter().GetResult();
        if (run.StopRequestedAt is { } asked && Time.GetUtcNow() - asked > options.ShutdownTimeout + MaxClosingTime)
        {
            throw new InvalidOperationException(
                $"The pipeline was asked to stop and took {Time.GetUtcNow() - asked}; ShutdownTimeout is {options.ShutdownTimeout}.");
        }

        return Status!.State switch
        {
            PipelineState.Finished => ProcessEnd.Finished,
            PipelineState.Stopped or PipelineState.StoppedWithoutCheckpoint => ProcessEnd.Stopped,
            var state => throw new InvalidOperationException($"The pipeline has ended as {state}."),
        };
    }

    // A disk error of another node arrives as a file error.
    private static bool IsOfDisk(Exception? error) => error is SimulatedDiskException
        || error?.Message.StartsWith(SimulatedDiskException.Begin, StringComparison.Ordinal) == true
        || (error?.InnerException is { } inner && IsOfDisk(inner));

    private void WatchFiles(SimulatedProcess process, PlannedFaults faults, Random random)
    {
        var (failsAfter, failuresLeft) = (false, MaxFailures);
        Files.BeforeOpen = path => Operate("open", path);
        Files.Before = (operation, path) =>
        {
            Operate(operation, path);
            failsAfter = Fails();
        };
        Files.After = (operation, path) =>
        {
            if (failsAfter)
            {
                failsAfter = false;
                throw new SimulatedDiskException(
                    $"{SimulatedDiskException.Begin} does as it is told, and answers with an error: {operation} {path}");
            }
        };

        void Operate(string operation, string path)
        {
            process.Happens($"{operation} {path}");
            if (Fails())
            {
                throw new SimulatedDiskException($"{SimulatedDiskException.Begin} fails: {operation} {path}");
            }
        }

        // Half of the failures occur before, half after an operation.
        bool Fails() => faults.FailureRate > 0 && random.Next(2000) < faults.FailureRate && failuresLeft-- > 0;
    }

    private void Crash(PlannedFaults faults)
    {
        if (faults.IsPowerCut)
        {
            Files.CutPower(new Random(_random.Next()));
        }
    }
}
