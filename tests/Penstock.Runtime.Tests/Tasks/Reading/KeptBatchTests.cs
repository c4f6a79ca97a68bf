using Penstock.Runtime.Tests.Sources.Files;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>
/// A task keeps a batch while it waits for credits. An error in one of its rows must name the place of that row, and no other place.
/// </summary>
public sealed class KeptBatchTests
{
    private static readonly DateTime At = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Other_splits_are_not_read_while_a_batch_is_kept()
    {
        var topic = new LiveTopic<Click>();
        topic.Add("s0", "s1", "s2");
        using var harness = new StreamingHarness<FragilePipeline>(Options(), topic);
        var error = Assert.Throws<OperatorException>(() =>
        {
            topic.Send("s0", new("a", At, 1), new("a", At, 2), new("a", At, 13));
            harness.Run();
        });
        Assert.Contains("failed at s0, row 2, ", error.Message, StringComparison.Ordinal);
        Assert.Equal(("s0, row 2", true), (error.Place!.Text.Split(" at ")[1].Split(", event")[0], error.Place.IsExact));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(80L)]
    public void A_split_that_ends_with_a_kept_batch_is_not_closed_meanwhile(long splitSize)
    {
        var files = SourceReading.FileWith(
            "/in/clicks.csv",
            "User,At,Value\na,2024-01-01T00:00:00,1\na,2024-01-01T00:00:01,2\na,2024-01-01T00:00:02,13\n");
        var options = Options();
        options.Sources["Clicks"] = new SourceOptions { SplitSize = splitSize };
        var error = Assert.Throws<OperatorException>(() => new StreamingHarness<FragilePipeline>(options, files: files));
        Assert.Contains("failed at /in/clicks.csv, line 4, ", error.Message, StringComparison.Ordinal);
        Assert.True(error.Place!.IsExact);
    }

    [Fact]
    public void A_source_that_still_names_the_reader_of_the_kept_batch_ends_all_the_same()
    {
        var topic = new LiveTopic<Click> { IsUnbounded = false, NamesEnded = true };
        topic.Add("s0", "s1");
        topic.SendSilently("s0", new("a", At, 1), new("a", At, 2), new("a", At, 3));
        topic.SendSilently("s1", new Click("b", At, 1));
        topic.End("s0");
        topic.End("s1");
        var steps = 0;
        using var harness = new StreamingHarness<FragilePipeline>(
            Options(),
            topic,
            onStep: _ => Assert.True(++steps < 10_000, "It does not end."));
        Assert.True(harness.HasEnded);
    }

    // Each check is due immediately.
    private static PipelineOptions Options() =>
        new() { Parallelism = 2, BatchSize = 4, ChannelCapacity = 1, FlushInterval = TimeSpan.Zero };
}
