namespace Penstock.Generator.Plan;

/// <summary>
/// Gives each kind of operator what its class cannot have, since it lies in a room above, such as its emitter. An implementation that lacks
/// a kind does not compile.
/// </summary>
/// <typeparam name="TResult">What each kind is given.</typeparam>
internal interface IOperatorKindVisitor<TResult>
{
    TResult VisitMap();

    TResult VisitFilter();

    TResult VisitFlatMap();

    TResult VisitProcess();

    TResult VisitWindow();

    TResult VisitUnion();
}
