using Penstock.Network.Links;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The link between two nodes of a simulated job. A step delivers all that was sent, or only some bytes of it. Some times in the life of a
/// process the link breaks: then each node that lives on goes on until it notices.
/// </summary>
/// <param name="scheduler">Runs the steps.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Chance.</param>
internal sealed class SimulatedLink(StepScheduler scheduler, ManualTimeProvider time, Random random)
{
    private const int StepsPerBreak = 300;
    private const int MostBreaks = 4;
    private const int FewBytes = 300;

    /// <summary>How long a node may go on that has lost its link.</summary>
    public static readonly TimeSpan LongestLingering = TimeSpan.FromMilliseconds(40);


    private readonly HashSet<MemoryLink> _busy = [];
    private readonly Dictionary<MemoryLink, (MemoryLink Other, SimulatedMachine Machine)> _ends = [];
    private MemoryLink? _current;
    private int _breaks;

    /// <summary>Whether it may break.</summary>
    public Func<bool> MayBreak { get; set; } = static () => true;

    /// <summary>Whether it breaks now, if it has not broken before.</summary>
    public Func<bool> MustBreak { get; init; } = static () => false;

    /// <summary>Called when it breaks because the other node has died.</summary>
    public Action OtherDies { get; set; } = static () => { };

    /// <summary>Whether the link of the attempt has not broken.</summary>
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

    /// <summary>Cuts the link of the attempt, if there is one. Who is alive notices at once, or some time later.</summary>
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

    private TimeSpan Patience() => TimeSpan.FromMicroseconds(random.Next(2) * random.Next((int)LongestLingering.TotalMicroseconds));

    private void Tell(MemoryLink end, TimeSpan after)
    {
        if (after == TimeSpan.Zero)
        {
            scheduler.Post(_ends[end].Machine, _ => end.Lose());
            return;
        }

        // No step that is always ready: where nothing else is to do, time passes.
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
            // What is sent is received by the other one.
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
            // Where the link is cut, it comes to nothing: a step that is always ready would let no time pass.
            Schedule(end);
        }
    }

    private bool BreaksNow() => _breaks < MostBreaks && ((random.Next(StepsPerBreak) == 0 && MayBreak()) || (_breaks == 0 && MustBreak()));
}
