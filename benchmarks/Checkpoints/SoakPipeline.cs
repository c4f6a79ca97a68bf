using System.Buffers.Binary;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>A number of the soak test.</summary>
public readonly record struct Number(long Value, int Key);

/// <summary>The number of rows of a key so far.</summary>
public readonly record struct KeyCount(int Key, long Count);

/// <summary>
/// Endless numbers, each with the count of its key so far, so that any missing or duplicated row is visible in the output.
/// </summary>
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

/// <summary>The numbers from 0. The position is the next number.</summary>
public sealed class NumberSource : ISource<Number>
{
    private const int Keys = 5_000;

    /// <summary>Computes the key of a number. Any function that distributes the keys will do.</summary>
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
            // There are no resources.
        }
    }
}
