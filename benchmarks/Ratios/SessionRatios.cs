using System.Runtime.InteropServices;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Sessions of a gap of 30 s compared with a loop of the same algorithm: a dictionary of the open sessions of each user, and a priority
/// queue with an entry for each user, which is set again when it comes and the session has gone on. Five million rows of 20,000 users, ten
/// in each millisecond of event time, up to a second out of order. The pipeline runs as a whole; the loop has the rows in an array.
/// </summary>
internal static class SessionRatios
{
    private const int Users = 20_000;
    private const int Rows = 5_000_000;
    private const int PerMillisecond = 10;
    private const long Millisecond = 1_000;
    private const long Second = 1_000_000;
    private const long Gap = 30 * Second;

    // A third of the users is active at a time, for a minute.
    private static readonly Lazy<UserView[]> Views = new(() =>
    {
        var random = new Random(1);
        var views = new UserView[Rows];
        for (var number = 0; number < Rows; number++)
        {
            var now = number / PerMillisecond * Millisecond;
            var phase = now / (60 * Second);
            var user = random.NextInt64(Users / 3) * 3 + phase % 3;
            views[number] = new UserView(user, Math.Max(0, now - random.NextInt64(1000) * Millisecond));
        }

        return views;
    });

    private static readonly Lazy<long> Expected = new(CountByHand);

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("session", 0.8, Run, "a dictionary of open sessions, and a PriorityQueue of their ends", ByHand, Rounds: 3),
    ];

    private static Func<long> Run()
    {
        var rows = new MemoryRows<UserView>(Views.Value, 1);
        return () =>
        {
            CountSink<VisitCount>.Count = 0;
            Harness.Run<SessionCountPipeline>(rows, static options => options.Parallelism = 1);
            return CountSink<VisitCount>.Count == Expected.Value
                ? rows.Rows.Length
                : throw new InvalidOperationException($"{CountSink<VisitCount>.Count} sessions; expected {Expected.Value}.");
        };
    }

    private static Func<long> ByHand()
    {
        _ = Views.Value;
        return () => CountByHand() == Expected.Value ? Views.Value.Length : throw new InvalidOperationException("The count differs.");
    }

    private static long CountByHand()
    {
        var sessions = new Dictionary<long, List<Session>>(Users);
        var ends = new PriorityQueue<long, long>();
        var newest = 0L;
        var fired = 0L;
        foreach (ref readonly var view in Views.Value.AsSpan())
        {
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(sessions, view.User, out _);
            open ??= new List<Session>(2);
            if (Add(CollectionsMarshal.AsSpan(open), view.At) is var index && index < 0)
            {
                open.Add(new Session { Start = view.At, End = view.At + Gap, Count = 1 });
                if (open.Count == 1)
                {
                    ends.Enqueue(view.User, view.At + Gap);
                }
            }
            else if (open.Count > 1)
            {
                Join(open);
            }

            if (view.At > newest)
            {
                newest = view.At;
                Fire(newest - Second);
            }
        }

        Fire(long.MaxValue);
        return fired;

        void Fire(long watermark)
        {
            while (ends.TryPeek(out var user, out var end) && end <= watermark)
            {
                ends.Dequeue();
                var open = sessions[user];
                for (var index = open.Count - 1; index >= 0; index--)
                {
                    if (open[index].End <= end)
                    {
                        fired += open[index].Count > 0 ? 1 : 0;
                        open.RemoveAt(index);
                    }
                }

                if (open.Count == 0)
                {
                    sessions.Remove(user);
                    continue;
                }

                var next = long.MaxValue;
                foreach (ref readonly var session in CollectionsMarshal.AsSpan(open))
                {
                    next = Math.Min(next, session.End);
                }

                ends.Enqueue(user, next);
            }
        }
    }

    // Returns a negative number if no session is open for the time.
    private static int Add(Span<Session> open, long time)
    {
        for (var index = 0; index < open.Length; index++)
        {
            ref var session = ref open[index];
            if (time < session.End && time + Gap > session.Start)
            {
                session.Start = Math.Min(session.Start, time);
                session.End = Math.Max(session.End, time + Gap);
                session.Count++;
                return index;
            }
        }

        return -1;
    }

    private static void Join(List<Session> open)
    {
        open.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        for (var index = open.Count - 1; index > 0; index--)
        {
            if (open[index].Start < open[index - 1].End)
            {
                CollectionsMarshal.AsSpan(open)[index - 1].Count += open[index].Count;
                CollectionsMarshal.AsSpan(open)[index - 1].End = Math.Max(open[index - 1].End, open[index].End);
                open.RemoveAt(index);
            }
        }
    }

    private struct Session
    {
        public long Start;
        public long End;
        public long Count;
    }
}
