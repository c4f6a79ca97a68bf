using System.Globalization;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>
/// The input of the sources of <see cref="FeedPipeline"/> in a simulation: parts to which rides are added while the pipeline runs. It
/// outlives the processes.
/// </summary>
internal sealed class Feed
{
    private const long Second = RideFiles.Second;
    private const int MaxMillis = 300;

    private readonly List<Action> _waiting = [];
    private readonly SortedDictionary<TimeSpan, List<Action>> _coming = [];
    private readonly ITimer _timer;

    /// <summary>Creates a feed and starts to fill it.</summary>
    /// <param name="random">Decides what is added, and when.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mayGrow">Whether parts are added too; otherwise all of them exist from the start.</param>
    public Feed(Random random, ManualTimeProvider time, bool mayGrow)
    {
        for (var number = random.Next(1, 4); number > 0; number--)
        {
            var part = new FeedPart(string.Create(CultureInfo.InvariantCulture, $"p{All.Count}"));
            All.Add(part);
            var begins = TimeSpan.FromMilliseconds(mayGrow && All.Count > 1 ? random.Next(MaxMillis) : 0);
            At(begins, () => Parts.Add(part));
            Fill(part, random, begins);
        }

        // The first part exists from the start.
        _timer = time.CreateTimer(_ => Come(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Come();
    }

    /// <summary>All parts, including those that are added later.</summary>
    public List<FeedPart> All { get; } = [];

    /// <summary>The parts that exist so far.</summary>
    public List<FeedPart> Parts { get; } = [];

    /// <summary>Registers a call for each addition.</summary>
    public void Tell(Action available) => _waiting.Add(available);

    /// <summary>The notified process has ended.</summary>
    public void Forget() => _waiting.Clear();

    private void Fill(FeedPart part, Random random, TimeSpan begins)
    {
        var (moment, ridden) = (begins, RideFiles.Start + random.NextInt64(10 * Second));
        for (var left = random.Next(1, 50); left > 0; left--)
        {
            moment += random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(60)) : TimeSpan.Zero;
            ridden += random.NextInt64(3 * Second);
            var ride = new Ride(
                $"{part.Id}-{random.Next(5)}",
                random.Next(8) == 0 ? ridden - random.NextInt64(18 * Second) : ridden,
                random.Next(1, 6));
            part.All.Add(ride);
            At(moment, () => part.Rides.Add(ride));
        }
    }

    private void At(TimeSpan moment, Action come)
    {
        if (!_coming.TryGetValue(moment, out var together))
        {
            _coming[moment] = together = [];
        }

        together.Add(come);
    }

    private void Come()
    {
        var (moment, together) = _coming.First();
        _coming.Remove(moment);
        together.ForEach(static come => come());
        _waiting.ForEach(static available => available());
        if (_coming.Count > 0)
        {
            _timer.Change(_coming.First().Key - moment, Timeout.InfiniteTimeSpan);
        }
    }
}

/// <summary>A part of a feed, whose rides are in order.</summary>
internal sealed class FeedPart(string id)
{
    public string Id => id;

    /// <summary>All rides, including those that are added later.</summary>
    public List<Ride> All { get; } = [];

    /// <summary>The rides that exist so far.</summary>
    public List<Ride> Rides { get; } = [];
}

/// <summary>The two feeds of a job.</summary>
internal sealed record Feeds(Feed Asked, Feed Waking);
