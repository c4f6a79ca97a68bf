using System.Globalization;
using System.Text;

namespace Penstock.Runtime.Tests.Windows.Sessions;

/// <summary>Sessions as a plain loop over rows. All rows of a user are in one split.</summary>
/// <param name="lateness">The allowed lateness, in milliseconds.</param>
internal sealed class TapOracle(long lateness)
{
    public const long MaxDelay = 4_000;
    private const long Gap = 10_000;
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    private readonly List<Open> _sessions = [];
    private readonly List<int> _late = [];

    public static TapOracle Patient(IEnumerable<List<Tap>> splits) => new TapOracle(13_000).Read(splits);

    public static TapOracle Strict(IEnumerable<List<Tap>> splits) => new TapOracle(0).Read(splits);

    /// <summary>The last results of all sessions, in the order of their text.</summary>
    /// <param name="counts">Whether results have the number of the session.</param>
    public IEnumerable<string> Results(bool counts) => _sessions
        .GroupBy(static session => session.User)
        .SelectMany(user => user.OrderBy(static session => session.End).Select((session, index) => new TapSession(
            session.User,
            Epoch.AddMilliseconds(session.Start),
            Epoch.AddMilliseconds(session.End),
            string.Join(' ', session.Ids.Order()),
            counts ? index : 0).ToString()))
        .Order(StringComparer.Ordinal);

    public IEnumerable<int> Late => _late.Order();

    /// <summary>Rows of splits that are far apart in time, each out of order, with pauses.</summary>
    public static List<List<Tap>> Rows(Random random, int splits, int rows)
    {
        var id = 0;
        return [.. Enumerable.Range(0, splits).Select(split =>
        {
            var time = 1_700_000_000_000L + 1000 * random.Next(90);
            return Enumerable.Range(0, rows).Select(_ =>
            {
                time += random.Next(25) == 0 ? random.Next(30_000) : random.Next(1_500);
                var disorder = random.Next(5) == 0 ? random.Next(32_000) : random.Next((int)MaxDelay);

                // Many rows are a whole number of seconds apart, so that some are exactly at the end of a session.
                var unit = random.Next(2) == 0 ? 1000 : 1;
                var at = (time - disorder) / unit * unit;
                return new Tap(id++, $"user{split}-{random.Next(4)}", Epoch.AddMilliseconds(at));
            }).ToList();
        })];
    }

    public static string Csv(IEnumerable<Tap> rows) => rows.Aggregate(
        new StringBuilder("id,user,at\n"),
        static (text, row) => text.Append(CultureInfo.InvariantCulture, $"{row.Id},{row.User},{row.At:O}\n")).ToString();

    private TapOracle Read(IEnumerable<List<Tap>> splits)
    {
        foreach (var split in splits)
        {
            var watermark = long.MinValue;
            foreach (var tap in split)
            {
                var time = tap.At.ToUnixTimeMilliseconds();
                Add(tap, time, watermark);
                watermark = Math.Max(watermark, time - MaxDelay);
            }
        }

        return this;
    }

    private void Add(Tap tap, long time, long watermark)
    {
        if (time + Gap + lateness <= watermark)
        {
            _late.Add(tap.Id);
            return;
        }

        var session = new Open(tap.User, time, time + Gap, [tap.Id]);
        foreach (var other in _sessions.FindAll(other =>
            other.User == tap.User && other.Start < session.End && time < other.End && other.End + lateness > watermark))
        {
            _sessions.Remove(other);
            session = new Open(
                tap.User,
                Math.Min(session.Start, other.Start),
                Math.Max(session.End, other.End),
                [.. session.Ids, .. other.Ids]);
        }

        _sessions.Add(session);
    }

    private sealed record Open(string User, long Start, long End, List<int> Ids);
}
