using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>Keeps rows with their row kinds.</summary>
public sealed class KindRecorder
{
    public ConcurrentQueue<(RowKind Kind, UserClicks Row)> Rows { get; } = [];

    /// <summary>Called with the changelog that a sink receives for its stream.</summary>
    public Action<Changelog> ChangelogSet { get; set; } = static changelog => Assert.Equal("upsert by User, Start", $"{changelog}");
}

public sealed class KindSink(KindRecorder recorder) : ISink<UserClicks>, IChangelogSink
{
    public void SetChangelog(Changelog changelog) => recorder.ChangelogSet(changelog);

    public ISinkWriter<UserClicks> OpenWriter(int subtask) => new Writer(recorder);

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer(KindRecorder recorder) : ISinkWriter<UserClicks>
    {
        public void Write(Batch<UserClicks> batch, long checkpoint)
        {
            for (var index = 0; index < batch.Count; index++)
            {
                recorder.Rows.Enqueue((batch.KindOf(index), batch.Rows[index]));
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}

[Pipeline]
public sealed partial class KindsPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountClicksLeniently>(nameof(Clicks))]
    [Sink<KindSink>]
    public partial Stream<UserClicks> Counts { get; }
}

/// <summary>
/// A window that fires again: the first result of a key is an insert and counts as a window, even if its first row is very late.
/// </summary>
public sealed class RefireTests
{
    private const long Size = 10_000;
    private const long Delay = 2_000;
    private const long Lateness = 5_000;

    [Fact]
    public void Rows_of_a_key_are_an_insert_and_updates_of_it() =>
        Gen.Select(
            Gen.Select(Gen.Char['a', 'd'], Gen.Int[0, 3_000], Gen.Int[0, 12_000]).Array[1, 60],
            Gen.Int[1, 3],
            Gen.Int[1, 20]).Sample(
            (rows, parallelism, batchSize) =>
            {
                var newest = 0L;
                var clicks = rows.Select(row =>
                {
                    newest += row.Item2;
                    return (User: $"{row.Item1}", Millis: Math.Max(0, newest - row.Item3));
                }).ToArray();
                var (answers, windows) = Run(clicks, parallelism, batchSize);
                var expected = Expected(clicks);
                foreach (var (key, counts) in expected)
                {
                    var found = answers
                        .Where(answer => answer.Row.User == key.User
                            && answer.Row.Start == DateTimeOffset.UnixEpoch.AddMilliseconds(key.Start))
                        .ToList();
                    Assert.Equal(
                        [RowKind.Insert, .. Enumerable.Repeat(RowKind.UpdateAfter, found.Count - 1)],
                        found.Select(static answer => answer.Kind));
                    Assert.Equal(counts[^1], found[^1].Row.Count);
                    // Late rows of one batch cause one version together, and so do late rows before a subtask receives the next watermark.
                    Assert.Equal(
                        found.Select(static answer => answer.Row.Count),
                        counts.Intersect(found.Select(static answer => answer.Row.Count)));
                    if (parallelism == 1 && batchSize == 1)
                    {
                        Assert.Equal(counts, found.Select(static answer => answer.Row.Count));
                    }
                }

                Assert.Equal(expected.Keys.Count, answers.DistinctBy(static answer => (answer.Row.User, answer.Row.Start)).Count());
                Assert.Equal(expected.Count, windows);
            },
            iter: 200);

    [Fact]
    public void After_a_restart_it_is_known_for_which_keys_a_window_has_fired()
    {
        using var test = PipelineTest.For<KindsPipeline>(services: new ServiceCollection()
            .AddSingleton<KindRecorder>()
            .BuildServiceProvider());
        test.Send(nameof(KindsPipeline.Clicks), WindowTests.At(1), WindowTests.At(12));
        Assert.Equal(1, test.Counters.Windows);
        test.Checkpoint();
        test.CrashAndRestore();
        test.Send(nameof(KindsPipeline.Clicks), WindowTests.At(2), WindowTests.At(3, "bob"), WindowTests.At(4, "bob"));
        Assert.Equal(
            [RowKind.Insert, RowKind.UpdateAfter, RowKind.Insert],
            test.ReadChanges<UserClicks>(nameof(KindsPipeline.Counts)).Select(static change => change.Kind));
        Assert.Equal(1, test.Counters.Windows);
    }

    [Fact]
    public void A_sink_that_cannot_take_its_changelog_is_named_and_no_operator()
    {
        var recorder = new KindRecorder
        {
            ChangelogSet = static changelog => throw new InvalidOperationException($"No table takes a stream that is {changelog}.")
        };
        var error = Assert.Throws<SinkException>(() => Run([("a", 1)], parallelism: 1, batchSize: 1, recorder));
        Assert.Equal(
            "PSR701: Pipeline 'Kinds': sink 'Counts/KindSink' failed to learn its changelog: InvalidOperationException: No table takes a stream that is upsert by User, Start.",
            error.Message);
    }

    private static (List<(RowKind Kind, UserClicks Row)> Answers, long Windows) Run(
        (string User, long Millis)[] clicks,
        int parallelism,
        int batchSize,
        KindRecorder? kinds = null)
    {
        var files = new MemoryFileSystem();
        files.Add("clicks.csv", "user,at,value\n" + string.Concat(clicks.Select(static click =>
            string.Create(CultureInfo.InvariantCulture, $"{click.User},{DateTime.UnixEpoch.AddMilliseconds(click.Millis):O},1\n"))));
        var recorder = kinds ?? new KindRecorder();
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = batchSize };
        options.Restart.Strategy = RestartStrategy.None;
        options.Checkpoints.Path = "checkpoints";
        var runner = (TestEnvironment.Create("Kinds", options, recorder) with { Files = files }).RunnerOf<KindsPipeline>();
        runner.RunAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return ([.. recorder.Rows], runner.Status().Windows);
    }

    // The rows that each window of a key has sent, in order.
    private static Dictionary<(string User, long Start), List<int>> Expected((string User, long Millis)[] clicks)
    {
        var counts = new Dictionary<(string User, long Start), int>();
        var sent = new Dictionary<(string User, long Start), List<int>>();
        var watermark = long.MinValue;
        foreach (var (user, millis) in clicks)
        {
            var key = (user, millis / Size * Size);
            if (key.Item2 + Size + Lateness > watermark)
            {
                counts[key] = counts.GetValueOrDefault(key) + 1;
                if (key.Item2 + Size <= watermark)
                {
                    Send(key);
                }
            }

            var before = watermark;
            watermark = Math.Max(watermark, millis - Delay);
            foreach (var due in counts.Keys.Where(due => due.Start + Size > before && due.Start + Size <= watermark).ToList())
            {
                Send(due);
            }
        }

        foreach (var open in counts.Keys.Where(open => open.Start + Size > watermark).ToList())
        {
            Send(open);
        }

        return sent;

        void Send((string User, long Start) key)
        {
            if (!sent.TryGetValue(key, out var found))
            {
                sent[key] = found = [];
            }

            found.Add(counts[key]);
        }
    }
}
