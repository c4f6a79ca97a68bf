namespace Reminders;

public readonly record struct OrderEvent(long OrderId, string Kind, DateTime At, string Note);

public readonly record struct Reminder(long OrderId, DateTimeOffset Due, int Changes);

public readonly record struct Unpaid(DateTimeOffset Hour, int Orders);

/// <summary>An operator with timers, state, a list and a side output; windows over what it emits.</summary>
[Pipeline]
public sealed partial class PaymentReminders
{
    [FileSource("events.jsonl")]
    [EventTime(nameof(OrderEvent.At), MaxDelay = "1m")]
    public partial Stream<OrderEvent> Events { get; }

    [Apply<RemindOfPayment>(nameof(Events))]
    [FileSink("reminders.csv")]
    public partial Stream<Reminder> Due { get; }

    [SideOutput(nameof(Due), "odd")]
    [FileSink("odd.csv")]
    public partial Stream<OrderEvent> Odd { get; }

    [Apply<UnpaidPerHour>(nameof(Due))]
    [FileSink("unpaid.csv")]
    public partial Stream<Unpaid> PerHour { get; }
}

[Operator, KeyBy(nameof(OrderEvent.OrderId))]
public sealed partial class RemindOfPayment
{
    [State] private partial ref DateTime OrderedAt { get; }
    [State] private partial ListState<DateTime> Changes { get; }

    [Process]
    private void OnEvent(in OrderEvent row, in Context context, ref Output<Reminder> output, ref Output<OrderEvent> odd)
    {
        switch (row.Kind)
        {
            case "ordered":
                OrderedAt = row.At;
                context.Timers.Set(row.At.AddMinutes(30));
                break;
            case "paid":
                context.Timers.Delete(OrderedAt.AddMinutes(30));
                break;
            case "changed":
                Changes.Add(row.At);
                break;
            default:
                odd.Emit(in row);
                break;
        }
    }

    [OnTimer]
    private void OnTimer(in Timer<long> timer, ref Output<Reminder> output, ref Output<OrderEvent> odd) =>
        output.Emit(new Reminder(timer.Key, timer.Time, Changes.Count));
}

[Operator, KeyBy(nameof(Reminder.Changes)), TumblingWindow("1h")]
public sealed partial class UnpaidPerHour
{
    [State] private partial ref int Orders { get; }

    [Accumulate] private void Add(in Reminder reminder) => Orders++;

    [Fire] private Unpaid Close(in Window<int> window) => new(window.Start, Orders);
}
