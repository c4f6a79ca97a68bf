using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>
/// The expected output of <see cref="MergePipeline"/> for files, by plain loops that implement only the rules of the guide.
/// </summary>
internal sealed class MergeOracle
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private const long Second = RideFiles.Second;
    private const long Delay = 2 * Second;
    private const long Size = 10 * Second;
    private const long Ttl = 16 * Second;
    private const long Grid = Ttl / 8;

    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _counts = [];
    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _farCounts = [];
    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _freeCounts = [];
    private readonly HashSet<(string User, long Amount)> _fares = [];
    private readonly Dictionary<string, long> _remembered = [];
    private readonly Dictionary<string, (long At, long Until)> _last = [];
    private readonly Dictionary<string, long> _cheapest = [];
    private readonly Dictionary<string, (int Near, int Far, long Amount)> _meetings = [];

    public MergeOracle(RideFiles near, RideFiles far)
    {
        var (nearInOrder, farInOrder) = (new List<Ride>(), new List<Ride>());
        foreach (var lines in near.Files)
        {
            CountThirds(lines);
            Read(lines, (ride, watermark, _) =>
            {
                var (met, others, sum) = _meetings.GetValueOrDefault(ride.User);
                _meetings[ride.User] = (met + 1, others, sum + ride.Amount);
                var doubled = ride with { Amount = ride.Amount * 2 };
                if (ride.Amount > 0)
                {
                    Diamond.Add(Text(ride));
                    CountInAll(ride, watermark);
                }

                Diamond.Add(Text(doubled));
                CountInAll(doubled, watermark);
                Remember(ride, watermark);
                if (!IsOutOfOrder(ride, watermark))
                {
                    nearInOrder.Add(ride);
                }
                else
                {
                    OutOfOrder.Add(Text(ride));
                }
            });
        }

        foreach (var lines in far.Files)
        {
            Read(lines, (ride, watermark, total) =>
            {
                var (met, others, sum) = _meetings.GetValueOrDefault(ride.User);
                _meetings[ride.User] = (met, others + 1, sum + total);
                CountInAll(ride, watermark);
                Count(_farCounts, ride, watermark, late: null);
                if (!IsOutOfOrder(ride, watermark))
                {
                    farInOrder.Add(ride);
                }

                if (_fares.Add((ride.User, ride.Amount)))
                {
                    FirstFares.Add(Text(ride));
                }

                var isKept = _cheapest.TryGetValue(ride.User, out var least);
                if (!isKept || ride.Amount < least)
                {
                    _cheapest[ride.User] = ride.Amount;
                    Cheapest.Add($"{(isKept ? 'u' : 'c')},{Text(ride)}");
                }
            });
        }

        NearInOrder = TotalsInOrder(nearInOrder);
        FarInOrder = TotalsInOrder(farInOrder);
        Counts = [.. _counts.Select(Text)];
        FreeCounts = [.. _freeCounts.Select(Text)];
        Meetings =
        [
            .. _meetings.Select(static user => Text($"{user.Key},{user.Value.Near},{user.Value.Far},{user.Value.Amount}")),
        ];
        var minutes = _counts.Concat(_farCounts)
            .GroupBy(static window => (window.Value.Count, Start: window.Key.Start / (60 * Second) * 60))
            .ToList();
        Spread = [.. minutes.Select(static minute => Text($"{minute.Key.Count},{minute.Key.Start},{minute.Count()}"))];
        Windows = _counts.Count + _farCounts.Count + _freeCounts.Count + minutes.Count;
    }

    public List<string> Diamond { get; } = [];

    public List<string> Counts { get; }

    public List<string> Late { get; } = [];

    public List<string> Spread { get; }

    public List<string> Totals { get; } = [];

    public List<string> Priced { get; } = [];

    public List<string> FreeCounts { get; }

    public List<string> FirstFares { get; } = [];

    public List<string> NearUsers { get; } = [];

    public List<string> LastRides { get; } = [];

    public List<string> Cheapest { get; } = [];

    public List<string> Meetings { get; }

    /// <summary>The totals after each ride of a user, in the order of time; those with the same time in the order of their file.</summary>
    public List<string> NearInOrder { get; }

    /// <summary>The same for the other source.</summary>
    public List<string> FarInOrder { get; }

    public List<string> OutOfOrder { get; } = [];

    public List<string> Thirds { get; } = [];

    /// <summary>The rides that are not every third ride of their user, as JSON.</summary>
    public List<string> Others { get; } = [];

    public int Rows { get; private set; }

    public int LateRows { get; private set; }

    public int BadRows { get; private set; }

    /// <summary>The number of windows with a result.</summary>
    public int Windows { get; }

    // Each ride with the watermark before it, and the sum of the amounts of its user up to it.
    private void Read(List<(Ride? Ride, string Text)> lines, Action<Ride, long?, long> take)
    {
        long? newest = null;
        var totals = new Dictionary<string, (int Rides, long Amount)>();
        foreach (var (read, _) in lines)
        {
            if (read is not { } ride)
            {
                BadRows++;
                continue;
            }

            Rows++;
            // All rides of a user are in one file.
            var (rides, amount) = totals.GetValueOrDefault(ride.User);
            take(ride, newest - Delay, amount + ride.Amount);
            newest = Math.Max(newest ?? ride.At, ride.At);
            totals[ride.User] = (rides + 1, amount + ride.Amount);
            Totals.Add(Text($"{ride.User},{rides + 1},{amount + ride.Amount}"));
        }
    }

    private static List<string> TotalsInOrder(List<Ride> rides) => [.. rides
        .OrderBy(static ride => ride.At)
        .GroupBy(static ride => ride.User)
        .SelectMany(static user => user.Select((_, index) =>
            Text($"{user.Key},{index + 1},{user.Take(index + 1).Sum(static ride => ride.Amount)}")))];

    private bool IsOutOfOrder(Ride ride, long? watermark)
    {
        if (ride.At >= (watermark ?? long.MinValue))
        {
            return false;
        }

        LateRows++;
        return true;
    }

    private void CountInAll(Ride ride, long? watermark)
    {
        Count(_counts, ride, watermark, Late);
        if (ride.Amount > 0)
        {
            Priced.Add(Text(ride));
        }
        else
        {
            Count(_freeCounts, ride, watermark, late: null);
        }
    }

    private void Remember(Ride ride, long? watermark)
    {
        var now = watermark is { } reached ? Math.Max(ride.At, reached - (reached % Grid)) : ride.At;
        var isKept = _last.TryGetValue(ride.User, out var last) && last.Until > now;
        if (!isKept || ride.At >= last.At)
        {
            _last[ride.User] = (ride.At, Math.Max(last.Until, now + Ttl));

            // With a time to live, the user may have had a row that was forgotten.
            LastRides.Add($"u,{Text(ride)}");
        }

        if (!_remembered.TryGetValue(ride.User, out var until) || until <= now)
        {
            _remembered[ride.User] = now + Ttl;
            NearUsers.Add(Text(ride));
        }
    }

    // All rides of a user are in one file.
    private void CountThirds(List<(Ride? Ride, string Text)> lines)
    {
        foreach (var user in lines.Select(static line => line.Ride).OfType<Ride>().GroupBy(static ride => ride.User))
        {
            var (number, amount) = (0, 0L);
            foreach (var ride in user)
            {
                amount += ride.Amount;
                if (++number % 3 == 0)
                {
                    Thirds.Add(Text($"{ride.User},{number},{amount}"));
                }
                else
                {
                    Others.Add(JsonSerializer.Serialize(ride, CamelCase));
                }
            }
        }
    }

    private void Count(Dictionary<(string User, long Start), (int Count, long Sum)> counts, Ride ride, long? watermark, List<string>? late)
    {
        var window = (ride.User, Start: ride.At / Size * Size);
        if (window.Start + Size <= watermark)
        {
            late?.Add(Text(ride));
            LateRows++;
        }
        else
        {
            var (count, sum) = counts.GetValueOrDefault(window);
            counts[window] = (count + 1, sum + ride.Amount);
        }
    }

    private static string Text(KeyValuePair<(string User, long Start), (int Count, long Sum)> window) =>
        Text($"{window.Key.User},{window.Key.Start / Second},{window.Value.Count},{window.Value.Sum}");

    private static string Text(Ride ride) => Text($"{ride.User},{ride.At},{ride.Amount}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
