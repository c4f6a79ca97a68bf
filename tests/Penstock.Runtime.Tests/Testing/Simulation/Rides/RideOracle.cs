using System.Globalization;

namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>
/// The expected output of <see cref="RidePipeline"/> for files, by plain loops that implement only the rules of the guide.
/// </summary>
internal sealed class RideOracle
{
    private const long Second = RideFiles.Second;
    private const long Delay = 2 * Second;
    private const long Size = 10 * Second;
    private const long Lateness = 5 * Second;
    private const long Ttl = 4 * Second;

    private readonly Dictionary<string, Follower> _users = [];
    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _counts = [];
    private readonly Dictionary<(string User, long Start), int> _seats = [];
    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _last = [];
    private readonly Dictionary<(string User, long End), (int Count, int Most)> _soFar = [];
    private readonly List<(string User, long Start, long End, int Count, long Sum)> _trips = [];

    public RideOracle(RideFiles files)
    {
        for (var file = 0; file < files.Files.Count; file++)
        {
            Read(files.PathOf(file), files.Files[file]);
        }

        Counts = [
            .. _counts.Select(static window =>
                Text($"{window.Key.User},{window.Key.Start / Second},{window.Value.Count},{window.Value.Sum}"))
        ];
        Streaks = [.. _counts.Keys.GroupBy(static window => window.User).SelectMany(static user => StreaksOf(
            user.Key,
            [.. user.Select(static window => window.Start + Size).Order()]))];
        Seats = [.. _seats.Select(static window => Text($"{window.Key.User},{window.Key.Start / Second},{window.Value},{window.Value}"))];
        LastRides = [
            .. _last.Select(static window =>
                Text($"{window.Key.User},{window.Key.Start / Second},{window.Value.Count},{window.Value.Sum}"))
        ];
        RidesSoFar = [
            .. _soFar.Select(static window =>
                Text($"{window.Key.User},{window.Key.End / Second},{window.Value.Count},{window.Value.Most}"))
        ];
        Trips = [
            .. _trips.GroupBy(static trip => trip.User)
                .Select(static user => Text($"{user.Key},{user.Sum(static trip => trip.Count)},{user.Sum(static trip => trip.Sum)}"))
        ];
        var minutes = _counts.GroupBy(static window => (window.Value.Count, Start: window.Key.Start / (60 * Second) * 60)).ToList();
        Spread = [.. minutes.Select(static minute => Text($"{minute.Key.Count},{minute.Key.Start},{minute.Count()}"))];
        Windows = _counts.Count + _seats.Count + _last.Count + _soFar.Count + minutes.Count;
    }

    public List<string> Users { get; } = [];

    public List<string> Counts { get; }

    public List<string> Late { get; } = [];

    /// <summary>Windows that follow each other within 25 seconds.</summary>
    public List<string> Streaks { get; }

    /// <summary>The results of sliding windows.</summary>
    public List<string> LastRides { get; }

    /// <summary>The last result of each cumulative window.</summary>
    public List<string> RidesSoFar { get; }

    /// <summary>
    /// The rides of each user in all sessions. Which of them are in one session is not certain: a file may be divided, and so late rides
    /// that join sessions depend on which part is read first.
    /// </summary>
    public List<string> Trips { get; }

    /// <summary>The last result of each window that fires again.</summary>
    public List<string> Seats { get; }

    /// <summary>Those results that pass the filter.</summary>
    public IEnumerable<string> Uneven => _seats
        .Where(static window => window.Value % 3 != 0)
        .Select(static window => Text($"{window.Key.User},{window.Key.Start / Second},{window.Value},{window.Value * 2}"));

    public List<string> Spread { get; }

    public List<string> Bad { get; } = [];

    public int Rows { get; private set; }

    public int LateRows { get; private set; }

    /// <summary>The number of windows with a result, without sessions.</summary>
    public int Windows { get; }

    private void Read(string path, List<(Ride? Ride, string Text)> lines)
    {
        long? newest = null;
        for (var line = 0; line < lines.Count; line++)
        {
            if (lines[line].Ride is not { } ride)
            {
                // The header is the first line.
                Bad.Add(Text($"{path},{line + 2}"));
                continue;
            }

            Rows++;
            var watermark = newest - Delay;
            newest = Math.Max(newest ?? ride.At, ride.At);
            if (ride.Amount > 0)
            {
                Follow(ride, watermark);
                Count(ride, watermark);
                CountInSeveral(ride, watermark);
                CountTrip(ride, watermark);
            }
        }
    }

