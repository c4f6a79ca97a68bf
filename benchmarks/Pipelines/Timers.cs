namespace Penstock.Benchmarks.Pipelines;

/// <summary>Sets a timer of a key, or deletes one.</summary>
/// <param name="At">The event time, in microseconds.</param>
/// <param name="Key">The key.</param>
/// <param name="Timer">The time of the timer, in microseconds.</param>
/// <param name="IsDeleted">Whether the timer is deleted.</param>
public readonly record struct TimerCommand(long At, long Key, long Timer, bool IsDeleted);

/// <summary>A timer that has fired.</summary>
public readonly record struct FiredTimer(long Key, long Time);

/// <summary>Sets and deletes timers as told.</summary>
[Pipeline]
public sealed partial class TimersPipeline
{
    /// <summary>The commands.</summary>
    [Source<MemorySource<TimerCommand>>]
    [EventTime(nameof(TimerCommand.At), Unit = TimeUnit.Microseconds, MaxDelay = "1s")]
    public partial Stream<TimerCommand> Commands { get; }

    /// <summary>The timers that have fired.</summary>
    [Apply<SetTimers>(nameof(Commands))]
    [Sink<CountSink<FiredTimer>>]
    public partial Stream<FiredTimer> Fired { get; }
}

/// <summary>Sets and deletes timers.</summary>
[Operator, KeyBy(nameof(TimerCommand.Key))]
public sealed partial class SetTimers
{
    [Process]
    private static void OnCommand(in TimerCommand command, in Context context, ref Output<FiredTimer> output)
    {
        if (command.IsDeleted)
        {
            context.Timers.Delete(command.Timer);
        }
        else
        {
            context.Timers.Set(command.Timer);
        }
    }

    [OnTimer]
    private static void OnTimer(in Timer<long> timer, ref Output<FiredTimer> output) =>
        output.Emit(new FiredTimer(timer.Key, timer.TimeMicros));
}
