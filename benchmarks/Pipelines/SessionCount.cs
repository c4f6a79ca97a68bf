namespace Penstock.Benchmarks.Pipelines;

/// <summary>A view of a user.</summary>
/// <param name="At">The event time, in microseconds.</param>
public readonly record struct UserView(long User, long At);

/// <summary>The views of a user in a session.</summary>
public readonly record struct VisitCount(long User, long Start, long End, long Views);

/// <summary>Counts the views of a user in each session.</summary>
[Pipeline]
public sealed partial class SessionCountPipeline
{
    /// <summary>The views.</summary>
    [Source<MemorySource<UserView>>]
    [EventTime(nameof(UserView.At), Unit = TimeUnit.Microseconds, MaxDelay = "1s")]
    public partial Stream<UserView> Views { get; }

    /// <summary>The sessions.</summary>
    [Apply<CountVisit>(nameof(Views))]
    [Sink<CountSink<VisitCount>>]
    public partial Stream<VisitCount> Visits { get; }
}

/// <summary>Counts the views of a session.</summary>
[Operator, KeyBy(nameof(UserView.User)), SessionWindow("30s")]
public sealed partial class CountVisit
{
    [State] private partial ref long Views { get; }

    [Accumulate]
    private void Add(in UserView view) => Views++;

    [Merge]
    private void Merge(in Accumulator other) => Views += other.Views;

    [Fire]
    private VisitCount Close(in Window<long> window) => new(window.Key, window.StartMicros, window.EndMicros, Views);
}
