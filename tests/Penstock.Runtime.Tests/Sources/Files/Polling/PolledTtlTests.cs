using System.Globalization;
using CsCheck;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Tasks.Reading;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>Counts the clicks of a user, without expiry.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountForEver
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output) => output.Emit(new Running(click.User, ++Count));
}

/// <summary>Counts the clicks of a user, until there is none for ten minutes.</summary>
[Operator, KeyBy(nameof(Click.User))]
public sealed partial class CountForTenMinutes
{
    [State(Ttl = "10m")] private partial ref int Count { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Running> output) => output.Emit(new Running(click.User, ++Count));
}

/// <summary>The program before state had a TTL.</summary>
[Pipeline(Name = "Visits")]
public sealed partial class EndlessVisits
{
    [FileSource("in/*.csv", Poll = "1s")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountForEver>(nameof(Clicks))]
    [FileSink("visits.csv")]
    public partial Stream<Running> Visits { get; }
}

/// <summary>The program after a TTL was added.</summary>
[Pipeline(Name = "Visits")]
public sealed partial class ExpiringVisits
{
    [FileSource("in/*.csv", Poll = "1s")]
    [EventTime(nameof(Click.At))]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountForTenMinutes>(nameof(Clicks))]
    [FileSink("visits.csv")]
    public partial Stream<Running> Visits { get; }
}

