using System.Runtime.CompilerServices;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Allocations of reading and writing trees: only the objects themselves.</summary>
public sealed class TreeAllocationTests
{
    private const string Line =
        """{"unknown":{"a":[1,{"b":"c\n"}]},"id":1,"customer":{"url":"https://example.org/a/longer/address","name":"\u0041nn","address":[{"zip":1,"city":"Ulm"},{"city":"a city with a longer name","zip":2}],"others":{"x":null}}}""";

    [Fact]
    public void A_row_allocates_its_objects_and_nothing_else()
    {
        // Purchase, Customer, the array of two, two addresses, and the dictionary of one.
        var expected = SizeOf(static () => new Purchase(1, null!))
            + SizeOf(static () => new Customer("", null!, null!))
            + SizeOf(static () => new Address[2])
            + (2 * SizeOf(static () => new Address("", 1)))
            + SizeOf(static () => new Dictionary<string, Address?>(1));
        Assert.Equal(expected, PerRow<PurchasePipeline, Purchase>());
    }

    [Fact]
    public void A_row_of_which_a_part_is_read_allocates_that_part() =>
        Assert.Equal(
            SizeOf(static () => new Purchase(1, null!)) + SizeOf(static () => new Customer("", null!, null!)),
            PerRow<ZipPipeline, Purchase>());

    [Fact]
    public void Writing_allocates_nothing_once_warm()
    {
        var row = TreeText.Read<PurchasePipeline, Purchase>("PurchasesReader", Line + "\n")[0];
        var many = Enumerable.Repeat(row, 1000).ToArray();
        using var output = new Utf8Buffer(1 << 20);
        var write = TreeText.Writer<PurchasePipeline, Purchase>("PurchaseJsonWriter");
        WriteAll();
        WriteAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void WriteAll()
        {
            output.Clear();
            foreach (var next in many)
            {
                write(output, in next, RowKind.Insert);
            }
        }
    }

    private static long PerRow<TPipeline, T>()
    {
        const int Rows = 10_000;
        const int Batch = 500;
        var source = TreeText.Source<TPipeline, T>("PurchasesReader", string.Concat(Enumerable.Repeat(Line + "\n", Rows)));
        var rows = new RowAppender<T>();
        var batch = new BatchPool<T>(Batch).Rent();
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            using var reader = source.Open(source.Discover()[0], default, new SourceReading.FailOnBadRows());
            ReadHalf(reader);
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReadHalf(reader);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / (Rows / 2);

        void ReadHalf(ISplitReader<T> reader)
        {
            for (var i = 0; i < Rows / 2 / Batch; i++)
            {
                rows.Attach(batch, Batch);
                reader.Read(rows);
                Assert.Equal(Batch, batch.Count);
                batch.Count = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long SizeOf(Func<object> make)
    {
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        make();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
