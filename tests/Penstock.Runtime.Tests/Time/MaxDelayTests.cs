using Penstock.Runtime.Tests.Windows;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Time;

/// <summary>The maximum delay may change between two starts of a job. The new value applies from then on.</summary>
public sealed class MaxDelayTests
{
    private PipelineOptions _options = new();

    [Fact]
    public void A_longer_one_keeps_windows_open_longer_but_opens_none_again()
    {
        using var test = Start();
        Send(test, 5, 12.5);
        Assert.Equal(1, Fired(test));
        Restart(test, TimeSpan.FromSeconds(20));
        Send(test, 9, 23, 39);
        Assert.Equal(1, test.Counters.Late);
        Assert.Equal(0, Fired(test));
        Send(test, 41);
        Assert.Equal(1, Fired(test));
    }

    [Fact]
    public void A_shorter_one_closes_windows_sooner_from_the_next_newest_row_on()
    {
        using var test = Start();
        Send(test, 5, 11.9);
        Restart(test, TimeSpan.Zero);
        Send(test, 6);
        Assert.Equal(0, Fired(test));
        Send(test, 12, 7);
        Assert.Equal(1, Fired(test));
        Assert.Equal(1, test.Counters.Late);
    }

    private static void Send(PipelineTest<ClicksPipeline> test, params double[] seconds)
    {
        foreach (var second in seconds)
        {
            test.Send(nameof(ClicksPipeline.Clicks), new Click("ann", WindowTests.Start(second).UtcDateTime, 1));
        }
    }

    private static int Fired(PipelineTest<ClicksPipeline> test) => test.Read<UserClicks>(nameof(ClicksPipeline.Counts)).Count;

    private PipelineTest<ClicksPipeline> Start() => PipelineTest.For<ClicksPipeline>(options => _options = options);

    private void Restart(PipelineTest<ClicksPipeline> test, TimeSpan maxDelay)
    {
        test.Checkpoint();
        _options.Sources["Clicks"] = new SourceOptions { MaxDelay = maxDelay };
        test.CrashAndRestore();
    }
}
