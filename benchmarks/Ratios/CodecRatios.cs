using System.Buffers;
using MemoryPack;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// The generated codec of a state compared with that of MemoryPack for the same struct: both write many values to one buffer and read them
/// back.
/// </summary>
internal static class CodecRatios
{
    private const int States = 20_000;
    private const int Repeats = 20;

    private static readonly Lazy<PackedTotals[]> Totals = new(() =>
    {
        var random = new Random(1);
        return
        [
            .. Enumerable.Range(0, States).Select(index => new PackedTotals
            {
                Count = random.Next(),
                Sum = random.NextDouble(),
                Largest = random.Next(100_000) / 100m,
                First = DateTime.UnixEpoch.AddSeconds(index),
                Last = DateTime.UnixEpoch.AddSeconds(2 * index),
                Card = $"card-{index}",
                Recent = [.. Enumerable.Range(0, 4).Select(_ => random.NextInt64())],
            }),
        ];
    });

    public static IEnumerable<Ratio> All => [new Ratio("state-codec", 0.9, Generated, "MemoryPackSerializer of the same struct", Packed)];

    private static Func<long> Generated()
    {
        var states = Totals.Value.Select(static totals => KeepTotals.Of(in totals)).ToArray();
        var restored = new KeepTotals.OperatorContract.State[States];
        var buffer = new ArrayBufferWriter<byte>(8 * 1024 * 1024);
        return () =>
        {
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                buffer.ResetWrittenCount();
                using (var options = MemoryPackWriterOptionalStatePool.Rent(null))
                {
                    var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, options);
                    foreach (ref readonly var state in states.AsSpan())
                    {
                        KeepTotals.OperatorContract.StateCodec.Write(ref writer, in state);
                    }

                    writer.Flush();
                }

                using (var options = MemoryPackReaderOptionalStatePool.Rent(null))
                {
                    var reader = new MemoryPackReader(buffer.WrittenSpan, options);
                    foreach (ref var state in restored.AsSpan())
                    {
                        KeepTotals.OperatorContract.StateCodec.Read(ref reader, out state);
                    }

                    reader.Dispose();
                }
            }

            return (long)States * Repeats;
        };
    }

    private static Func<long> Packed()
    {
        var states = Totals.Value;
        var restored = new PackedTotals[States];
        var buffer = new ArrayBufferWriter<byte>(8 * 1024 * 1024);
        return () =>
        {
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                buffer.ResetWrittenCount();
                MemoryPackSerializer.Serialize(in buffer, in states);

                // Reads into new structs, as a restore does, so that lists of a former round are not reused.
                Array.Clear(restored);
                MemoryPackSerializer.Deserialize(buffer.WrittenSpan, ref restored!);
            }

            return (long)States * Repeats;
        };
    }
}

/// <summary>The state of <see cref="KeepTotals"/>, for MemoryPack.</summary>
[MemoryPackable]
public partial struct PackedTotals
{
    public long Count { get; set; }

    public double Sum { get; set; }

    public decimal Largest { get; set; }

    public DateTime First { get; set; }

    public DateTime Last { get; set; }

    public string? Card { get; set; }

    public List<long>? Recent { get; set; }
}

[Operator, KeyBy(nameof(PackedTotals.Card))]
public sealed partial class KeepTotals
{
    [State] private partial ref long Count { get; }
    [State] private partial ref double Sum { get; }
    [State] private partial ref decimal Largest { get; }
    [State] private partial ref DateTime First { get; }
    [State] private partial ref DateTime Last { get; }
    [State] private partial ref string? Card { get; }
    [State] private partial ref List<long>? Recent { get; }

    /// <summary>The state after some totals.</summary>
    public static OperatorContract.State Of(in PackedTotals totals)
    {
        var state = default(OperatorContract.State);
        var output = default(Output<PackedTotals>);
        OperatorContract.Process(new KeepTotals(), in totals, ref output, ref state);
        return state;
    }

    [Process]
    private void Keep(in PackedTotals totals, ref Output<PackedTotals> output)
    {
        Count = totals.Count;
        Sum = totals.Sum;
        Largest = totals.Largest;
        First = totals.First;
        Last = totals.Last;
        Card = totals.Card;
        Recent = totals.Recent;
    }
}
