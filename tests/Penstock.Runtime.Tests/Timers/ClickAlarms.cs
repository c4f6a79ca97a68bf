namespace Penstock.Runtime.Tests.Timers;

/// <summary>A timer for each click.</summary>
[Pipeline]
public sealed partial class ClickAlarmsPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<ClickAlarms>(nameof(Clicks))]
    [FileSink("alarms.csv")]
    public partial Stream<Click> Alarms { get; }
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class ClickAlarms
{
    [Transient] private static int _fired;

    public static int Fired => _fired;

    [Process]
    private static void OnClick(in Click click, in Context context, ref Output<Click> output)
    {
        context.Timers.Set(context.EventTimeMicros + 10_000_000);
        context.Timers.Set(context.EventTimeMicros + 20_000_000);
        context.Timers.Delete(context.EventTimeMicros + 20_000_000);
    }

    [OnTimer]
    private static void OnTimer(in Timer<string> timer, ref Output<Click> output)
    {
        Interlocked.Increment(ref _fired);
        output.Emit(new Click(timer.Key, timer.Time.UtcDateTime, 1));
    }
}
