using System.Globalization;

namespace Penstock.Runtime.Tests.Simulation;

/// <summary>What <see cref="MergePipeline"/> must give for files, by plain loops that know only the rules of the guide.</summary>
internal sealed class MergeOracle
{
    private const long Second = RideFiles.Second;
    private const long Delay = 2 * Second;
    private const long Size = 10 * Second;

    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _counts = [];
    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _farCounts = [];

    public MergeOracle(RideFiles near, RideFiles far)
    {
        foreach (var lines in near.Files)
        {
            Read(lines, (ride, watermark) =>
            {
                var doubled = ride with { Amount = ride.Amount * 2 };
                if (ride.Amount > 0)
                {
                    Diamond.Add(Text(ride));
                    Count(_counts, ride, watermark, Late);
                }

                Diamond.Add(Text(doubled));
                Count(_counts, doubled, watermark, Late);
            });
        }

        foreach (var lines in far.Files)
        {
            Read(lines, (ride, watermark) =>
            {
                Count(_counts, ride, watermark, Late);
                Count(_farCounts, ride, watermark, late: null);
            });
        }

        Counts = [.. _counts.Select(static window => Text($"{window.Key.User},{window.Key.Start / Second},{window.Value.Count},{window.Value.Sum}"))];
        var minutes = _counts.Concat(_farCounts).GroupBy(static window => (window.Value.Count, Start: window.Key.Start / (60 * Second) * 60)).ToList();
        Spread = [.. minutes.Select(static minute => Text($"{minute.Key.Count},{minute.Key.Start},{minute.Count()}"))];
        Windows = _counts.Count + _farCounts.Count + minutes.Count;
    }

    public List<string> Diamond { get; } = [];

    public List<string> Counts { get; }

    public List<string> Late { get; } = [];

    public List<string> Spread { get; }

    public List<string> Totals { get; } = [];

    public int Rows { get; private set; }

    public int LateRows { get; private set; }

    public int BadRows { get; private set; }

    /// <summary>How many windows had a result.</summary>
    public int Windows { get; }

    private void Read(List<(Ride? Ride, string Text)> lines, Action<Ride, long?> take)
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
            take(ride, newest - Delay);
            newest = Math.Max(newest ?? ride.At, ride.At);

            // A user is in one file only.
            var (rides, amount) = totals.GetValueOrDefault(ride.User);
            totals[ride.User] = (rides + 1, amount + ride.Amount);
            Totals.Add(Text($"{ride.User},{rides + 1},{amount + ride.Amount}"));
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

    private static string Text(Ride ride) => Text($"{ride.User},{ride.At},{ride.Amount}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
