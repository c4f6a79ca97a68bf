using Penstock.Testing;

namespace Penstock.Kafka.Tests;

/// <summary>Pipelines that read topics are tested with sent messages, without a broker or a client.</summary>
public sealed class SentMessageTests
{
    [Fact]
    public void Messages_are_read_as_those_of_a_topic()
    {
        using var test = PipelineTest.For<ClickCounts>();
        test.SendMessages(nameof(ClickCounts.Clicks), Click("ann", 1), Click("bob", 2), Click("ann", 3));
        Assert.Equal(
            [new UserCount("ann", 1, 1), new UserCount("bob", 1, 2), new UserCount("ann", 2, 3)],
            test.Read<UserCount>(nameof(ClickCounts.Counts)));
        Assert.Throws<BadRowException>(() => test.SendMessages(nameof(ClickCounts.Clicks), new TestMessage("{}") { Key = "ann" }));
    }

    [Fact]
    public void What_stands_beside_the_value_is_given_by_the_names_of_the_connector()
    {
        using var test = PipelineTest.For<ClickCopy>();
        var message = Click("ann", 5);
        (message.Metadata["partition"], message.Metadata["offset"], message.Headers["trace"]) = (3, 99L, "t");
        test.SendMessages(nameof(ClickCopy.Clicks), message);
        Assert.Equal(new Click("ann", 5, DateTimeOffset.UnixEpoch, 3, 99, "t"), Assert.Single(test.Read<Click>(nameof(ClickCopy.Clicks))));
        Assert.Contains(
            "'partition'",
            Assert.Throws<ArgumentException>(() => test.SendMessages(nameof(ClickCopy.Clicks), Click("ann", 6))).Message,
            StringComparison.Ordinal);
    }

    private static TestMessage Click(string user, int number) =>
        new($$"""{"number":{{number}},"at":"1970-01-01T00:00:00Z"}""") { Key = user };
}
