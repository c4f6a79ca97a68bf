using Penstock.Network.Links;

namespace Penstock.Testing.Simulation;

/// <summary>The link between two nodes of a simulated process. A step delivers all that was sent, or only some bytes of it; and once in the life of a process the link may break, perhaps because the other node has died.</summary>
/// <param name="scheduler">Runs the steps.</param>
/// <param name="random">Chance.</param>
internal sealed class SimulatedLink(StepScheduler scheduler, Random random)
{
    private const int StepsPerBreak = 400;
    private const int FewBytes = 300;

    private readonly HashSet<MemoryLink> _busy = [];
    private bool _hasBroken;

    /// <summary>Whether it may break.</summary>
    public Func<bool> MayBreak { get; set; } = static () => true;

    /// <summary>Whether it breaks now.</summary>
    public Func<bool> MustBreak { get; init; } = static () => false;

    /// <summary>Called when it breaks because the other node has died.</summary>
    public Action OtherDies { get; set; } = static () => { };

    /// <summary>Whether the link of the attempt has not broken.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Creates the link of an attempt.</summary>
    public (ILink First, ILink Second) Create()
    {
        IsUp = true;
        return MemoryLink.Create(("the second node", "the first node"), Schedule);
    }

    private void Schedule(MemoryLink end)
    {
        if (_busy.Add(end))
        {
            scheduler.Post(_ => Deliver(end));
        }
    }

    private void Deliver(MemoryLink end)
    {
        _busy.Remove(end);
        if (!_hasBroken && ((random.Next(StepsPerBreak) == 0 && MayBreak()) || MustBreak()))
        {
            (_hasBroken, IsUp) = (true, false);
            end.Deliver(random.Next(FewBytes));
            if (random.Next(2) == 0)
            {
                OtherDies();
            }

            end.Break();
            return;
        }

        end.Deliver(random.Next(3) == 0 ? random.Next(1, FewBytes) : int.MaxValue);
        if (end.Undelivered > 0)
        {
            Schedule(end);
        }
    }
}
