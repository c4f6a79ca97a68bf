using System.Text;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;
using Penstock.Streams;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Sources.Files.Reading;

public sealed class AllocationTests
{
    private const int Count = 100_000;

    [Fact]
    public void Reading_usual_csv_rows_allocates_nothing_once_warm() =>
        Assert.Equal(
            0,
            AllocatedWhenWarm(CsvSource(
                "scheduled,delay,distance,origin,destination\n",
                i => $"2001-01-01T00:{i % 60:D2},{i % 90 - 30},{i % 3000},A{i % 300},a longer name of an airport {i % 50}\n")));

    [Fact]
    public void Reading_csv_rows_with_quotes_in_another_order_allocates_nothing_once_warm() =>
        Assert.Equal(
            0,
            AllocatedWhenWarm(CsvSource(
                "x,destination,scheduled,origin,delay,distance\r\n",
                i =>
                    $"\"a\nb\",\"a \"\"longer\"\" name of an airport {i % 50}\",2001-01-01T00:03:00.5+01:00,A{i % 300},{i % 90 - 30},{i % 3000}\r\n")));

    [Fact]
    public void Reading_usual_json_rows_allocates_nothing_once_warm() =>
        Assert.Equal(
            0,
            AllocatedWhenWarm(
                JsonSource(i =>
                    $"{{\"scheduled\":\"2001-01-01T00:03:00Z\",\"delay\":{i % 90 - 30},\"distance\":{i % 3000},\"origin\":\"A{i % 300}\",\"destination\":\"a longer name of an airport {i % 50}\"}}\n")));

    [Fact]
    public void Reading_json_rows_in_another_order_allocates_nothing_once_warm() =>
        Assert.Equal(
            0,
            AllocatedWhenWarm(
                JsonSource(i =>
                    $"{{ \"unknown\": [1], \"ORIGIN\": \"A\\u0041{i % 300}\", \"delay\": {i % 90 - 30}, \"scheduled\": \"2001-01-01T00:03:00Z\", \"distance\": {i % 3000}, \"destination\": \"B\" }}\n")));

    [Fact]
    public void Texts_that_do_not_repeat_cost_their_strings_and_spoil_no_other_column()
    {
        // Origins are few. Destinations are different in each row: 36 bytes of text, a string of 96 bytes.
        var source = CsvSource("scheduled,delay,distance,origin,destination\n", i => $"2001-01-01,1,2,A{i % 100},{Guid.NewGuid()}\n");
        Assert.InRange(AllocatedWhenWarm(source) / (double)(Count / 2), 85, 100);
    }

    [Fact]
    public void Writing_rows_allocates_nothing_once_warm()
    {
        using var output = new Utf8Buffer(1 << 20);
        var everything = ReadJson<Everything, Codecs.EverythingJsonReader>(
            "{\"flag\":true,\"letter\":\"x\",\"i8\":1,\"u8\":1,\"i16\":1,\"u16\":1,\"i32\":1,\"u32\":1,\"i64\":1,\"u64\":1,\"f32\":1.5,\"f64\":1.5,\"money\":1.25,\"text\":\"a \\\"text\\\"\",\"moment\":\"2001-01-01\","
            + "\"zoned\":\"2001-01-01T00:00+01:00\",\"day\":\"2001-01-01\",\"clock\":\"12:00:00.5\",\"span\":\"1.02:03:04\",\"id\":\"01234567-89ab-cdef-0123-456789abcdef\",\"color\":\"Blue\"}")[0];
        var dates = new Dates { Moment = DateTime.UnixEpoch, Day = new DateOnly(2001, 1, 1), Note = "x, y" };
        Assert.Equal(0, OnceWarm(() => WriteAll(1000)));

        void WriteAll(int times)
        {
            for (var i = 0; i < times; i++)
            {
                output.Clear();
                Codecs.EverythingCsvWriter.Write(output, in everything, RowKind.Insert);
                Codecs.EverythingJsonWriter.Write(output, in everything, RowKind.Insert);
                Codecs.DatesCsvWriter.Write(output, in dates, RowKind.Insert);
                Codecs.DatesJsonWriter.Write(output, in dates, RowKind.Insert);
            }
        }
    }

    private static CsvFileSource<Flight, Codecs.FlightCsvReader> CsvSource(string header, Func<int, string> line) =>
        new(Options(FileWith("/rows.csv", Lines(header, line)), "/rows.csv"));

    private static JsonLinesFileSource<Flight, Codecs.FlightJsonReader> JsonSource(Func<int, string> line) =>
        new(Options(FileWith("/rows.jsonl", Lines("", line)), "/rows.jsonl"));

    private static string Lines(string header, Func<int, string> line)
    {
        var text = new StringBuilder(header);
        for (var i = 0; i < Count; i++)
        {
            text.Append(line(i));
        }

        return text.ToString();
    }

    private static long AllocatedWhenWarm(ISource<Flight> source)
    {
        var rows = new RowAppender<Flight>();
        var batch = new BatchPool<Flight>(500).Rent();
        return OnceWarm(
            () =>
            {
                using var reader = source.Open(source.Discover()[0], default, new FailOnBadRows());
                ReadHalf(reader);
                var before = GC.GetAllocatedBytesForCurrentThread();
                ReadHalf(reader);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            });

        void ReadHalf(ISplitReader<Flight> reader)
        {
            for (var i = 0; i < Count / 2 / 500; i++)
            {
                rows.Attach(batch, 500);
                reader.Read(rows);
                Assert.True(batch.Count == 500);
                batch.Count = 0;
            }
        }
    }

    private static long OnceWarm(Action action) => OnceWarm(
        () =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

    // Code that the runtime has not optimized yet allocates where optimized code does not, so the runtime gets some time first.
    private static long OnceWarm(Func<long> allocated)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 30 && least > 0; i++)
        {
            least = Math.Min(least, allocated());
            Thread.Sleep(20);
        }

        return least;
    }
}
