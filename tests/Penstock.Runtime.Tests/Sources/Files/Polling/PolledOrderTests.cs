using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Sources.Files;
using Penstock.Streams;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>The order in which a polled source allows files to be read, call by call, for every moment of a listing.</summary>
public sealed class PolledOrderTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly ManualTimeProvider _time = new();
    private readonly AutoResetEvent _woken = new(false);
    private readonly Batch<Click> _batch = new BatchPool<Click>(8).Rent();
    private readonly RowAppender<Click> _rows = new();
    private readonly List<ISplitReader<Click>> _lanes = [];
    private readonly FilePoller _poller;
    private readonly PolledFileSource<Click> _source;
    private volatile IReadOnlyList<InputFile> _files = [];

    public PolledOrderTests()
    {
        var health = new ConnectorHealth("", _time);
        _poller = new FilePoller("Clicks", 2, () => _files, Interval, _time, NullLogger.Instance, health);
        _source = new PolledFileSource<Click>(
            null!,
            new FileSourceOptions(new FileSourceSettings("in", 1), new MemoryFileSystem()),
            _poller,
            new PollingSubtask("Clicks", 0, IsRestart: false, NullLogger.Instance));
        _lanes.AddRange(_source.Discover().Select(split => _source.Open(split, [], null!)));
        _source.Start(() => _woken.Set());
        Await(1);

        // While another listing is made, lanes do not count as idle.
        Waiting.UntilAsync(
            () =>
            {
                Assert.Null(_source.Next());
                PollAllSplits();
                return _lanes.TrueForAll(static lane => Assert.IsType<PolledLane<Click>>(lane).CountsAsIdle);
            },
            static () => null).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _source.Dispose();
        _woken.Dispose();
    }

    [Fact]
    public void No_file_is_begun_while_lanes_that_have_files_count_as_idle()
    {
        _poller.Announce(1, long.MaxValue);

        // The driver has checked the lanes and goes to sleep. It calls Next once more before it sleeps, and again when it wakes, without a
        // check of the lanes in between.
        List("in/a.csv", "in/b.csv", "in/c.csv");
        _woken.Reset();
        Assert.Null(_source.Next());
        Assert.True(_woken.WaitOne(0), "The driver, which may be asleep, is not woken.");
        Assert.Null(_source.Next());
        PollAllSplits();
        Assert.NotNull(_source.Next());
    }

    [Fact]
    public void A_file_that_is_gone_and_comes_back_waits_for_the_listing_that_has_it_again()
    {
        List("in/a.csv", "in/b.csv");
        Assert.Null(_source.Next());
        var first = _poller.Take(0)!.Number;
        List("in/b.csv");
        Assert.Null(_source.Next());
        List("in/a.csv", "in/b.csv");
        Assert.Null(_source.Next());
        PollAllSplits();
        _poller.Announce(1, first);
        Assert.Equal("in/b.csv", Assert.IsType<PolledLane<Click>>(_source.Next()).Current!.Path);
    }

    private void List(params string[] paths)
    {
        var newest = _poller.Take(0)!.Number;
        _files = [.. paths.Select(static path => new InputFile(path, ""))];
        _time.Advance(Interval);
        Await(newest + 1);
    }

    // Another thread makes the listing, and waits for the clock again afterwards.
    private void Await(long number)
    {
        // A listing of the files before may still be under way.
        for (var until = DateTime.UtcNow + Timeout; !(_poller.Take(0) is { } listing
            && listing.Number >= number
            && listing.Files.Count == _files.Count);)
        {
            Assert.True(DateTime.UtcNow < until, "Nothing is listed.");
            _woken.WaitOne(TimeSpan.FromMilliseconds(50));
            _time.Advance(Interval);
        }
    }

    private void PollAllSplits()
    {
        foreach (var lane in _lanes)
        {
            _rows.Attach(_batch, 0);
            lane.Read(_rows);
        }
    }
}
