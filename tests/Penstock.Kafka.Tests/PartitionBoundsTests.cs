using System.Buffers;
using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Kafka.Sources;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>
/// Positions that a partition does not have. Retention, which deletes messages before a position, is tested with a broker in
/// <see cref="TopicChangeTests"/>; here the positions are beyond the end.
/// </summary>
public sealed class PartitionBoundsTests : IDisposable
{
    private const int Messages = 10;

    private const string Truncated =
        "it is beyond the end, because the broker has lost its last messages, or the topic was deleted and recreated.";

    private static readonly TopicPartition Clicks = new("clicks", 0);

    private readonly MockCluster _cluster = new();
    private readonly Log _log = new();

    public PartitionBoundsTests() => _cluster.Produce(Clicks, Messages);

    /// <summary>The code that meets such a position.</summary>
    public enum Place
    {
        NewJob,
        Restart,
        WhileRunning,
    }

    [Theory]
    [InlineData(Place.NewJob, 9, 9)]
    [InlineData(Place.NewJob, 10, 10)]
    [InlineData(Place.NewJob, 11, 10)]
    [InlineData(Place.NewJob, 1000, 10)]
    [InlineData(Place.Restart, 9, 9)]
    [InlineData(Place.Restart, 10, 10)]
    [InlineData(Place.Restart, 11, 10)]
    [InlineData(Place.Restart, 1000, 10)]
    [InlineData(Place.WhileRunning, 11, 10)]
    [InlineData(Place.WhileRunning, 1000, 10)]
    public void A_position_beyond_the_end_is_continued_at_the_end(Place place, long next, long expected)
    {
        Assert.Equal(expected, Find(place, next, KafkaDataLoss.Continue).Next);
        if (expected == next)
        {
            Assert.Empty(_log.Errors);
            return;
        }

        var error = Assert.Single(_log.Errors);
        Assert.Contains(
            $"partition 0 of topic 'clicks' is to be read from offset {next}, but has the offsets 0 to 10: ",
            error,
            StringComparison.Ordinal);
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $"It resumes at offset 10; missing offsets: {next - expected}."),
            error,
            StringComparison.Ordinal);
    }

    // A broker that has lost its last messages may have others at their offsets when it is asked.
    [Fact]
    public void A_position_that_was_refused_but_exists_is_continued_there()
    {
        Assert.Equal(7, Find(Place.WhileRunning, 7, KafkaDataLoss.Continue).Next);
        Assert.Contains(
            "is to be read from offset 7, and has the offsets 0 to 10, but has refused this one: the broker has lost messages before it",
            Assert.Single(_log.Errors),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Place.NewJob, 1000, "StartOffsets names an offset beyond the end. Correct it, or, to continue at offset 10, ")]
    [InlineData(Place.Restart, 1000, Truncated + " To continue at offset 10, ")]
    [InlineData(Place.WhileRunning, 1000, Truncated + " To continue at offset 10, ")]
    [InlineData(
        Place.WhileRunning,
        7,
        "the broker has lost messages before it and has others in their place, or the topic was deleted and recreated. To continue at offset 7, ")]
    public void An_error_says_that_the_position_is_beyond_the_end(Place place, long next, string reason)
    {
        var error = Assert.Throws<SourceChangedException>(() => Find(place, next, KafkaDataLoss.Fail));
        Assert.Contains(
            reason + "set Penstock:Pipelines:ClickCopy:Sources:Clicks:OnDataLoss to Continue",
            error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("retention", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public void A_consumer_that_is_beyond_the_end_reads_what_arrives_next()
    {
        using var loop = Loop(KafkaDataLoss.Continue);
        loop.Add(Clicks, 1000);
        loop.Start(static () => { }, static () => true);
        Assert.Equal([(EntryKind.AtEnd, 10)], Take(loop, 1));
        _cluster.Produce(Clicks, 2);
        Assert.Equal([(EntryKind.Message, 10), (EntryKind.Message, 11)], Take(loop, 2));
        Assert.Single(_log.Errors);
    }

    // The client reports the end at which it continues after messages were lost. Otherwise, each start would report the loss again.
    [Theory]
    [InlineData(1000, 10)]
    [InlineData(9, 10)]
    public void A_reader_saves_the_end_as_its_position(long next, long end)
    {
        var start = new PartitionPosition(next, PartitionPosition.Endless);
        var reader = new KafkaSplitReader<int, NoReader>(null!, Clicks, 0, start, null!);
        reader.RecordEnd(end);
        var position = new ArrayBufferWriter<byte>();
        reader.SavePosition(position);
        Assert.Equal(end, PartitionPosition.Read("clicks/0", position.WrittenSpan).Next);
    }

    [Fact]
    public async Task A_job_reports_such_a_position_once_and_reads_nothing_twice()
    {
        using var job = new Job<ClickCopy>(_cluster.Address)
        {
            ["Sources:Clicks:StartFrom"] = "Offsets",
            ["Sources:Clicks:StartOffsets"] = "0:1000",
            ["Sources:Clicks:OnDataLoss"] = "Continue"
        };
        job["Sinks:Clicks:Path"] = Path.Combine(job.Folder, "out", "clicks.jsonl");
        const string Resumed = "It resumes at offset 10; missing offsets: 990.";
        using (var host = job.Build())
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            await PipelineWaiting.UntilAsync(host, _ => job.Has(Resumed));
            _cluster.Produce(Clicks, 3);
            await KafkaTestHelpers.ReachAsync(host, 3);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        await KafkaTestHelpers.StopAfterAsync(job, 3);
        Assert.Equal(1, job.Count(Resumed));
        var offsets = Directory.GetFiles(Path.Combine(job.Folder, "out"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("offset").GetInt64());
        Assert.Equal([10, 11, 12], offsets.Order());
    }

    public void Dispose() => _cluster.Dispose();

    private static List<(EntryKind Kind, long Offset)> Take(ConsumeLoop loop, int count)
    {
        var entries = new List<(EntryKind, long)>();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                if (loop.Take() is { } block)
                {
                    for (; block.At < block.Count; block.At++)
                    {
                        entries.Add((block.Current.Kind, block.Current.Offset));
                    }

                    loop.Return(block);
                }

                return entries.Count >= count;
            },
            TimeSpan.FromSeconds(30)));
        return entries[..count];
    }

    private PartitionPosition Find(Place place, long next, KafkaDataLoss onDataLoss)
    {
        using var loop = Loop(onDataLoss, startOffset: next);
        var position = new PartitionPosition(next, PartitionPosition.Endless);
        return place switch
        {
            Place.NewJob => loop.Bounds.First(Clicks),
            Place.Restart => loop.Bounds.Check(Clicks, position),
            _ => loop.Bounds.Lost(Clicks, position),
        };
    }

    private ConsumeLoop Loop(KafkaDataLoss onDataLoss, long startOffset = 0)
    {
        var options = new SourceOptions();
        options.Settings["Client:bootstrap.servers"] = _cluster.Address;
        var context = new SourceContext("Clicks", "ClickCopy", new ServiceCollection().BuildServiceProvider(), options, null!)
        {
            PipelineOptions = new PipelineOptions(),
            Subtask = 0,
            Parallelism = 1,
            Health = new ConnectorHealth("source 'Clicks'", TimeProvider.System),
            Log = _log,
            Time = TimeProvider.System,
        };
        var settings = new KafkaSourceSettings(
            new KafkaSourceAttribute("clicks")
            {
                StartFrom = KafkaStart.Offsets,
                StartOffsets = string.Create(CultureInfo.InvariantCulture, $"0:{startOffset}"),
                OnDataLoss = onDataLoss,
            },
            context);
        return new ConsumeLoop(settings, new RequiredMessageFields([], isWhole: false), 0, _log, context.Health);
    }

    private readonly struct NoReader : IMessageReader<int>
    {
        public static TextColumn[] Columns => [];

        public static MetadataColumn[] Metadata => [];

        public static bool TryRead(MessageFields message, out int row) => throw new NotSupportedException();
    }

    private sealed class Log : ILogger
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
        {
            if (level >= LogLevel.Error)
            {
                lock (Errors)
                {
                    Errors.Add(format(state, exception));
                }
            }
        }
    }
}
