using Penstock;

namespace Lookups;

public readonly record struct Txn(string Card, decimal Amount, DateTimeOffset At);

public readonly record struct Scored(string Card, decimal Amount, double Score);

/// <summary>A row of a class, with an object in it.</summary>
public sealed record Owner(string Card, string? Name, Address? Address);

public sealed record Address(string City, string Country);

public readonly record struct CardScore(string Card, double Highest);

public interface IScores
{
    ValueTask<double> ScoreAsync(string card, decimal amount, CancellationToken cancellation);

    ValueTask<Owner?> OwnerAsync(string card, CancellationToken cancellation);
}

[Pipeline]
public sealed partial class LookupsOfCards
{
    [FileSource("txns.csv"), EventTime(nameof(Txn.At), MaxDelay = "5s")]
    public partial Stream<Txn> Txns { get; }

    [Apply<Score>(nameof(Txns))]
    public partial Stream<Scored> Scores { get; }

    [Apply<Risky>(nameof(Scores))]
    [FileSink("risky.csv")]
    public partial Stream<Scored> Risks { get; }

    [Apply<HighestScore>(nameof(Scores))]
    [FileSink("cards.csv")]
    public partial Stream<CardScore> Cards { get; }

    [Apply<FindOwner>(nameof(Risks)), Parallelism(2)]
    public partial Stream<Owner> Owners { get; }

    [Apply<FindOwnerAgain>(nameof(Owners))]
    [FileSink("owners.jsonl")]
    public partial Stream<Owner> Confirmed { get; }
}

[Operator]
public sealed partial class Score(IScores scores)
{
    [AsyncMap(Concurrency = 200, Timeout = "2s", Rate = 1000)]
    private async ValueTask<Scored> ScoreAsync(Txn txn, CancellationToken cancellation) =>
        new(txn.Card, txn.Amount, await scores.ScoreAsync(txn.Card, txn.Amount, cancellation));
}

[Operator]
public sealed partial class Risky
{
    [Filter]
    private static bool IsRisky(in Scored scored) => scored.Score > 0.9;
}

[Operator, KeyBy(nameof(Scored.Card)), TumblingWindow("1h")]
public sealed partial class HighestScore
{
    [State] private partial ref double Highest { get; }

    [Accumulate]
    private void Add(in Scored scored) => Highest = Math.Max(Highest, scored.Score);

    [Fire]
    private CardScore Close(in Window<string> window) => new(window.Key, Highest);
}

/// <summary>Drops cards without an owner.</summary>
[Operator]
public sealed partial class FindOwner(IScores scores) : IDisposable
{
    [AsyncMap(Order = AsyncOrder.Completion)]
    private ValueTask<Owner?> FindAsync(in Scored scored, CancellationToken cancellation) => scores.OwnerAsync(scored.Card, cancellation);

    public void Dispose()
    {
    }
}

[Operator]
public sealed partial class FindOwnerAgain(IScores scores)
{
    [AsyncMap]
    private async ValueTask<Owner> FindAsync(Owner owner, CancellationToken cancellation) =>
        await scores.OwnerAsync(owner.Card, cancellation) ?? owner;
}
