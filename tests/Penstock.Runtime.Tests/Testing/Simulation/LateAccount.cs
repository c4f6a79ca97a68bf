using System.Globalization;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>
/// Windows of ten seconds over rides, and their late rides. For some rides it is not determined whether they are late: each is counted
/// once, in its window or as late, and the rules of the guide determine for which rides both are correct.
/// </summary>
internal sealed class LateAccount
{
    private const long Second = RideFiles.Second;
    private const long Delay = 2 * Second;
    private const long Size = 10 * Second;

    private readonly Dictionary<(string User, long Start), (int Count, long Sum)> _windows = [];
    private readonly List<string> _mayBeLate = [];
    private readonly List<string> _mustBeLate = [];

    /// <summary>Adds a ride.</summary>
    /// <param name="ride">The ride.</param>
    /// <param name="mustBeLateAt">The ride must be late if its window closes at or before this event time.</param>
    /// <param name="mayBeLateAt">The ride may be late if its window closes at or before this event time.</param>
    public void Add(Ride ride, long mustBeLateAt, long mayBeLateAt)
    {
        var window = (ride.User, Start: ride.At / Size * Size);
        var (count, sum) = _windows.GetValueOrDefault(window);
        _windows[window] = (count + 1, sum + ride.Amount);
        var closes = window.Start + Size + Delay;
        if (closes <= mayBeLateAt)
        {
            _mayBeLate.Add(Text($"{ride.User},{ride.At},{ride.Amount}"));
        }

        if (closes <= mustBeLateAt)
        {
            _mustBeLate.Add(Text($"{ride.User},{ride.At},{ride.Amount}"));
        }
    }

    /// <summary>Returns the difference in the rows of windows and late rows; null if there is none.</summary>
    public string? Difference(List<string> counts, List<string> late) =>
        JobOutput.Differ("late rows that must not be late", [], Without(late, _mayBeLate))
        ?? JobOutput.Differ("rows that must be late", [], Without(_mustBeLate, late))
        ?? JobOutput.Differ("windows that fired twice", [], counts.GroupBy(static line => string.Join(',', line.Split(',').Take(2)))
            .Where(static window => window.Count() > 1)
            .Select(static window => window.Key))
        ?? JobOutput.Differ(
            "rows that are counted or late",
            _windows.Select(static window =>
                Text($"{window.Key.User},{window.Key.Start / Second},{window.Value.Count},{window.Value.Sum}")),
            WithLate(counts, late));

    /// <summary>The expected output of windows over these windows.</summary>
    public static List<string> Spread(List<string> counts) =>
    [
        .. counts.Select(static line => line.Split(',')).Select(static window => (Count: window[2], Start: Number(window[1]) / 60 * 60))
            .GroupBy(static window => window).Select(static minute => Text($"{minute.Key.Count},{minute.Key.Start},{minute.Count()}")),
    ];

    private static IEnumerable<string> WithLate(List<string> counts, List<string> late) => counts
        .Select(static line => line.Split(','))
        .Select(static window => (User: window[0], Start: Number(window[1]), Count: (int)Number(window[2]), Sum: Number(window[3])))
        .Concat(late
            .Select(static line => line.Split(','))
            .Select(static ride => (User: ride[0], Start: Number(ride[1]) / Size * Size / Second, Count: 1, Sum: Number(ride[2]))))
        .GroupBy(static part => (part.User, part.Start))
        .Select(static window =>
            Text($"{window.Key.User},{window.Key.Start},{window.Sum(static part => part.Count)},{window.Sum(static part => part.Sum)}"));

    private static List<string> Without(List<string> lines, List<string> others)
    {
        var left = others.GroupBy(static line => line).ToDictionary(static line => line.Key, static line => line.Count());
        return [.. lines.Where(line => (left[line] = left.GetValueOrDefault(line) - 1) < 0)];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
