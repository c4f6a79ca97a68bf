namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>
/// The streams of <see cref="VotePipeline"/> whose rows all have a key. The number of versions of a row may differ from run to run, but not
/// the final result.
/// </summary>
[Pipeline]
public sealed partial class StandingsPipeline
{
    [FileSource("votes.csv")]
    [EventTime(nameof(Vote.At), Unit = TimeUnit.Milliseconds, MaxDelay = "2s")]
    public partial Stream<Vote> Votes { get; }

    [Apply<CountVotes>(nameof(Votes))]
    [FileSink("/out/tallies.jsonl", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Tally> Tallies { get; }

    [Apply<NotTooMany>(nameof(Tallies))]
    public partial Stream<Tally> Few { get; }

    [Apply<ToStanding>(nameof(Few))]
    [FileSink("/out/standings.jsonl", Changelog = ChangelogFormat.Debezium)]
    public partial Stream<Standing> Standings { get; }
}