    private static IEnumerable<string> StreaksOf(string user, List<long> ends)
    {
        var windows = 0;
        for (var index = 0; index < ends.Count; index++)
        {
            windows++;
            if (index + 1 == ends.Count || ends[index + 1] - ends[index] > 25 * Second)
            {
                yield return Text($"{user},{ends[index] / Second},{windows}");
                windows = 0;
            }
        }
    }

    private void Follow(Ride ride, long? watermark)
    {
        // The steps of the watermark are an eighth of the TTL.
        const long grid = Ttl / 8;
        var now = watermark is { } known ? Math.Max(ride.At, known / grid * grid) : ride.At;
        if (!_users.TryGetValue(ride.User, out var user))
        {
            _users[ride.User] = user = new Follower();
        }

        user.Rides++;
        user.Amounts.Add(ride.Amount);
        user.Last.Add(ride.Amount);
        user.Recent = user.Expires <= now ? 1 : user.Recent + 1;
        user.Expires = Math.Max(user.Expires, now + Ttl);
        Users.Add(Text($"{ride.User},{user.Rides},{user.Amounts.Count},{user.Last.TakeLast(3).Sum()},{user.Last.Max()},{user.Recent}"));
    }

    private void Count(Ride ride, long? watermark)
    {
        var (amount, window) = (ride.Amount * 2, (ride.User, Start: ride.At / Size * Size));
        if (window.Start + Size <= watermark)
        {
            Late.Add(Text($"{ride.User},{ride.At},{amount}"));
            LateRows++;
        }
        else
        {
            var (count, sum) = _counts.GetValueOrDefault(window);
            _counts[window] = (count + 1, sum + amount);
        }

        var seats = amount % 3;
        if (window.Start + Size + Lateness <= watermark)
        {
            LateRows += seats;
        }
        else if (seats > 0)
        {
            _seats[window] = _seats.GetValueOrDefault(window) + seats;
        }
    }

    private void CountInSeveral(Ride ride, long? watermark)
    {
        const long slide = 3 * Second;
        const long length = 12 * Second;
        var amount = ride.Amount * 2;
        var isLate = true;
        for (var start = ride.At / slide * slide; start + length > ride.At; start -= slide)
        {
            if (!(start + length <= watermark))
            {
                var (count, sum) = _last.GetValueOrDefault((ride.User, start));
                _last[(ride.User, start)] = (count + 1, sum + amount);
                isLate = false;
            }
        }

        LateRows += isLate ? 1 : 0;
        const long step = 5 * Second;
        const long day = 20 * Second;
        isLate = true;
        for (var end = ride.At / step * step + step; end <= ride.At / day * day + day; end += step)
        {
            if (!(end + Lateness <= watermark))
            {
                var (count, most) = _soFar.GetValueOrDefault((ride.User, end));
                _soFar[(ride.User, end)] = (count + 1, count == 0 ? amount : Math.Max(most, amount));
                isLate = false;
            }
        }

        LateRows += isLate ? 1 : 0;
    }

    private void CountTrip(Ride ride, long? watermark)
    {
        const long gap = 3 * Second;
        if (ride.At + gap <= watermark)
        {
            LateRows++;
            return;
        }

        var trip = (ride.User, Start: ride.At, End: ride.At + gap, Count: 1, Sum: ride.Amount * 2L);
        foreach (var other in _trips.FindAll(other =>
            other.User == ride.User && other.Start < ride.At + gap && ride.At < other.End && !(other.End <= watermark)))
        {
            _trips.Remove(other);
            trip = (
                ride.User,
                Math.Min(trip.Start, other.Start),
                Math.Max(trip.End, other.End),
                trip.Count + other.Count,
                trip.Sum + other.Sum);
        }

        _trips.Add(trip);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Follower
    {
        public int Rides { get; set; }

        public HashSet<int> Amounts { get; } = [];

        public List<int> Last { get; } = [];

        public int Recent { get; set; }

        public long Expires { get; set; } = long.MinValue;
    }
}
