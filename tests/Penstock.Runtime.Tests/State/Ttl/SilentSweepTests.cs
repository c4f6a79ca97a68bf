using System.Globalization;
using Penstock.Runtime.Tests.State.Collections;
using Penstock.Runtime.Tests.Windows;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Ttl;

/// <summary>Expired state is removed even if no rows arrive.</summary>
public sealed class SilentSweepTests
{
    private const int Users = 500;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void When_the_watermark_moves_on_without_rows(int parallelism)
    {
        using var test = PipelineTest.For<ForgetPipeline>(options => options.Parallelism = parallelism);
        for (var user = 0; user < Users; user++)
        {
            test.Send(
                nameof(ForgetPipeline.Commands),
                new Command(user.ToString(CultureInfo.InvariantCulture), Verb.Append, 0, 1, WindowTests.Start(1).UtcDateTime));
        }

        Seconds(test, 20);
        Assert.InRange(Keys(test), Users, int.MaxValue);
        test.AdvanceWatermark(nameof(ForgetPipeline.Commands), WindowTests.Start(60));
        Assert.InRange(Keys(test), Users, int.MaxValue);
        Seconds(test, 20);
        Assert.Equal(0, Keys(test));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void When_nothing_comes_but_time_passes(int parallelism)
    {
        using var test = PipelineTest.For<RecentPipeline>(options => options.Parallelism = parallelism);
        for (var user = 0; user < Users; user++)
        {
            test.Send(nameof(RecentPipeline.Clicks), WindowTests.At(1, user.ToString(CultureInfo.InvariantCulture)));
        }

        Seconds(test, 20);
        Assert.Equal(2 * Users, Keys(test));
        test.AdvanceClock(TimeSpan.FromHours(1));
        Seconds(test, 20);
        Assert.Equal(0, Keys(test));
    }

    private static void Seconds<T>(PipelineTest<T> test, int count)
        where T : class, IPipeline
    {
        for (var second = 0; second < count; second++)
        {
            test.AdvanceClock(TimeSpan.FromSeconds(1));
        }
    }

    private static long Keys<T>(PipelineTest<T> test)
        where T : class, IPipeline
    {
        // Memory is measured when a table grows, and at a checkpoint.
        test.Checkpoint();
        return test.State.Sum(static part => part.Keys);
    }
}
