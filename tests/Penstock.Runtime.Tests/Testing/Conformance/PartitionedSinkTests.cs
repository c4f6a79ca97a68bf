using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>The kit gives rows the event times of the setup, and compares their order within the partitions of the setup.</summary>
public sealed class PartitionedSinkTests
{
    [Fact]
    public async Task Rows_have_the_times_of_the_setup()
    {
        var place = new HourPlace();
        await SinkConformance.For(() => SetUp(place, turnsRound: false)).VerifyAsync();
        Assert.NotEmpty(place.Seen);
        Assert.All(place.Seen, static seen => Assert.Equal(HourOf(seen.Row) * 3_600_000_000, seen.Time));
    }

    [Fact]
    public async Task Order_is_kept_only_within_a_partition()
    {
        const string check = "Rows are visible when they are committed, and in their order";
        await SinkConformance.For(() => SetUp(new HourPlace(), turnsRound: false)).VerifyAsync(check);
        await Assert.ThrowsAsync<ConformanceException>(
            () => SinkConformance.For(() => SetUp(new HourPlace(), turnsRound: false, isOnePartition: true)).VerifyAsync(check));
        await Assert.ThrowsAsync<ConformanceException>(
            () => SinkConformance.For(() => SetUp(new HourPlace(), turnsRound: true)).VerifyAsync(check));
    }

    private static int HourOf(long row) => (int)(row % 3);

    private static SinkSetup<long> SetUp(HourPlace place, bool turnsRound, bool isOnePartition = false)
    {
        // Each setup begins with an empty place; what was seen stays.
        var numbers = NumberSink.SetUp(turnsRound ? SinkMistake.TurnsRowsRound : SinkMistake.None);
        return new SinkSetup<long>
        {
            Create = () => new HourSink(numbers.Create(), place),
            ReadAsync = async () => [.. (await numbers.ReadAsync()).OrderBy(HourOf)],
            ListHiddenAsync = numbers.ListHiddenAsync,
            Rows = numbers.Rows,
            TimeOf = static row => DateTimeOffset.UnixEpoch.AddHours(HourOf(row)),
            PartitionOf = isOnePartition ? null : static row => HourOf(row),
        };
    }

    private sealed class HourPlace
    {
        public List<(long Row, long Time)> Seen { get; } = [];
    }

    /// <summary>Notes the times of the rows.</summary>
    private sealed class HourSink(ISink<long> numbers, HourPlace place) : ISink<long>, IEventTimeSink
    {
        public ISinkWriter<long> OpenWriter(int subtask) => new Writer(numbers.OpenWriter(subtask), place);

        public ISinkCommitter CreateCommitter() => numbers.CreateCommitter();

        private sealed class Writer(ISinkWriter<long> numbers, HourPlace place) : ISinkWriter<long>
        {
            public void Write(Batch<long> batch, long checkpoint)
            {
                place.Seen.AddRange(Enumerable.Range(0, batch.Count).Select(index => (batch.Rows[index], batch.Times[index])));
                numbers.Write(batch, checkpoint);
            }

            public ValueTask<byte[]> PrepareAsync(long checkpoint) => numbers.PrepareAsync(checkpoint);

            public void Dispose() => numbers.Dispose();
        }
    }
}
