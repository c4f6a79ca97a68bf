using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Maps each kind of operator to its emitter.</summary>
internal sealed class KindEmitters : IOperatorKindVisitor<KindEmitter>
{
    private static readonly KindEmitters All = new();

    private readonly MapEmitter _map = new();
    private readonly FilterEmitter _filter = new();
    private readonly FlatMapEmitter _flatMap = new();
    private readonly AsyncMapEmitter _asyncMap = new();
    private readonly ProcessEmitter _process = new();
    private readonly TimerEmitter _timers = new();
    private readonly WindowEmitter _window = new();
    private readonly SlidingWindowEmitter _slidingWindow = new();
    private readonly CumulativeWindowEmitter _cumulativeWindow = new();
    private readonly SessionWindowEmitter _sessionWindow = new();
    private readonly IntervalJoinEmitter _intervalJoin = new();
    private readonly UnionEmitter _union = new();
    private readonly DistinctEmitter _distinct = new();
    private readonly KeepFirstEmitter _keepFirst = new();
    private readonly KeepLastEmitter _keepLast = new();
    private readonly SortByTimeEmitter _sortByTime = new();

    private KindEmitters()
    {
    }

    /// <summary>The emitter of a kind.</summary>
    public static KindEmitter Of(OperatorKind kind) => kind.Accept(All);

    public KindEmitter VisitMap() => _map;

    public KindEmitter VisitFilter() => _filter;

    public KindEmitter VisitFlatMap() => _flatMap;

    public KindEmitter VisitAsyncMap() => _asyncMap;

    public KindEmitter VisitProcess() => _process;

    public KindEmitter VisitTimer() => _timers;

    public KindEmitter VisitWindow() => _window;

    public KindEmitter VisitSlidingWindow() => _slidingWindow;

    public KindEmitter VisitCumulativeWindow() => _cumulativeWindow;

    public KindEmitter VisitSessionWindow() => _sessionWindow;

    public KindEmitter VisitIntervalJoin() => _intervalJoin;

    public KindEmitter VisitUnion() => _union;

    public KindEmitter VisitDistinct() => _distinct;

    public KindEmitter VisitKeepFirst() => _keepFirst;

    public KindEmitter VisitKeepLast() => _keepLast;

    public KindEmitter VisitSortByTime() => _sortByTime;
}
