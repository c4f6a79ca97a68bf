using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Sources.Files;
using Penstock.Testing;
using static Penstock.Runtime.Tests.Sources.Files.Polling.PolledSteps;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>Listings of the files of a source that polls for new ones.</summary>
public sealed class FilePollerTests
{
    [Fact]
    public void What_is_known_was_taken()
    {
        var time = new ManualTimeProvider();
        using var poller = new FilePoller(
            "Clicks",
            2,
            static () => [new InputFile("in/a.csv", "")],
            Interval,
            time,
            NullLogger.Instance,
            new ConnectorHealth("", time));
        using var listed = new AutoResetEvent(false);
        Assert.False(poller.IsKnown(0));
        poller.Start(0, () => listed.Set());
        Assert.True(listed.WaitOne(Limit));
        Assert.False(poller.IsKnown(0));
        var first = poller.Take(0)!;
        Assert.True(poller.IsKnown(first.Number));

        // They must not be read before both have reported their files.
        poller.Announce(0, first.Number);
        Assert.False(poller.IsAnnounced(first.Number));
        poller.Announce(1, first.Number + 1);
        Assert.True(poller.IsAnnounced(first.Number));
    }

    [Fact]
    public void Listings_do_not_pile_up()
    {
        var time = new ManualTimeProvider();
        var listed = 0;
        using var poller = new FilePoller(
            "Clicks",
            1,
            () => [new InputFile($"{Interlocked.Increment(ref listed)}", "")],
            Interval,
            time,
            NullLogger.Instance,
            new ConnectorHealth("", time));
        poller.Start(0, static () => { });
        for (var until = DateTime.UtcNow + Limit; Volatile.Read(ref listed) < 100;)
        {
            Assert.True(DateTime.UtcNow < until, "Nothing is listed.");
            time.Advance(Interval);
            Thread.Yield();
        }

        Assert.InRange(int.Parse(Assert.Single(poller.Take(0)!.Files).Path, CultureInfo.InvariantCulture), 99, 101);
    }

    [Fact]
    public async Task A_listing_that_ends_after_its_attempt_changes_nothing()
    {
        foreach (var fails in (bool[])[false, true])
        {
            using var begun = new ManualResetEventSlim();
            using var end = new ManualResetEventSlim();
            var health = new ConnectorHealth("source 'Clicks'", TimeProvider.System);
            using var log = new CollectedLogs();
            var woken = 0;
            var poller = new FilePoller("Clicks", 1, List, Interval, TimeProvider.System, log.CreateLogger("Test"), health);
            poller.Start(0, () => Interlocked.Increment(ref woken));
            Assert.True(begun.Wait(Limit));
            poller.Dispose();
            end.Set();
            await poller.Ended.WaitAsync(Limit);
            Assert.Equal(0, woken);
            Assert.Null(poller.Take(0));
            Assert.Null(health.DescribeFailure(TimeSpan.Zero));
            Assert.Empty(log.Entries);

            IReadOnlyList<InputFile> List()
            {
                begun.Set();
                end.Wait(Limit);
                return fails ? throw new IOException("The place is gone.") : [new InputFile("in/a.csv", "")];
            }
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_and_a_file_that_is_not_there_is_not()
    {
        Assert.Throws<PipelineException>(() => Local("no-such-folder/*.csv").Discover());
        Assert.Throws<PipelineException>(() => Local("no-such-folder").Discover());
        Assert.Equal(16, Local("no-such-file.csv").Discover().Count);
        Assert.Equal(16, Local("no-such-*.csv").Discover().Count);

        // After a restart, the source waits for it.
        Assert.Equal(16, Local("no-such-folder", isRestart: true).Discover().Count);

        static PolledFileSource<Click> Local(string path, bool isRestart = false)
        {
            var health = new ConnectorHealth("", TimeProvider.System);
            var poller = new FilePoller(
                "Clicks",
                1,
                () => FilePattern.Find(LocalFileSystem.Instance, path, [".csv"]).Select(static found => new InputFile(found, "")).ToList(),
                Interval,
                TimeProvider.System,
                NullLogger.Instance,
                health);
            return new(
                null!,
                new FileSourceOptions(new FileSourceSettings(path, 1 << 20), LocalFileSystem.Instance),
                poller,
                new PollingSubtask("Clicks", 0, isRestart, NullLogger.Instance));
        }
    }
}
