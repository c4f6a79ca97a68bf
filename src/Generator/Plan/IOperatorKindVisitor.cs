namespace Penstock.Generator.Plan;

/// <summary>
/// Maps each kind of operator to something that its class cannot contain because it belongs to a later room, such as its emitter. An
/// implementation that lacks a kind does not compile.
/// </summary>
/// <typeparam name="TResult">The type of the result for a kind.</typeparam>
internal interface IOperatorKindVisitor<TResult>
{
    TResult VisitMap();

    TResult VisitFilter();

    TResult VisitFlatMap();

    TResult VisitAsyncMap();

    TResult VisitProcess();

    TResult VisitTimer();

    TResult VisitWindow();

    TResult VisitSlidingWindow();

    TResult VisitCumulativeWindow();

    TResult VisitSessionWindow();

    TResult VisitIntervalJoin();

    TResult VisitUnion();

    TResult VisitDistinct();

    TResult VisitKeepFirst();

    TResult VisitKeepLast();

    TResult VisitSortByTime();
}
