using System.Buffers.Binary;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>A number of the soak test.</summary>
public readonly record struct Number(long Value, int Key);

/// <summary>How often a key has come so far.</summary>
public readonly record struct KeyCount(int Key, long Count);

/// <summary>Numbers without end, each with how often its key has come: what is missing or doubled anywhere shows in the answer.</summary>
[Pipeline]
public sealed partial class SoakPipeline
{
    /// <summary>The numbers.</summary>
    [Source<NumberSource>]
    public partial Stream<Number> Numbers { get; }

    /// <summary>The counts.</summary>
    [Apply<CountNumbers>(nameof(Numbers))]
    [FileSink("counts.csv")]
    public partial Stream<KeyCount> Counts { get; }
}

/// <summary>Counts by key.</summary>
[Operator, KeyBy(nameof(Number.Key))]
public sealed partial class CountNumbers
{
    [State] private partial ref long Count { get; }

    [Process]
    private void OnNumber(in Number number, ref Output<KeyCount> output) => output.Emit(new KeyCount(number.Key, ++Count));
}

/// <summary>The numbers from 0 on; the position is the next one.</summary>
public sealed class NumberSource : ISource<Number>
{
    private const int Keys = 5_000;

    /// <summary>The key of a number: any function will do that jumps about.</summary>
    public static int KeyOf(long number) => (int)((ulong)number * 0x9E3779B97F4A7C15 >> 40) % Keys;

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [new("all")];

    /// <inheritdoc/>
    public ISplitReader<Number> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(position.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(position));

    private sealed class Reader(long next) : ISplitReader<Number>
    {
        public ReadStatus Read(RowAppender<Number> rows)
        {
            var free = rows.FreeRows();
            for (var index = 0; index < free.Length; index++, next++)
            {
                free[index] = new Number(next, KeyOf(next));
            }

            rows.Advance(free.Length);
            return ReadStatus.More;
        }

        public void SavePosition(System.Buffers.IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt64LittleEndian(position.GetSpan(sizeof(long)), next);
            position.Advance(sizeof(long));
        }

        public string Describe(int index) => $"a number before {next}";

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
