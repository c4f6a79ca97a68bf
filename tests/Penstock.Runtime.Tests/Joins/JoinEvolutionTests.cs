using Penstock.Testing;

namespace Penstock.Runtime.Tests.Joins;

/// <summary>Rows that a join has kept are those of its interval and its methods.</summary>
public sealed class JoinEvolutionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-joins").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_start_with_another_interval_is_refused() => AssertRefused<JoinedInLonger>();

    [Fact]
    public void A_start_with_results_for_unmatched_rows_is_refused() => AssertRefused<JoinedWithUnmatched>();

    [Fact]
    public void The_same_join_resumes()
    {
        Save();
        using var test = PipelineTest.For<JoinedPairs>(checkpoints: _folder);
        test.Send(nameof(JoinedPairs.Right), new Paid(2, 5, "a", new DateTime(2026, 3, 1, 0, 0, 1, DateTimeKind.Utc)));
        Assert.Equal([new Joined(1, 2)], test.Read<Joined>(nameof(JoinedPairs.Pairs)));
    }

    private void AssertRefused<T>()
        where T : class, IPipeline
    {
        Save();
        var error = Assert.ThrowsAny<PipelineException>(() => PipelineTest.For<T>(checkpoints: _folder).Dispose());
        Assert.Contains("Pairs", error.Message, StringComparison.Ordinal);
    }

    private void Save()
    {
        using var test = PipelineTest.For<JoinedPairs>(checkpoints: _folder);
        test.Send(nameof(JoinedPairs.Left), new Placed(1, "a", new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc), null));
        test.Checkpoint();
    }
}

/// <summary>A join of three seconds before to five seconds after.</summary>
[Pipeline(Name = "JoinEvolution")]
public sealed partial class JoinedPairs
{
    [FileSource("left.csv")]
    [EventTime(nameof(Placed.At))]
    public partial Stream<Placed> Left { get; }

    [FileSource("right.csv")]
    [EventTime(nameof(Paid.At))]
    public partial Stream<Paid> Right { get; }

    [Apply<InnerJoin>(nameof(Left), nameof(Right))]
    [FileSink("pairs.csv")]
    public partial Stream<Joined> Pairs { get; }
}

/// <summary>The same with a longer interval.</summary>
[Pipeline(Name = "JoinEvolution")]
public sealed partial class JoinedInLonger
{
    [FileSource("left.csv")]
    [EventTime(nameof(Placed.At))]
    public partial Stream<Placed> Left { get; }

    [FileSource("right.csv")]
    [EventTime(nameof(Paid.At))]
    public partial Stream<Paid> Right { get; }

    [Apply<LongerJoin>(nameof(Left), nameof(Right))]
    [FileSink("pairs.csv")]
    public partial Stream<Joined> Pairs { get; }
}

/// <summary>The same with results for rows that meet none.</summary>
[Pipeline(Name = "JoinEvolution")]
public sealed partial class JoinedWithUnmatched
{
    [FileSource("left.csv")]
    [EventTime(nameof(Placed.At))]
    public partial Stream<Placed> Left { get; }

    [FileSource("right.csv")]
    [EventTime(nameof(Paid.At))]
    public partial Stream<Paid> Right { get; }

    [Apply<FullOuterJoin>(nameof(Left), nameof(Right))]
    [FileSink("pairs.csv")]
    public partial Stream<Joined> Pairs { get; }
}

[Operator, IntervalJoin("-3s", "50s")]
public sealed partial class LongerJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);
}
