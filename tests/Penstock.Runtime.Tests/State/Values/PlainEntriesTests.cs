using CsCheck;
using MemoryPack;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Values;

public readonly record struct Measure(long Sensor, int Value);

public readonly record struct Tallied(long Sensor, long Sum, double Mean, int Count, int Most);

[Pipeline]
public sealed partial class TallyPipeline
{
    [FileSource("measures.csv")]
    public partial Stream<Measure> Measures { get; }

    [Apply<Tally>(nameof(Measures))]
    [FileSink("tallies.csv")]
    public partial Stream<Tallied> Tallies { get; }
}

/// <summary>State of numbers that are adjacent in memory, in another order than they are written.</summary>
[Operator, KeyBy(nameof(Measure.Sensor))]
public sealed partial class Tally
{
    [State] private partial ref int Most { get; }

    [State] private partial ref double Mean { get; }

    [State] private partial ref int Count { get; }

    [State] private partial ref long Sum { get; }

    [Process]
    private void OnMeasure(in Measure measure, ref Output<Tallied> output)
    {
        Count++;
        Sum += measure.Value;
        Mean += (measure.Value - Mean) / Count;
        Most = Math.Max(Most, measure.Value);
        output.Emit(new Tallied(measure.Sensor, Sum, Mean, Count, Most));
    }
}

/// <summary>Entries that are saved as a copy of their memory.</summary>
public class PlainEntriesTests
{
    [Fact]
    public void Blittable_entries_are_restored_at_any_parallelism()
    {
        Gen.Select(Gen.Long[0, 40], Gen.Int[-1000, 1000]).Array[0, 200].Sample(
            rows =>
            {
                using var test = PipelineTest.For<TallyPipeline>();
                var state = new Dictionary<long, Tallied>();
                var at = 0;
                foreach (var (sensor, value) in rows)
                {
                    var last = state.GetValueOrDefault(sensor);
                    var count = last.Count + 1;
                    state[sensor] = new Tallied(
                        sensor,
                        last.Sum + value,
                        last.Mean + (value - last.Mean) / count,
                        count,
                        Math.Max(last.Most, value));
                    test.Send(nameof(TallyPipeline.Measures), new Measure(sensor, value));
                    Assert.Equal([state[sensor]], test.Read<Tallied>(nameof(TallyPipeline.Tallies)));
                    if (++at % 17 == 0)
                    {
                        test.Checkpoint();
                        test.CrashAndRestore(at % 3 + 1);
                    }
                }
            },
            iter: 50);
    }

    [Fact]
    public void Blittable_entries_have_the_bytes_of_member_by_member_writing()
    {
        var state = new Tally.OperatorContract.State { Count = 1, Mean = 2.5, Most = -3, Sum = long.MinValue + 4 };
        Assert.Equal(24, Size<Tally.OperatorContract.StateCodec, Tally.OperatorContract.State>());
        var memory = System.Runtime.InteropServices.MemoryMarshal
            .AsBytes(new ReadOnlySpan<Tally.OperatorContract.State>(in state))
            .ToArray();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var options = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<System.Buffers.ArrayBufferWriter<byte>>(ref buffer, options);
        Tally.OperatorContract.StateCodec.Write(ref writer, in state);
        writer.Flush();
        Assert.Equal(buffer.WrittenSpan.ToArray(), memory);

        // One number of another size, or a string, causes a gap, or prevents plain memory.
        Assert.Equal(0, Size<CountClicks.OperatorContract.StateCodec, CountClicks.OperatorContract.State>());
    }

    private static int Size<TCodec, TState>()
        where TCodec : IStateCodec<TState>
        where TState : struct => TCodec.BlittableSize;
}
