namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>Hits of many keys, some of them late, and the expected results of the pipelines, by plain loops.</summary>
internal sealed class BurstInput
{
    private const long Size = 1_000;

    private readonly HashSet<Hit> _late = [];

    /// <param name="seed">The seed.</param>
    /// <param name="windows">The number of windows of a millisecond.</param>
    /// <param name="keys">The maximum number of keys of each window.</param>
    public BurstInput(int seed, int windows, int keys)
    {
        var random = new Random(seed);
        var newest = long.MinValue;
        for (var row = 0; row < windows * keys; row++)
        {
            // Each row has a different time, so that rows can be distinguished.
            var at = (row * Size / keys * 16) + (row % 16);
            at = random.Next(6) == 0 ? Math.Max(row % 16, at - (random.Next(2 * (int)Size) * 16)) : at;
            Hits.Add(new Hit(random.Next(keys), at / 16));
        }

        Hits = [.. Hits.DistinctBy(static hit => (hit.Key, hit.At))];
        foreach (var hit in Hits)
        {
            if (StartOf(hit) + Size <= newest)
            {
                _late.Add(hit);
            }

            newest = Math.Max(newest, hit.At);
        }
    }

    public List<Hit> Hits { get; } = [];

    public IEnumerable<Hit> Late => Hits.Where(_late.Contains);

    /// <summary>The windows of a millisecond.</summary>
    public IEnumerable<Count> Counts => Hits.Where(hit => !_late.Contains(hit)).GroupBy(static hit => (hit.Key, Start: StartOf(hit)))
        .Select(static window => new Count(window.Key.Key, window.Key.Start, window.Count()));

    /// <summary>The windows of three milliseconds over these.</summary>
    public IEnumerable<Count> Tens => Counts.GroupBy(static count => (Key: count.Key / 10, Start: count.Start / (3 * Size) * 3 * Size))
        .Select(static window => new Count(-1 - window.Key.Key, window.Key.Start, window.Sum(static count => count.Number)));

    /// <summary>The total number of hits of each key.</summary>
    public IEnumerable<(int Key, int Number)> Sums =>
        Counts.GroupBy(static count => count.Key).Select(static key => (key.Key, key.Sum(static count => count.Number)));

    /// <summary>The number of consecutive windows of a key.</summary>
    public IEnumerable<Count> Streaks => Counts.GroupBy(static count => count.Key).SelectMany(static key =>
    {
        var (last, number) = (long.MinValue / 2, 0);
        return key.OrderBy(static count => count.Start).Select(count =>
        {
            number = count.Start - last > 2 * Size ? 1 : number + 1;
            last = count.Start;
            return count with { Number = number };
        }).ToList();
    });

    /// <summary>The rows that <see cref="Repeat"/> creates from few of the hits, late or not.</summary>
    public IEnumerable<Count> Repeats =>
        Hits
            .Where(static hit => hit.Key % 4 == 1)
            .SelectMany(static hit => Enumerable
                .Range(1, Repeat.Times)
                .Select(number => new Count((hit.Key * 7) + (number % 7), hit.At, number)));

    /// <summary>The rows that each window has sent that fires again within a millisecond, in order.</summary>
    public Dictionary<(int Key, long Start), List<int>> Lenient()
    {
        var numbers = new Dictionary<(int Key, long Start), int>();
        var sent = new Dictionary<(int Key, long Start), List<int>>();
        var newest = long.MinValue;
        foreach (var hit in Hits)
        {
            var window = (hit.Key, Start: StartOf(hit));
            if (window.Start + (2 * Size) > newest)
            {
                numbers[window] = numbers.GetValueOrDefault(window) + 1;
                if (window.Start + Size <= newest)
                {
                    Send(window);
                }
            }

            var before = newest;
            newest = Math.Max(newest, hit.At);
            foreach (var due in numbers.Keys.Where(due => due.Start + Size > before && due.Start + Size <= newest).ToList())
            {
                Send(due);
            }
        }

        foreach (var open in numbers.Keys.Where(open => open.Start + Size > newest).ToList())
        {
            Send(open);
        }

        return sent;

        void Send((int Key, long Start) window)
        {
            if (!sent.TryGetValue(window, out var found))
            {
                sent[window] = found = [];
            }

            found.Add(numbers[window]);
        }
    }

    private static long StartOf(Hit hit) => hit.At / Size * Size;
}
