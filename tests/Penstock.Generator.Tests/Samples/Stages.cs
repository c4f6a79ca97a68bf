namespace Staged;

public readonly record struct Call(string Number, int Seconds, DateTimeOffset At);

public readonly record struct Rated(string Number, decimal Price, DateTimeOffset At);

public readonly record struct Bill(string Number, DateTimeOffset Start, decimal Price);

/// <summary>Asks a slow service.</summary>
[Operator]
public sealed partial class Rating(ITariffs tariffs)
{
    [Map]
    private Rated Rate(in Call call) => new(call.Number, tariffs.PriceOf(call.Number) * call.Seconds, call.At);
}

public interface ITariffs
{
    decimal PriceOf(string number);
}

[Operator]
public sealed partial class Paid
{
    [Filter]
    private static bool Keep(in Rated call) => call.Price > 0;
}

[Operator, KeyBy(nameof(Rated.Number)), TumblingWindow("1h")]
public sealed partial class BillPerHour
{
    [State] private partial ref decimal Price { get; }

    [Accumulate]
    private void Add(in Rated call) => Price += call.Price;

    [Fire]
    private Bill Close(in Window<string> window) => new(window.Key, window.Start, Price);
}

[Operator]
public sealed partial class Reminders
{
    [FlatMap]
    private static void Remind(in Bill bill, ref Output<Bill> output)
    {
        output.Emit(bill);
        output.Emit(bill with { Price = 0 });
    }
}

/// <summary>One reader, four subtasks for the slow step, and one for all that is sent.</summary>
[Pipeline(Parallelism = 2)]
public sealed partial class Billing
{
    [FileSource("calls.csv"), Parallelism(1)]
    [EventTime(nameof(Call.At))]
    public partial Stream<Call> Calls { get; }

    [Apply<Rating>(nameof(Calls)), Parallelism(4)]
    public partial Stream<Rated> Priced { get; }

    [Apply<Paid>(nameof(Priced)), Parallelism(4)]
    public partial Stream<Rated> Charged { get; }

    [Apply<BillPerHour>(nameof(Charged))]
    public partial Stream<Bill> Bills { get; }

    [SideOutput(nameof(Bills), SideOutputs.Late)]
    public partial Stream<Rated> Late { get; }

    [Apply<Paid>(nameof(Late)), Parallelism(1)]
    [FileSink("late.csv")]
    public partial Stream<Rated> LateOnes { get; }

    [Apply<Reminders>(nameof(Bills)), Parallelism(1)]
    [FileSink("bills.csv")]
    public partial Stream<Bill> Sent { get; }
}
