using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// Runs a job in one process of a simulation, on one or two nodes. If only the first node dies, a new one replaces it.
/// </summary>
internal sealed class JobRun
{
    private const int MaxRestartMicros = 20_000;

    private static readonly TimeSpan TimeBetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly SimulatedProcess _process;
    private readonly SimulatedFiles _files;
    private readonly ManualTimeProvider _time;
    private readonly PipelineDefinition _definition;
    private readonly ExecutionEnvironment _environment;
    private readonly Random _random;
    private readonly List<SimulatedMachine> _machines = [];
    private SimulatedMachine? _first;
    private PipelineRunner? _runner;
    private SimulatedLink? _link;
    private SimulatedNode? _second;

    /// <param name="process">The process.</param>
    /// <param name="files">The files of all machines.</param>
    /// <param name="time">The clock of all machines.</param>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">The execution environment, except for the parts that a machine provides.</param>
    /// <param name="random">The source of random decisions.</param>
    public JobRun(
        SimulatedProcess process,
        SimulatedFiles files,
        ManualTimeProvider time,
        PipelineDefinition definition,
        ExecutionEnvironment environment,
        Random random)
    {
        (_process, _files, _time, _definition, _random) = (process, files, time, definition, random);
        var ids = new Random(random.Next());
        _environment = environment with
        {
            Random = new Random(random.Next()),
            NewId = () => NewId(ids),
            NewSecret = (ulong)random.NextInt64(),
        };
    }

    /// <summary>The planned faults of the process.</summary>
    public required PlannedFaults Faults { get; init; }

    /// <summary><c>true</c> if there are two nodes.</summary>
    public required bool HasTwoNodes { get; init; }

    /// <summary>The number of times that only the first node died.</summary>
    public int FirstDeaths { get; private set; }

    /// <summary>The number of times that only the second node died.</summary>
    public int NodeDeaths => _second?.Deaths ?? 0;

    /// <inheritdoc cref="SimulatedNode.Replacements"/>
    public int Replacements => _second?.Replacements ?? 0;

    /// <summary>The time at which a stop of the current node was requested; null if it was not.</summary>
    public DateTimeOffset? StopRequestedAt { get; private set; }

    /// <summary>The status of the pipeline.</summary>
    public PipelineStatus Status => _runner!.Status();

    /// <summary>Starts the job on a new machine.</summary>
    public Task Begin(CancellationToken stop)
    {
        _first = NewMachine();
        if (HasTwoNodes && _link == null)
        {
            _link = new SimulatedLink(_process.Scheduler, _time, new Random(_random.Next()));
            if (Faults.LinkBreaksAt is { } breaks)
            {
                _process.At(breaks, _link.Cut);
            }

            _second = new SimulatedNode(NewMachine, _link, new Random(_random.Next()));
            _link.OnOtherNodeDied = _second.Die;
            _process.KillFirst = KillFirst;
        }

        if (StopRequestedAt != null)
        {
            // The new node has the full time to stop.
            StopRequestedAt = _time.GetUtcNow();
        }

        var runner = _runner = new PipelineRunner(_definition, _first.In(_environment) with { OtherNode = _second?.From(_first) });
        if (Faults.DrainWhen is { } isTime)
        {
            DrainWhen(isTime, runner, _first.Time);
        }

        Task? running = null;
        _first.Enter(() => running = runner.RunAsync(stop));
        return running!;
    }

    /// <summary>Requests the pipeline to stop.</summary>
    public void Stop(CancellationTokenSource stop)
    {
        StopRequestedAt = _time.GetUtcNow();
        _first!.Enter(stop.Cancel);
    }

    /// <summary>Kills the machines after the process has ended, so that they do nothing more.</summary>
    public void End() => _machines.ForEach(static machine => machine.Die(null));

    private static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private SimulatedMachine NewMachine()
    {
        var machine = new SimulatedMachine(_process.Scheduler, _files, _time);
        _machines.Add(machine);
        return machine;
    }

    // Happens at most once. The replacement starts immediately or after a delay.
    private void KillFirst()
    {
        _process.KillFirst = null;
        FirstDeaths++;
        _first!.Die(Faults.IsPowerCut ? _random : null);
        _link!.Cut();
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                _process.RequestRestart();
            },
            null,
            TimeSpan.FromMicroseconds(_random.Next(2) * _random.Next(MaxRestartMicros)),
            Timeout.InfiniteTimeSpan);
    }

    // The pipeline restarts when its link breaks. The drain must reach an attempt that has read everything, so the link does not break
    // until the attempt has received the request. If the drain then fails, or a new node replaces a dead one, the drain is requested again.
    private void DrainWhen(Func<PipelineStatus, bool> isTime, PipelineRunner runner, TimeProvider time)
    {
        Task? asked = null;
        _link?.MayBreak = () => !runner.IsSavepointWaiting;
        time.CreateTimer(
            _ =>
            {
                if (asked is null or { IsFaulted: true } && _link is null or { IsUp: true } && isTime(runner.Status()))
                {
                    asked = runner.SavepointAsync(CheckpointMode.Drain, null);
                }
            },
            null,
            TimeBetweenLooks,
            TimeBetweenLooks);
    }
}
