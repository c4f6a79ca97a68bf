namespace Penstock.Runtime.Tests.Timers;

/// <summary>What to do with the alarm of a key.</summary>
public readonly record struct AlarmCommand(string Key, DateTime At, string Action);

/// <summary>An alarm, by its second of the day.</summary>
public readonly record struct Alarm(string Key, int Second, bool IsAtEnd);

[Pipeline]
public sealed partial class AlarmPipeline
{
    [FileSource("commands.csv")]
    [EventTime(nameof(AlarmCommand.At), MaxDelay = "5s")]
    public partial Stream<AlarmCommand> Commands { get; }

    [Apply<SetAlarms>(nameof(Commands))]
    [FileSink("alarms.csv")]
    public partial Stream<Alarm> Alarms { get; }
}

[Operator, KeyBy(nameof(AlarmCommand.Key))]
public sealed partial class SetAlarms
{
    [State] private partial ref string? Action { get; }

    [Process]
    private void OnCommand(in AlarmCommand command, in Context context, ref Output<Alarm> output)
    {
        switch (command.Action)
        {
            case "":
                break;
            case "delete":
                context.Timers.Delete(command.At);
                break;
            case "never":
                context.Timers.Set(long.MaxValue);
                break;
            default:
                Action = command.Action;
                context.Timers.Set(new DateTimeOffset(command.At));
                break;
        }
    }

    [OnTimer]
    private void OnTimer(in Timer<string> timer, in Context context, ref Output<Alarm> output)
    {
        if (Action == "fail")
        {
            throw new InvalidDataException("It fails.");
        }

        output.Emit(new Alarm(timer.Key, SecondOf(timer.Time.UtcDateTime), context.IsEndOfInput));
        if (Action == "again")
        {
            context.Timers.Set(timer.Time);
        }

        if (Action == "forever" || Action == "periodic" && !context.IsEndOfInput)
        {
            context.Timers.Set(timer.Time + TimeSpan.FromSeconds(1));
        }
    }

    private static int SecondOf(DateTime time) => (int)time.TimeOfDay.TotalSeconds;
}
