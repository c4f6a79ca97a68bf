using System.Globalization;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Joins;

/// <summary>The rows of both inputs as text, and what becomes of them by nested loops over the text.</summary>
internal sealed class JoinOracle
{
    private const string LeftHeader = "id,customer,at,note";
    private const string RightHeader = "id,amount,payer,at";
    private static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<List<string>> _left;
    private readonly List<List<string>> _right;

    /// <param name="random">Decides what the rows are.</param>
    /// <param name="splits">The splits of each input.</param>
    /// <param name="rows">The rows of a split.</param>
    /// <param name="customers">The number of keys.</param>
    public JoinOracle(Random random, int splits, int rows, int customers = 6)
    {
        var id = 0;
        _left = Lines(random, splits, rows, maxDelay: 4, time => $"{++id},c{random.Next(customers)},{time},{Note(random)}");
        _right = Lines(random, splits, rows, maxDelay: 7, time => $"{++id},{random.Next(9)},c{random.Next(customers)},{time}");
        var left = _left.SelectMany(static lines => Late(lines, maxDelay: 4, time: 2)).ToList();
        var right = _right.SelectMany(static lines => Late(lines, maxDelay: 7, time: 3)).ToList();
        (LateLeft, LateRight) = (IdsOf(left), IdsOf(right));
        Lefts = [.. left.Where(static row => !row.IsLate).Select(static row => RowOf(row.Line, key: 1, time: 2))];
        Rights = [.. right.Where(static row => !row.IsLate).Select(static row => RowOf(row.Line, key: 2, time: 3))];
    }

    public IReadOnlyList<int> LateLeft { get; }

    public IReadOnlyList<int> LateRight { get; }

    private List<(int Id, string Key, int Time)> Lefts { get; }

    private List<(int Id, string Key, int Time)> Rights { get; }

    /// <summary>Sends all rows, in pieces of random splits.</summary>
    public void Send(PipelineTest<JoinPipeline> test, Random random, Action? between = null)
    {
        var sent = new int[_left.Count + _right.Count];
        while (Enumerable.Range(0, sent.Length).Where(part => sent[part] < PartOf(part).Count).ToList() is { Count: > 0 } open)
        {
            var part = open[random.Next(open.Count)];
            var rows = PartOf(part).GetRange(sent[part], Math.Min(1 + random.Next(50), PartOf(part).Count - sent[part]));
            Send(test.SendText, part, rows);
            sent[part] += rows.Count;
            between?.Invoke();
        }
    }

    /// <summary>Sends all rows of each split at once.</summary>
    public void Send(Action<string, string, int> send)
    {
        for (var part = 0; part < _left.Count + _right.Count; part++)
        {
            Send(send, part, PartOf(part));
        }
    }

    /// <summary>The results of a join with their event times in seconds, in no particular order.</summary>
    public IEnumerable<(int Left, int Right, long At)> Join(int lower, int upper, bool pairs, bool left, bool right)
    {
        var (metLeft, metRight) = (new HashSet<int>(), new HashSet<int>());
        foreach (var one in Lefts)
        {
            foreach (var other in Rights.Where(other => other.Key == one.Key
                && other.Time - one.Time >= lower
                && other.Time - one.Time <= upper))
            {
                metLeft.Add(one.Id);
                metRight.Add(other.Id);
                if (pairs)
                {
                    yield return (one.Id, other.Id, At(Math.Max(one.Time, other.Time)));
                }
            }
        }

        foreach (var one in Lefts.Where(one => left && !metLeft.Contains(one.Id)))
        {
            yield return (one.Id, 0, At(one.Time + Math.Max(0, upper)));
        }

        foreach (var other in Rights.Where(other => right && !metRight.Contains(other.Id)))
        {
            yield return (0, other.Id, At(other.Time + Math.Max(0, -lower)));
        }
    }

    private static long At(int second) => ((DateTimeOffset)Start).ToUnixTimeSeconds() + second;

    private static (int Id, string Key, int Time) RowOf(string line, int key, int time)
    {
        var fields = line.Split(',');
        return (int.Parse(fields[0], CultureInfo.InvariantCulture), fields[key], SecondOf(fields[time]));
    }

    private static int SecondOf(string time) =>
        (int)(DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - Start).TotalSeconds;

    private static IReadOnlyList<int> IdsOf(List<(string Line, bool IsLate)> rows) =>
        [.. rows.Where(static row => row.IsLate)
            .Select(static row => int.Parse(row.Line.Split(',')[0], CultureInfo.InvariantCulture))
            .Order()];

    private static IEnumerable<(string Line, bool IsLate)> Late(List<string> lines, int maxDelay, int time)
    {
        var watermark = int.MinValue;
        foreach (var line in lines)
        {
            var second = SecondOf(line.Split(',')[time]);
            yield return (line, second < watermark);
            watermark = Math.Max(watermark, second - maxDelay);
        }
    }

    private static string Note(Random random) => random.Next(3) == 0 ? "" : $"note {random.Next(1000)}";

    // Whole seconds, so that many times are equal; a few rows are late.
    private static List<List<string>> Lines(Random random, int splits, int rows, int maxDelay, Func<string, string> line) =>
        [.. Enumerable.Range(0, splits).Select(_ =>
        {
            var time = random.Next(20) + 20;
            return Enumerable.Range(0, rows).Select(_ =>
            {
                time += random.Next(30) == 0 ? random.Next(40) : random.Next(3);
                var disorder = random.Next(12) == 0 ? random.Next(3 * maxDelay) : random.Next(maxDelay);
                return line($"{Start.AddSeconds(time - disorder):yyyy-MM-ddTHH:mm:ssZ}");
            }).ToList();
        })];

    private static void Send(Action<string, string, int> send, string source, string header, List<string> rows, int split) =>
        send(source, string.Concat(rows.Prepend(header).Select(static row => row + "\n")), split);

    private void Send(Action<string, string, int> send, int part, List<string> rows)
    {
        if (part < _left.Count)
        {
            Send(send, nameof(JoinPipeline.Left), LeftHeader, rows, part);
        }
        else
        {
            Send(send, nameof(JoinPipeline.Right), RightHeader, rows, part - _left.Count);
        }
    }

    private List<string> PartOf(int part) => part < _left.Count ? _left[part] : _right[part - _left.Count];
}
