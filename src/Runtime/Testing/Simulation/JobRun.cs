using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// What runs a job in one process of a simulation: the first node, and where there are two, the other one. When the first node dies alone,
/// another one takes its place.
/// </summary>
internal sealed class JobRun
{
    private const int LongestRestartMicros = 20_000;

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
    /// <param name="environment">What it touches, but for what a machine has.</param>
    /// <param name="random">Chance.</param>
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

    /// <summary>What happens to the process.</summary>
    public required ProcessFate Fate { get; init; }

    /// <summary>Whether there are two nodes.</summary>
    public required bool IsSplit { get; init; }

    /// <summary>How often the first node has died alone.</summary>
    public int FirstDeaths { get; private set; }

    /// <summary>How often the other node has died alone.</summary>
    public int NodeDeaths => _second?.Deaths ?? 0;

    /// <inheritdoc cref="SimulatedNode.Replacements"/>
    public int Replacements => _second?.Replacements ?? 0;

    /// <summary>When the node that runs now was asked to stop; null where it was not.</summary>
    public DateTimeOffset? AskedToStopAt { get; private set; }

    /// <summary>What the pipeline says of itself.</summary>
    public PipelineStatus Status => _runner!.Status();

    /// <summary>Begins to run the job on a machine of its own.</summary>
    public Task Begin(CancellationToken stop)
    {
        _first = NewMachine();
        if (IsSplit && _link == null)
        {
            _link = new SimulatedLink(_process.Scheduler, _time, new Random(_random.Next()))
            {
                MustBreak = () => _process.Events >= Fate.LinkBreaksFrom
            };
            _second = new SimulatedNode(NewMachine, _link, new Random(_random.Next()));
            _link.OtherDies = _second.Die;
            _process.KillFirst = KillFirst;
        }

        if (AskedToStopAt != null)
        {
            // It has all of its time.
            AskedToStopAt = _time.GetUtcNow();
        }

        var runner = _runner = new PipelineRunner(_definition, _first.In(_environment) with { OtherNode = _second?.From(_first) });
        if (Fate.DrainWhen is { } isTime)
        {
            DrainWhen(isTime, runner, _first.Time);
        }

        Task? running = null;
        _first.Enter(() => running = runner.RunAsync(stop));
        return running!;
    }

    /// <summary>Asks the pipeline to stop.</summary>
    public void Stop(CancellationTokenSource stop)
    {
        AskedToStopAt = _time.GetUtcNow();
        _first!.Enter(stop.Cancel);
    }

    /// <summary>The process has ended: nothing more is done on its machines.</summary>
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

    // Once. What has its place begins at once, or some time later.
    private void KillFirst()
    {
        _process.KillFirst = null;
        FirstDeaths++;
        _first!.Die(Fate.IsPowerCut ? _random : null);
        _link!.Cut();
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                _process.BeginAgain();
            },
            null,
            TimeSpan.FromMicroseconds(_random.Next(2) * _random.Next(LongestRestartMicros)),
            Timeout.InfiniteTimeSpan);
    }

    // The pipeline restarts when its link breaks. The drain is for an attempt that has read everything: so the link holds until the attempt
    // has taken the request. One that fails behind that is asked for again, and so is a node that takes the place of a dead one.
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