/// <summary>A TTL is added to saved state, over polled files: results depend only on the rows and their order.</summary>
public sealed class PolledTtlTests
{
    private static readonly DateTime Ten = new(2001, 1, 1, 10, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly int[] BatchSizes = [1, 2, 3, 7, 1024];

    public static TheoryData<int> Sizes => [.. BatchSizes];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_ttl_that_is_added_to_saved_state_expires_it_at_the_time_of_each_row(int batchSize)
    {
        (string, double)[] before = [("a", 0), ("a", 5), ("b", 5)];
        (string, double)[] after = [("a", 14), ("a", 30), ("a", 120), ("a", 34 * 60), ("b", 30 * 24 * 60)];
        foreach (var path in (string[])["in/1.csv", "in/2.csv", "in/3.csv", "in/4.csv", "in/5.csv"])
        {
            var files = new MemoryFileSystem();
            using (var harness = new StreamingHarness<EndlessVisits>(new PipelineOptions { BatchSize = batchSize }, files: files))
            {
                Put(files, "in/0.csv", before);
                RunUntil(harness, before.Length);
            }

            using var later = new StreamingHarness<ExpiringVisits>(new PipelineOptions { BatchSize = batchSize }, files: files);
            Put(files, path, after);
            RunUntil(later, after.Length);
            Assert.Equal(["a 3", "a 1", "a 1", "a 1", "b 1"], Answers(later));
        }
    }

    [Fact]
    public void Whatever_the_batches_and_restarts_answers_are_those_of_a_plain_loop()
    {
        var row = Gen.Select(Gen.Char['a', 'c'], Gen.Double[0, 30], Gen.Double[0, 25]);
        Gen.Select(
            row.Array[1, 6],
            row.Array[1, 12].Array[1, 3],
            Gen.Int[0, BatchSizes.Length - 1].Select(static size => BatchSizes[size]).Array[4],
            Gen.Int[0, 1_000_000]).Sample(
            (first, later, sizes, seed) =>
            {
                var minute = 0d;
                var before = first.Select(one => Row(one, 0)).ToArray();
                var earliest = before.Max(static one => one.Minute);
                var after = later.Select(file => file.Select(one => Row(one, earliest)).ToArray()).ToArray();
                Assert.Equal(Expected(before, after), Run(before, after, sizes, new Random(seed)));

                // Mostly in order, some late, with pauses that are longer than the TTL.
                (string User, double Minute) Row((char User, double Pause, double Delay) one, double earliest)
                {
                    minute += one.Pause < 20 ? one.Pause / 5 : one.Pause;
                    return ($"{one.User}", Math.Max(earliest, minute - (one.Delay < 10 ? 0 : one.Delay)));
                }
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public void A_late_row_is_late_after_a_restart_too_though_its_lane_has_read_nothing_before()
    {
        foreach (var path in (string[])["in/1.csv", "in/2.csv", "in/3.csv", "in/4.csv"])
        {
            using var harness = new StreamingHarness<ExpiringVisits>(new PipelineOptions());
            Put(harness.Files, "in/0.csv", ("b", 0), ("a", 120));
            RunUntil(harness, 2);
            harness.Crash();
            harness.Start();
            Put(harness.Files, path, ("b", 5));
            RunUntil(harness, 3);

            Assert.Equal(["b 1", "a 1", "b 1"], Answers(harness));
        }
    }

    private static List<string> Expected((string User, double Minute)[] before, (string User, double Minute)[][] after)
    {
        const long ttl = 600_000_000;
        const long grid = ttl / 8;
        var counts = before.GroupBy(static row => row.User).ToDictionary(static user => user.Key, static user => user.Count());
        var restored = before.Max(static row => Micros(row.Minute));
        var expires = counts.Keys.ToDictionary(static user => user, _ => restored + ttl);
        long? newest = null;
        var answers = new List<string>();
        foreach (var (user, minute) in after.SelectMany(static file => file))
        {
            var time = Micros(minute);
            var now = newest is { } known ? Math.Max(time, known / grid * grid) : time;
            var count = expires.GetValueOrDefault(user) <= now ? 1 : counts[user] + 1;
            (counts[user], expires[user]) = (count, Math.Max(expires.GetValueOrDefault(user), now + ttl));
            newest = Math.Max(newest ?? time, time);
            answers.Add($"{user} {count}");
        }

        return answers;
    }

    private static long Micros(double minute) => (Ten.AddMinutes(minute) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static List<string> Run(
        (string User, double Minute)[] before,
        (string User, double Minute)[][] after,
        int[] batchSizes,
        Random random)
    {
        var files = new MemoryFileSystem();
        using (var harness = new StreamingHarness<EndlessVisits>(new PipelineOptions { BatchSize = batchSizes[0] }, files: files))
        {
            Put(files, "in/0.csv", before);
            RunUntil(harness, before.Length);
        }

        var options = new PipelineOptions { BatchSize = batchSizes[1] };
        using var later = new StreamingHarness<ExpiringVisits>(options, files: files);
        var sent = 0;
        for (var index = 0; index < after.Length; index++)
        {
            Put(files, $"in/{random.Next(1_000_000)}.csv", after[index]);
            for (var step = random.Next(12); step > 0; step--)
            {
                later.Time.Advance(Interval);
                later.Step();
            }

            if (random.Next(2) == 0)
            {
                later.Checkpoint(steps: 3);
                later.Crash();
                options.BatchSize = batchSizes[2 + index % 2];
                later.Start();
            }

            sent += after[index].Length;
            RunUntil(later, sent);
        }

        return Answers(later);
    }

    private static List<string> Answers(StreamingHarness<ExpiringVisits> harness) =>
        [.. harness.Committed<Running>(nameof(ExpiringVisits.Visits)).Select(static row => $"{row.User} {row.Count}")];

    private static void Put(MemoryFileSystem files, string path, params (string User, double Minute)[] rows)
    {
        var text = "user,at,value\n"
            + string.Concat(
                rows.Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row.User},{Ten.AddMinutes(row.Minute):O},1\n")));
        files.Publish(path, text);
    }

    private static void RunUntil<TPipeline>(StreamingHarness<TPipeline> harness, int rows)
        where TPipeline : class, IPipeline
    {
        var until = DateTime.UtcNow + Timeout;
        do
        {
            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
            harness.AdvanceClock(Interval);
            harness.Checkpoint();
        }
        while (harness.Committed<Running>("Visits").Count < rows);
    }
}
