using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// A source of sixteen columns of which four are read: by columns, by rows, and by the hand-written loop. The pipelines run as a whole,
/// from source to sink.
/// </summary>
internal static class ColumnRatios
{
    // Columns that fit in the cache of the processor, repeatedly.
    private const int Rows = 16 * 1024;
    private const int Repeats = 1500;

    private static readonly Lazy<WideColumns> Columns = new(static () => new WideColumns(Rows, Repeats));

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("columns", 1.3, () => ByColumns, "the same columns, handed over as whole rows", () => ByRows),
        new Ratio("columns-loop", 0.4, () => ByColumns, "hand-written loop over the four columns", () => ByHand),
    ];

    private static long ByColumns()
    {
        Harness.Run<WideColumnPipeline>(Columns.Value, static _ => { });
        return (long)Rows * Repeats;
    }

    private static long ByRows()
    {
        Harness.Run<WideRowPipeline>(Columns.Value, static _ => { });
        return (long)Rows * Repeats;
    }

    // The hand-written loop: it creates only the rows that it keeps, and collects them in an array.
    private static long ByHand()
    {
        var (a, d, j, p) = (Columns.Value.Longs[0], Columns.Value.Longs[3], Columns.Value.Doubles[1], Columns.Value.Ints[3]);
        var output = new Narrow[1024];
        var count = 0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            for (var index = 0; index < a.Length; index++)
            {
                if (a[index] < 500)
                {
                    output[count++] = new Narrow(a[index], d[index], j[index], p[index]);
                    if (count == output.Length)
                    {
                        NarrowSink.Sum += NarrowSink.SumOf(output);
                        count = 0;
                    }
                }
            }
        }

        NarrowSink.Sum += NarrowSink.SumOf(output.AsSpan(0, count));
        return (long)Rows * Repeats;
    }
}
