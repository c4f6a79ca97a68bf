namespace Penstock.Runtime.Tests.Joins;

/// <summary>A row of the left input.</summary>
public readonly record struct Placed(int Id, string Customer, DateTime At, string? Note);

/// <summary>A row of the right input.</summary>
public readonly record struct Paid(int Id, int Amount, string Payer, DateTime At);

/// <summary>A result of a join: the ids of both rows, 0 where there is none.</summary>
public readonly record struct Joined(int Left, int Right);

/// <summary>Results in the second that is their event time.</summary>
public readonly record struct JoinedAt(int Left, int Right, long At, int Count);

[Operator, KeyBy(nameof(Joined.Left), nameof(Joined.Right)), TumblingWindow("1s")]
public sealed partial class InSecond
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Joined row) => Count++;

    [Fire]
    private JoinedAt Close(in Window<(int Left, int Right)> window) =>
        new(window.Key.Left, window.Key.Right, window.Start.ToUnixTimeSeconds(), Count);
}

[Operator, IntervalJoin("-3s", "5s")]
public sealed partial class InnerJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);
}

[Operator, IntervalJoin("-4s", "6s")]
public sealed partial class LeftOuterJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);
}

[Operator, IntervalJoin("-3s", "5s")]
public sealed partial class RightOuterJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);
}

[Operator, IntervalJoin("-3s", "5s")]
public sealed partial class FullOuterJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);
}

[Operator, IntervalJoin("2s", "9s")]
public sealed partial class FullAfterJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);
}

[Operator, IntervalJoin("-9s", "-2s")]
public sealed partial class FullBeforeJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);
}

[Operator, IntervalJoin("0", "0")]
public sealed partial class ExactJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, right.Id);

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);
}

[Operator, IntervalJoin("-3s", "5s", Once = true)]
public sealed partial class SemiJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, 0);
}

[Operator, IntervalJoin("-3s", "5s", Once = true)]
public sealed partial class SemiFullJoin
{
    [Match]
    private static Joined Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right) => new(left.Id, 0);

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);
}

[Operator, IntervalJoin("-3s", "5s")]
public sealed partial class AntiJoin
{
    [Match]
    private static void Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right)
    {
    }

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);
}

[Operator, IntervalJoin("-3s", "5s")]
public sealed partial class AntiRightJoin
{
    [Match]
    private static void Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right)
    {
    }

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);
}

[Operator, IntervalJoin("-1s", "2s")]
public sealed partial class AntiBothJoin
{
    [Match]
    private static void Both(
        [KeyBy(nameof(Placed.Customer))] in Placed left,
        [KeyBy(nameof(Paid.Payer))] in Paid right)
    {
    }

    [Unmatched]
    private static Joined LeftAlone(in Placed row) => new(row.Id, 0);

    [Unmatched]
    private static Joined RightAlone(in Paid row) => new(0, row.Id);
}

/// <summary>Joins of all kinds, with windows that tell the event times of their results.</summary>
[Pipeline]
public sealed partial class JoinPipeline
{
    [FileSource("placed-*.csv"), EventTime(nameof(Placed.At), MaxDelay = "4s")]
    public partial Stream<Placed> Left { get; }

    [FileSource("paid-*.csv"), EventTime(nameof(Paid.At), MaxDelay = "7s")]
    public partial Stream<Paid> Right { get; }

    [Apply<InnerJoin>(nameof(Left), nameof(Right)), FileSink("inner.csv")]
    public partial Stream<Joined> Inner { get; }

    [Apply<LeftOuterJoin>(nameof(Left), nameof(Right)), FileSink("leftouter.csv")]
    public partial Stream<Joined> LeftOuter { get; }

    [Apply<RightOuterJoin>(nameof(Left), nameof(Right)), FileSink("rightouter.csv")]
    public partial Stream<Joined> RightOuter { get; }

    [Apply<FullOuterJoin>(nameof(Left), nameof(Right)), FileSink("fullouter.csv")]
    public partial Stream<Joined> FullOuter { get; }

    [Apply<FullAfterJoin>(nameof(Left), nameof(Right)), FileSink("fullafter.csv")]
    public partial Stream<Joined> FullAfter { get; }

    [Apply<FullBeforeJoin>(nameof(Left), nameof(Right)), FileSink("fullbefore.csv")]
    public partial Stream<Joined> FullBefore { get; }

    [Apply<ExactJoin>(nameof(Left), nameof(Right)), FileSink("exact.csv")]
    public partial Stream<Joined> Exact { get; }

    [Apply<SemiJoin>(nameof(Left), nameof(Right)), FileSink("semi.csv")]
    public partial Stream<Joined> Semi { get; }

    [Apply<SemiFullJoin>(nameof(Left), nameof(Right)), FileSink("semifull.csv")]
    public partial Stream<Joined> SemiFull { get; }

    [Apply<AntiJoin>(nameof(Left), nameof(Right)), FileSink("anti.csv")]
    public partial Stream<Joined> Anti { get; }

    [Apply<AntiRightJoin>(nameof(Left), nameof(Right)), FileSink("antiright.csv")]
    public partial Stream<Joined> AntiRight { get; }

    [Apply<AntiBothJoin>(nameof(Left), nameof(Right)), FileSink("antiboth.csv")]
    public partial Stream<Joined> AntiBoth { get; }

    [SideOutput(nameof(FullOuter), SideOutputs.LateLeft), FileSink("lateleft.csv")]
    public partial Stream<Placed> LateLeft { get; }

    [SideOutput(nameof(FullOuter), SideOutputs.LateRight), FileSink("lateright.csv")]
    public partial Stream<Paid> LateRight { get; }

    [Apply<InSecond>(nameof(FullOuter)), FileSink("fullouter-at.csv")]
    public partial Stream<JoinedAt> FullOuterAt { get; }

    [SideOutput(nameof(FullOuterAt), SideOutputs.Late), FileSink("fullouter-late.csv")]
    public partial Stream<Joined> FullOuterLate { get; }

    [Apply<InSecond>(nameof(FullAfter)), FileSink("fullafter-at.csv")]
    public partial Stream<JoinedAt> FullAfterAt { get; }

    [SideOutput(nameof(FullAfterAt), SideOutputs.Late), FileSink("fullafter-late.csv")]
    public partial Stream<Joined> FullAfterLate { get; }

    [Apply<InSecond>(nameof(FullBefore)), FileSink("fullbefore-at.csv")]
    public partial Stream<JoinedAt> FullBeforeAt { get; }

    [SideOutput(nameof(FullBeforeAt), SideOutputs.Late), FileSink("fullbefore-late.csv")]
    public partial Stream<Joined> FullBeforeLate { get; }

    [Apply<InSecond>(nameof(AntiBoth)), FileSink("antiboth-at.csv")]
    public partial Stream<JoinedAt> AntiBothAt { get; }

    [SideOutput(nameof(AntiBothAt), SideOutputs.Late), FileSink("antiboth-late.csv")]
    public partial Stream<Joined> AntiBothLate { get; }
}
