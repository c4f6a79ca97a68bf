using System.Globalization;

namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>A vote for something, with a weight.</summary>
public readonly record struct Vote(string Subject, long At, int Weight);

/// <summary>The votes for a subject in a window.</summary>
public readonly record struct Tally(string Subject, long Start, int Votes, int Weight);

/// <summary>A tally with another name, and with a string as its key.</summary>
public readonly record struct Standing(string Id, string Subject, long Start, int Weight);

/// <summary>The number of windows of a subject that have passed a filter, and their total weight.</summary>
public readonly record struct Total(string Subject, int Windows, int Weight);

/// <summary>
/// Windows that fire again, and operators that change their updates: a filter that rows may pass in one version and not in another, maps
/// before and after it, and a state that subtracts replaced rows.
/// </summary>
[Pipeline]
public sealed partial class VotePipeline
{
    [FileSource("votes.csv")]
    [EventTime(nameof(Vote.At), Unit = TimeUnit.Milliseconds, MaxDelay = "2s")]
    public partial Stream<Vote> Votes { get; }

    [Apply<CountVotes>(nameof(Votes))]
    [FileSink("/out/tallies.csv", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Tally> Tallies { get; }

    [Apply<TwiceTheWeight>(nameof(Tallies))]
    public partial Stream<Tally> Doubled { get; }

    [Apply<NotInFives>(nameof(Doubled))]
    public partial Stream<Tally> Uneven { get; }

    [Apply<NotTooMany>(nameof(Uneven))]
    [FileSink("/out/few.jsonl", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Tally> Few { get; }

    [Apply<ToStanding>(nameof(Few))]
    [FileSink("/out/standings.jsonl", Changelog = ChangelogFormat.Debezium)]
    [FileSink("/out/more.jsonl", Id = "More", Changelog = ChangelogFormat.OpColumn)]
    public partial Stream<Standing> Standings { get; }

    [Apply<AddUp>(nameof(Few))]
    [FileSink("/out/totals.csv")]
    public partial Stream<Total> Totals { get; }
}

[Operator, KeyBy(nameof(Vote.Subject)), TumblingWindow("10s", AllowedLateness = "8s")]
public sealed partial class CountVotes
{
    [State] private partial ref int Votes { get; }
    [State] private partial ref int Weight { get; }

    [Accumulate]
    private void Add(in Vote vote)
    {
        Votes++;
        Weight += vote.Weight;
    }

    [Fire]
    private Tally Close(in Window<string> window) => new(window.Key, window.StartMicros / 1_000, Votes, Weight);
}

[Operator]
public sealed partial class TwiceTheWeight
{
    [Map]
    private static Tally Double(in Tally tally) => tally with { Weight = tally.Weight * 2 };
}

[Operator]
public sealed partial class NotInFives
{
    [Filter]
    private static bool Keep(in Tally tally) => tally.Weight % 5 != 0;
}

[Operator]
public sealed partial class NotTooMany
{
    [Filter]
    private static bool Keep(in Tally tally) => tally.Votes % 4 != 0;
}

[Operator]
public sealed partial class ToStanding
{
    [Map]
    private static Standing Make(in Tally tally) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{tally.Subject}@{tally.Start}"), tally.Subject, tally.Start, tally.Weight);
}

/// <summary>Sums up windows that are inserted, updated and deleted.</summary>
[Operator, KeyBy(nameof(Tally.Subject))]
public sealed partial class AddUp
{
    [State] private partial MapState<long, int> Weights { get; }
    [State] private partial ref int Sum { get; }

    [Process(AcceptsUpdates = true)]
    private void OnTally(in Tally tally, in Context context, ref Output<Total> output)
    {
        if (Weights.TryGetValue(tally.Start, out var before))
        {
            Sum -= before;
        }

        if (context.RowKind == RowKind.Delete)
        {
            Weights.Remove(tally.Start);
        }
        else
        {
            Weights.GetOrAdd(tally.Start) = tally.Weight;
            Sum += tally.Weight;
        }

        output.Emit(new Total(tally.Subject, Weights.Count, Sum));
    }
}
