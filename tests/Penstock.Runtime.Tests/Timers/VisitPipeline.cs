namespace Penstock.Runtime.Tests.Timers;

public readonly record struct Visit(string User, DateTime At, int Page);

/// <summary>The visits of a user without a pause of more than ten seconds.</summary>
public readonly record struct VisitSession(string User, long Last, int Visits);

/// <summary>A moment at which a user had several visits.</summary>
public readonly record struct BusyMoment(string User, long At, int Visits);

/// <summary>A minute of a user.</summary>
public readonly record struct UserMinute(string User, long Start, int Visits);

/// <summary>Operators with timers, and windows over what they emit.</summary>
[Pipeline]
public sealed partial class VisitPipeline
{
    [FileSource("visits-*.csv")]
    [EventTime(nameof(Visit.At), MaxDelay = "8s")]
    public partial Stream<Visit> Visits { get; }

    [Apply<SessionsByTimers>(nameof(Visits))]
    [FileSink("sessions.csv")]
    public partial Stream<VisitSession> Sessions { get; }

    [SideOutput(nameof(Sessions), "busy")]
    [FileSink("busy.csv")]
    public partial Stream<BusyMoment> Busy { get; }

    [Apply<SessionsPerMinute>(nameof(Sessions))]
    [FileSink("minutes.csv")]
    public partial Stream<UserMinute> Minutes { get; }

    [SideOutput(nameof(Minutes), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<VisitSession> Late { get; }
}

/// <summary>
/// Sees the visits of a user in the order of time, by a timer for each of them; another timer ends the session. So its results do not
/// depend on the order in which rows come.
/// </summary>
[Operator, KeyBy(nameof(Visit.User))]
public sealed partial class SessionsByTimers
{
    private const long Pause = 10_000_000;

    [State] private partial MapState<long, int> Waiting { get; }
    [State] private partial ref long Last { get; }
    [State] private partial ref int Count { get; }

    [Process]
    private void OnVisit(in Visit visit, in Context context, ref Output<VisitSession> output, ref Output<BusyMoment> busy)
    {
        Waiting.GetOrAdd(context.EventTimeMicros)++;
        context.Timers.Set(visit.At);
    }

    [OnTimer]
    private void OnTimer(in Timer<string> timer, in Context context, ref Output<VisitSession> output, ref Output<BusyMoment> busy)
    {
        if (Waiting.TryGetValue(timer.TimeMicros, out var visits))
        {
            Waiting.Remove(timer.TimeMicros);
            // A key has one timer for each time: this one may be that of a visit, too.
            if (Count > 0 && !Waiting.ContainsKey(Last + Pause))
            {
                context.Timers.Delete(Last + Pause);
            }

            Count += visits;
            Last = timer.TimeMicros;
            context.Timers.Set(Last + Pause);
            if (visits > 1)
            {
                busy.Emit(new BusyMoment(timer.Key, timer.TimeMicros, visits));
            }
        }
        else if (Count > 0 && timer.TimeMicros == Last + Pause)
        {
            output.Emit(new VisitSession(timer.Key, Last, Count));
            Count = 0;
        }
    }
}

[Operator, KeyBy(nameof(VisitSession.User)), TumblingWindow("1m")]
public sealed partial class SessionsPerMinute
{
    [State] private partial ref int Visits { get; }

    [Accumulate] private void Add(in VisitSession session) => Visits += session.Visits;

    [Fire] private UserMinute Close(in Window<string> window) => new(window.Key, window.StartMicros, Visits);
}
