using Microsoft.Extensions.DependencyInjection;
using Penstock.Errors;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>How a process of a simulated job ended.</summary>
internal enum ProcessEnd
{
    /// <summary>The pipeline has finished.</summary>
    Finished,

    /// <summary>It was asked to stop, and did.</summary>
    Stopped,

    /// <summary>It crashed.</summary>
    Crashed,

    /// <summary>The pipeline has failed for good because of the disk. Another process may have more luck.</summary>
    DiskFailed,

    /// <summary>What an attempt had begun hung, so that no other attempt could begin in the process. Another process can.</summary>
    Stuck,
}

/// <summary>What happens to one process of a simulated job.</summary>
/// <param name="CrashBefore">Whether it crashes before an event, by the number of the event, from 1, and what is about to happen; null
/// where it does not crash.</param>
/// <param name="StopAt">The number of the event at which it is asked to stop; null where it is not.</param>
/// <param name="HangsFrom">The number of the event from which on operations on files do not come to an end; null where they do.</param>
/// <param name="IsPowerCut">Whether a crash takes what was not synced.</param>
/// <param name="FailureRate">How many of a thousand operations on files have an error as their answer; half of these take place all the
/// same.</param>
/// <param name="DrainWhen">Asked again and again whether the pipeline is to be drained, and to end with a savepoint; null where it is
/// not.</param>
/// <param name="IsSplit">Whether the process has two nodes; null where chance decides.</param>
/// <param name="FirstDiesAt">The number of the event before which the first node dies alone, where there are two, and another one takes its
/// place; null where it does not.</param>
/// <param name="LinkBreaksFrom">The number of the event from which on the link to the other node breaks with the next bytes; null where
/// chance decides.</param>
internal readonly record struct ProcessFate(
    Func<long, string, bool>? CrashBefore = null,
    long? StopAt = null,
    long? HangsFrom = null,
    bool IsPowerCut = false,
    int FailureRate = 0,
    Func<PipelineStatus, bool>? DrainWhen = null,
    bool? IsSplit = null,
    long? FirstDiesAt = null,
    long? LinkBreaksFrom = null);

/// <summary>
/// A job of a simulation: a pipeline that runs in one process after the other, over the same files, until it has finished. A seed decides
/// the order of all that happens, the options that must change no answer, and which operations fail.
/// </summary>
/// <param name="definition">The pipeline.</param>
/// <param name="seed">The seed.</param>
/// <param name="configure">Sets the options of each process.</param>
internal sealed class SimulatedJob(PipelineDefinition definition, int seed, Action<PipelineOptions, Random> configure)
{
    // What is given up gets a moment to close what it holds.
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(3);

    // The disk of a process fails so often at most: where a checkpoint has hundreds of operations, and any of them may fail, no attempt
    // would get through one.
    private const int MostFailures = 40;

    private readonly Random _random = new(seed);

    /// <summary>How many steps a process may take: many times what it needs.</summary>
    public long MostSteps { get; init; } = 200_000;

    /// <summary>The files of the machine, which outlive the processes.</summary>
    public SimulatedFiles Files { get; } = new();

    /// <summary>The clock of the machine.</summary>
    public ManualTimeProvider Time { get; init; } = new();

    /// <summary>
    /// Whether subtasks handle their messages in the order in which they were posted, as within a process. If not, channels may overtake
    /// each other; but a source that looks for new files relies on that order between its subtasks.
    /// </summary>
    public bool IsInOrder { get; init; }

    /// <summary>Whether half of the processes have two nodes, between which rows go as bytes.</summary>
    public bool MayBeSplit { get; init; }

    /// <summary>Replaces sources and sinks; they outlive the processes, too.</summary>
    public IConnectorOverrides? Connectors { get; init; }

    /// <summary>The services of the operators.</summary>
    public IServiceProvider Services { get; init; } = new ServiceCollection().BuildServiceProvider();

    /// <summary>Called before each event, with what is about to happen.</summary>
    public Action<string>? Observe { get; set; }

    /// <summary>How many steps the job has taken.</summary>
    public long Steps { get; private set; }

    /// <summary>How many events the last process had.</summary>
    public long Events { get; private set; }

    /// <summary>How often a process has crashed: all of it, or the first node alone.</summary>
    public int Crashes { get; private set; }

    /// <summary>How often the first node of a process has died alone.</summary>
    public int FirstDeaths { get; private set; }

    /// <summary>How often another machine has taken the place of a second node that lingered.</summary>
    public int Replacements { get; private set; }

    /// <summary>How often the other node of a process has died alone.</summary>
    public int NodeDeaths { get; private set; }

    /// <summary>What the last process said of itself when it ended; null where it crashed.</summary>
    public PipelineStatus? Status { get; private set; }

    /// <summary>The parallelism of the last process, in words.</summary>
    public string Parallelism { get; private set; } = "";

    /// <summary>The process that runs; null between two of them.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>Runs the job in a new process.</summary>
    /// <param name="fate">What happens to the process.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="PipelineException">The pipeline has failed for good.</exception>
    public ProcessEnd RunProcess(ProcessFate fate)
    {
        var options = new PipelineOptions();
        configure(options, _random);
        Parallelism = new TaskParallelism(definition.Plan, options).ToString();
        using var process = new SimulatedProcess(new Random(_random.Next()), Time, fate, IsInOrder) { Observe = Observe };
        using var stop = new CancellationTokenSource();
        Process = process;
        WatchFiles(process, fate, new Random(_random.Next()));
        var log = new SimulatedLog();
        var run = new JobRun(
            process,
            Files,
            Time,
            definition,
            new ExecutionEnvironment(definition.Plan.Name, options, Services, log) { Connectors = Connectors },
            new Random(_random.Next()))
        {
            Fate = fate,
            IsSplit = fate.IsSplit ?? (MayBeSplit && _random.Next(2) == 0),
        };
        if (fate.StopAt is { } stopAt)
        {
            process.At(stopAt, () => run.Stop(stop));
        }

        var ended = process.RunToEnd(() => run.Begin(stop.Token), MostSteps);
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
            Crash(fate);
            return ProcessEnd.Crashed;
        }

        if (fate.FailureRate > 0 && IsOfDisk(ended.Exception))
        {
            return ProcessEnd.DiskFailed;
        }

        if (fate.HangsFrom <= Events && ended.Exception?.InnerException is StuckAttemptException)
        {
            return ProcessEnd.Stuck;
        }

        ended.GetAwaiter().GetResult();
        if (run.AskedToStopAt is { } asked && Time.GetUtcNow() - asked > options.ShutdownTimeout + LongestClosing)
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

    // What another node says of its disk is an error of a file.
    private static bool IsOfDisk(Exception? error) => error is SimulatedDiskException
        || error?.Message.StartsWith(SimulatedDiskException.Begin, StringComparison.Ordinal) == true
        || (error?.InnerException is { } inner && IsOfDisk(inner));

    private void WatchFiles(SimulatedProcess process, ProcessFate fate, Random random)
    {
        var (failsAfter, failuresLeft) = (false, MostFailures);
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

        // Half of them before, half of them after an operation.
        bool Fails() => fate.FailureRate > 0 && random.Next(2000) < fate.FailureRate && failuresLeft-- > 0;
    }

    private void Crash(ProcessFate fate)
    {
        if (fate.IsPowerCut)
        {
            Files.CutPower(new Random(_random.Next()));
        }
    }
}
