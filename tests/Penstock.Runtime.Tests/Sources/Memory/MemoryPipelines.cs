namespace Penstock.Runtime.Tests.Sources.Memory;

/// <summary>A payment of an account.</summary>
public sealed record Payment(string Account, int Amount);

/// <summary>What an account has paid so far.</summary>
public readonly record struct Paid(string Account, int Payments, long Sum);

[Pipeline]
public sealed partial class ChannelPipeline
{
    [Source<ChannelSource<Payment>>]
    public partial Stream<Payment> Payments { get; }

    [Apply<AddPayments>(nameof(Payments))]
    [Sink<ChannelSink<Paid>>]
    public partial Stream<Paid> Totals { get; }
}

[Pipeline]
public sealed partial class BlockPipeline
{
    [Source<DataflowSource<Payment>>]
    public partial Stream<Payment> Payments { get; }

    [Apply<AddPayments>(nameof(Payments))]
    [Sink<DataflowSink<Paid>>]
    public partial Stream<Paid> Totals { get; }
}

[Pipeline]
public sealed partial class SequencePipeline
{
    [Source<SequenceSource<Payment>>]
    public partial Stream<Payment> Payments { get; }

    [Apply<AddPayments>(nameof(Payments))]
    [Sink<ChannelSink<Paid>>]
    public partial Stream<Paid> Totals { get; }
}

/// <summary>Adds up the payments of each account, and fails at some rows while a test wants that.</summary>
[Operator, KeyBy(nameof(Payment.Account))]
public sealed partial class AddPayments(PaymentTrouble trouble)
{
    [State] private partial ref int Payments { get; }
    [State] private partial ref long Sum { get; }

    [Process]
    private void Add(in Payment payment, ref Output<Paid> output)
    {
        trouble.Meet();
        Sum += payment.Amount;
        Payments++;
        output.Emit(new Paid(payment.Account, Payments, Sum));
    }
}

/// <summary>Fails at the rows with some numbers, once each.</summary>
public sealed class PaymentTrouble(params IEnumerable<int> rows)
{
    private readonly HashSet<int> _rows = [.. rows];
    private int _row;

    public void Meet()
    {
        lock (_rows)
        {
            if (_rows.Remove(++_row))
            {
                throw new IOException("It fails once.");
            }
        }
    }
}
