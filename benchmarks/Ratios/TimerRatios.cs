using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Timers compared with a priority queue and a set of those that were deleted and are skipped: five million are set over 100,000 keys, a
/// fifth of them is deleted before its time, the others fire. The pipeline runs as a whole; the loop has the rows in an array.
/// </summary>
internal static class TimerRatios
{
    private const int Keys = 100_000;
    private const int Timers = 5_000_000;
    private const long Second = 1_000_000;

    // A timer is up to half an hour ahead, and so are deletions, so that some two million are set at a time.
    private static readonly Lazy<TimerCommand[]> Commands = new(() =>
    {
        var random = new Random(1);
        var commands = new List<TimerCommand>(Timers * 6 / 5);
        for (var number = 0; number < Timers; number++)
        {
            var at = number * 720L;
            var command = new TimerCommand(at, random.NextInt64(Keys), at + random.NextInt64(2 * Second, 1800 * Second), false);
            commands.Add(command);
            if (number % 5 == 0)
            {
                commands.Add(command with { At = random.NextInt64(at, command.Timer - Second), IsDeleted = true });
            }
        }

        return [.. commands.OrderBy(static command => command.At)];
    });

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("timers", 2, Run, "PriorityQueue, and a HashSet of deleted timers", ByHand, Rounds: 3),
    ];

    private static Func<long> Run()
    {
        var rows = new MemoryRows<TimerCommand>(Commands.Value, 1);
        return () =>
        {
            CountSink<FiredTimer>.Count = 0;
            Harness.Run<TimersPipeline>(rows, static _ => { });
            return CountSink<FiredTimer>.Count == Expected.Value
                ? rows.Rows.Length
                : throw new InvalidOperationException($"{CountSink<FiredTimer>.Count} timers have fired; expected {Expected.Value}.");
        };
    }

    private static readonly Lazy<long> Expected = new(static () => FireByHand());

    private static Func<long> ByHand()
    {
        _ = Commands.Value;
        return () =>
        {
            FireByHand();
            return Commands.Value.Length;
        };
    }

    private static long FireByHand()
    {
        var timers = new PriorityQueue<(long Key, long Time), long>();
        var deleted = new HashSet<(long Key, long Time)>();
        var fired = 0L;
        foreach (ref readonly var command in Commands.Value.AsSpan())
        {
            Fire(command.At - Second);
            if (command.IsDeleted)
            {
                deleted.Add((command.Key, command.Timer));
            }
            else
            {
                timers.Enqueue((command.Key, command.Timer), command.Timer);
            }
        }

        Fire(long.MaxValue);
        return fired;

        void Fire(long watermark)
        {
            while (timers.TryPeek(out var timer, out var time) && time < watermark)
            {
                timers.Dequeue();
                fired += deleted.Remove(timer) ? 0 : 1;
            }
        }
    }
}
