using Penstock.Network.Links;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The link between two nodes of a simulated job. A step delivers all sent bytes or only some of them. The link breaks several times in the
/// life of a process. Each surviving node then continues until it notices.
/// </summary>
/// <param name="scheduler">Runs the steps.</param>
/// <param name="time">The clock.</param>
/// <param name="random">The source of random decisions.</param>
internal sealed class SimulatedLink(StepScheduler scheduler, ManualTimeProvider time, Random random)
{
    private const int StepsPerBreak = 300;
    private const int MostBreaks = 4;
    private const int FewBytes = 300;

    // The time for which a node usually continues after it has lost its link: about as long as a checkpoint.
    private static readonly TimeSpan UsualLingering = TimeSpan.FromMilliseconds(40);

    /// <summary>The maximum time for which a node continues after it has lost its link: longer than some pauses before a
    /// restart.</summary>
    public static readonly TimeSpan LongestLingering = TimeSpan.FromSeconds(2);

    private readonly HashSet<MemoryLink> _busy = [];
    private readonly Dictionary<MemoryLink, (MemoryLink Other, SimulatedMachine Machine)> _ends = [];
    private MemoryLink? _current;
    private int _breaks;

    /// <summary>Returns <c>true</c> if the link may break.</summary>
    public Func<bool> MayBreak { get; set; } = static () => true;

    /// <summary>Called when the link breaks because the other node has died.</summary>
    public Action OtherDies { get; set; } = static () => { };

    /// <summary><c>true</c> if the link of the attempt is intact.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Creates the link of an attempt.</summary>
    /// <param name="first">The machine of the first node.</param>
    /// <param name="second">The machine of the second node.</param>
    public (ILink First, ILink Second) Create(SimulatedMachine first, SimulatedMachine second)
    {
        IsUp = true;
        var (here, there) = MemoryLink.Create(
            ("the second node", "the first node"),
            Schedule,
            end => Tell(_ends[end].Other, TimeSpan.Zero));
        (_ends[here], _ends[there]) = ((there, first), (here, second));
        _current = here;
        return (here, there);
    }

    /// <summary>Cuts the link of the attempt, if there is one. Live nodes notice immediately or after a delay.</summary>
    public void Cut()
    {
        if (!IsUp)
        {
            return;
        }

        IsUp = false;
        _current!.Cut();
        Tell(_current, Patience());
        Tell(_ends[_current].Other, Patience());
    }

    private TimeSpan Patience()
    {
        var longest = random.Next(4) switch
        {
            0 or 1 => TimeSpan.Zero,
            2 => UsualLingering,
            _ => LongestLingering
        };
        return TimeSpan.FromMicroseconds(random.Next(1 + (int)longest.TotalMicroseconds));
    }

    private void Tell(MemoryLink end, TimeSpan after)
    {
        if (after == TimeSpan.Zero)
        {
            scheduler.Post(_ends[end].Machine, _ => end.Lose());
            return;
        }

        // A timer instead of a step that is always ready: time passes only if no step is ready.
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer!.Dispose();
                scheduler.Post(_ends[end].Machine, _ => end.Lose());
            },
            null,
            after,
            Timeout.InfiniteTimeSpan);
    }

    private void Schedule(MemoryLink end)
    {
        if (_busy.Add(end))
        {
            // The other end receives the bytes.
            scheduler.Post(_ends[_ends[end].Other].Machine, _ => Deliver(end));
        }
    }

    private void Deliver(MemoryLink end)
    {
        _busy.Remove(end);
        if (IsUp && (end == _current || _ends[end].Other == _current) && BreaksNow())
        {
            _breaks++;
            end.Deliver(random.Next(FewBytes));
            if (random.Next(3) == 0)
            {
                OtherDies();
            }

            Cut();
            return;
        }

        var sent = end.Undelivered;
        end.Deliver(random.Next(3) == 0 ? random.Next(1, FewBytes) : int.MaxValue);
        if (end.Undelivered is > 0 and var left && left < sent)
        {
            // Does nothing on a cut link: a step that is always ready would keep time from passing.
            Schedule(end);
        }
    }

    private bool BreaksNow() => _breaks < MostBreaks && random.Next(StepsPerBreak) == 0 && MayBreak();
}
