namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>The expected results of <see cref="VotePipeline"/> for votes in one split, by plain loops.</summary>
internal sealed class VoteOracle
{
    private const long Size = 10_000;
    private const long Delay = 2_000;
    private const long Lateness = 8_000;

    private readonly Dictionary<(string Subject, long Start), Tally> _tallies = [];

    public VoteOracle(IEnumerable<Vote> votes)
    {
        long? newest = null;
        foreach (var vote in votes)
        {
            var window = (vote.Subject, Start: vote.At / Size * Size);
            if (window.Start + Size + Lateness <= newest - Delay)
            {
                Late++;
            }
            else
            {
                var before = _tallies.GetValueOrDefault(window);
                _tallies[window] = new Tally(vote.Subject, window.Start, before.Votes + 1, before.Weight + vote.Weight);
                Changed += window.Start + Size <= newest - Delay ? 1 : 0;
            }

            newest = Math.Max(newest ?? vote.At, vote.At);
        }
    }

    public int Late { get; private set; }

    /// <summary>The number of votes for windows that had fired.</summary>
    public int Changed { get; private set; }

    public IEnumerable<Tally> Tallies => _tallies.Values;

    public IEnumerable<Tally> Few => Tallies
        .Where(static tally => tally.Weight * 2 % 5 != 0 && tally.Votes % 4 != 0)
        .Select(static tally => tally with { Weight = tally.Weight * 2 });

    public IEnumerable<Standing> Standings =>
        Few.Select(static tally => new Standing($"{tally.Subject}@{tally.Start}", tally.Subject, tally.Start, tally.Weight));

    /// <summary>The last total of each subject with at least one.</summary>
    public IEnumerable<Total> Totals => Few
        .GroupBy(static tally => tally.Subject)
        .Select(static subject => new Total(subject.Key, subject.Count(), subject.Sum(static tally => tally.Weight)));

    /// <summary>Votes, many of which are late, and some too late.</summary>
    public static List<Vote> Votes(Random random, int count)
    {
        var (votes, newest) = (new List<Vote>(), 0L);
        for (var vote = 0; vote < count; vote++)
        {
            newest += random.Next(1_200);
            votes.Add(new Vote(
                $"{(char)('a' + random.Next(4))}",
                Math.Max(0, newest - random.Next(3) * random.Next(14_000)),
                random.Next(1, 6)));
        }

        return votes;
    }
}
