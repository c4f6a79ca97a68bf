using System.Diagnostics;

namespace Penstock.Benchmarks.Kafka;

/// <summary>A payment as a message.</summary>
public readonly record struct Payment(string Account, decimal Amount, DateTime At, string Currency, string Place);

/// <summary>The sum that an account has paid so far.</summary>
public readonly record struct AccountCount([property: Metadata("key")] string Account, long Count, decimal Total);

/// <summary>Records when the first row of a run arrived, and the number of rows.</summary>
public static class Passage
{
    private static long _rows;
    private static long _first;
    private static long _last;

    /// <summary>The number of rows.</summary>
    public static long Rows => _rows;

    /// <summary>The time of the first row.</summary>
    public static long First => _first;

    /// <summary>The time between the first and the last row.</summary>
    public static TimeSpan Elapsed => Stopwatch.GetElapsedTime(_first, _last);

    /// <summary>Starts a run.</summary>
    public static void Begin(long expected) => (_rows, Expected) = (0, expected);

    private static long Expected { get; set; }

    /// <summary>Records a row.</summary>
    public static void Note()
    {
        if (++_rows == 1)
        {
            _first = Stopwatch.GetTimestamp();
        }
        else if (_rows == Expected)
        {
            _last = Stopwatch.GetTimestamp();
        }
    }
}

[Operator]
public sealed partial class CountAll
{
    [Filter]
    private static bool Keep(in Payment payment)
    {
        Passage.Note();
        return payment.Amount < 0;
    }
}

[Operator, KeyBy(nameof(Payment.Account))]
public sealed partial class CountPerAccount
{
    [State] private partial ref long Count { get; }
    [State] private partial ref decimal Total { get; }

    [Process]
    private void Add(in Payment payment, ref Output<AccountCount> output)
    {
        Passage.Note();
        Total += payment.Amount;
        output.Emit(new AccountCount(payment.Account, ++Count, Total));
    }
}

/// <summary>Reads and parses every message, and drops it.</summary>
[Pipeline]
public sealed partial class ReadPayments
{
    [KafkaSource("payments", Until = KafkaEnd.Latest)]
    public partial Stream<Payment> Payments { get; }

    [Apply<CountAll>(nameof(Payments))]
    [FileSink("none.jsonl")]
    public partial Stream<Payment> None { get; }
}

/// <summary>JSON in, a count of each account, JSON out.</summary>
[Pipeline]
public sealed partial class CountPayments
{
    [KafkaSource("payments", Until = KafkaEnd.Latest)]
    public partial Stream<Payment> Payments { get; }

    [Apply<CountPerAccount>(nameof(Payments))]
    [KafkaSink("counts")]
    public partial Stream<AccountCount> Counts { get; }
}
