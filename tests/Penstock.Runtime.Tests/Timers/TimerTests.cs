using System.Globalization;
using System.Text;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Timers;

/// <summary>Timers of keys, from text to results, compared with plain loops over the sorted rows.</summary>
public sealed class TimerTests
{
    private const int Splits = 3;
    private static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 7)]
    [InlineData(4, 64)]
    public void Timers_fire_in_order_whatever_the_order_of_rows(int parallelism, int batch)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var visits = Visits(random, 150);
            using var test = PipelineTest.For<VisitPipeline>(
                options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
                splitsPerSource: Splits);
            Send(test, visits, random);
            test.End(nameof(VisitPipeline.Visits));
            Check(test, visits.SelectMany(static split => split), isCommitted: false);
        }
    }

    [Fact]
    public void Checkpoints_in_every_place_and_other_parallelisms_change_nothing()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var visits = Visits(random, 150);
            using var test = PipelineTest.For<VisitPipeline>(options => options.Parallelism = 1 + random.Next(4), splitsPerSource: Splits);
            Send(test, visits, random, () =>
            {
                for (var left = random.Next(4); left > 0; left--)
                {
                    test.Checkpoint();
                }

                if (random.Next(3) == 0)
                {
                    test.CrashAndRestore(1 + random.Next(4));
                }
            });
            test.End(nameof(VisitPipeline.Visits));
            test.Checkpoint();
            Check(test, visits.SelectMany(static split => split), isCommitted: true);
        }
    }

    [Fact]
    public void Crashes_at_every_kind_of_step_change_nothing()
    {
        var visits = Visits(new Random(5), 40);
        using var test = PipelineTest.For<VisitPipeline>(splitsPerSource: Splits);
        test.ExploreCrashes(
            input =>
            {
                for (var split = 0; split < visits.Count; split++)
                {
                    input.SendText(nameof(VisitPipeline.Visits), Csv(visits[split]), split);
                }
            },
            seeds: 60);
    }

    [Fact]
    public void A_timer_fires_when_the_watermark_has_passed_its_time()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("a", 10, "set"), ("b", 10, "set"), ("a", 10, "set"), ("a", 12, "set"));

        // The watermark is at 10 s: other rows of this time may come.
        SendAlarms(test, ("c", 15, ""));
        Assert.Empty(test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
        SendAlarms(test, ("c", 16, ""));
        Assert.Equal([new("a", 10, false), new("b", 10, false)], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
        test.End(nameof(AlarmPipeline.Commands));
        Assert.Equal([new("a", 12, true)], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
    }

    [Fact]
    public void A_deleted_timer_does_not_fire_and_others_do()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("a", 10, "set"), ("a", 11, "set"), ("b", 10, "set"), ("a", 10, "delete"), ("a", 10, "delete"));
        test.End(nameof(AlarmPipeline.Commands));
        Assert.Equal(
            [new("b", 10, true), new("a", 11, true)],
            test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
    }

    [Fact]
    public void A_timer_of_the_past_fires_when_time_advances_with_its_own_time_and_can_be_deleted()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("x", 105, ""), ("a", 30, "set"), ("a", 20, "set"), ("a", 20, "set"), ("b", 25, "set"), ("a", 30, "delete"));
        Assert.Empty(test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
        test.Checkpoint();
        test.CrashAndRestore(3);
        SendAlarms(test, ("x", 106, ""));
        Assert.Equal(
            [new("a", 20, false), new("b", 25, false)],
            test.Read<Alarm>(nameof(AlarmPipeline.Alarms)).OrderBy(static alarm => alarm.Second));
    }

    [Fact]
    public void A_restart_is_no_advance_for_which_timers_of_the_past_fire()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("x", 105, ""), ("a", 30, "set"), ("b", 25, "set"));
        test.Checkpoint();
        test.CrashAndRestore(2);
        SendAlarms(test, ("a", 30, "delete"), ("x", 106, ""));
        Assert.Equal([new("b", 25, false)], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
    }

    [Fact]
    public void A_timer_that_sets_itself_again_waits_for_the_next_watermark()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("a", 10, "again"), ("x", 16, ""));
        Assert.Equal([new("a", 10, false)], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
        SendAlarms(test, ("x", 17, ""));
        Assert.Equal([new("a", 10, false)], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
    }

    [Fact]
    public void Timers_that_set_others_without_end_are_an_error_that_says_so()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("a", 10, "forever"));
        var error = Assert.Throws<PipelineException>(() => test.End(nameof(AlarmPipeline.Commands)));
        Assert.Equal("PSR406", error.Code);
        Assert.Contains("The timers of operator 'Alarms' set others without end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_periodic_timer_ends_with_the_input()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("a", 10, "periodic"), ("x", 18, ""));
        Assert.Equal([10, 11, 12], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)).Select(static alarm => alarm.Second));
        test.End(nameof(AlarmPipeline.Commands));
        Assert.Equal([new("a", 13, true)], test.Read<Alarm>(nameof(AlarmPipeline.Alarms)));
    }

    [Fact]
    public void An_exception_of_the_method_names_the_operator_and_the_key()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        SendAlarms(test, ("a", 10, "fail"));
        var error = Assert.Throws<OperatorException>(() => test.End(nameof(AlarmPipeline.Commands)));
        Assert.Contains(
            "operator 'Alarms' (Penstock.Runtime.Tests.Timers.SetAlarms) failed while a timer fired, key a",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_out_of_range_is_refused()
    {
        using var test = PipelineTest.For<AlarmPipeline>();
        var error = Assert.Throws<OperatorException>(() => SendAlarms(test, ("a", 10, "never")));
        Assert.Contains("failed at ", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ArgumentOutOfRangeException), error.Message, StringComparison.Ordinal);
    }

    private static void SendAlarms(PipelineTest<AlarmPipeline> test, params (string Key, int Second, string Action)[] rows)
    {
        var text = new StringBuilder("key,at,action\n");
        foreach (var (key, second, action) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{key},{Start.AddSeconds(second):yyyy-MM-ddTHH:mm:ssZ},{action}\n");
        }

        test.SendText(nameof(AlarmPipeline.Commands), text.ToString());
    }

    private static void Check(PipelineTest<VisitPipeline> test, IEnumerable<Visit> visits, bool isCommitted)
    {
        var (sessions, busy) = (new List<VisitSession>(), new List<BusyMoment>());
        foreach (var user in visits.GroupBy(static visit => visit.User))
        {
            var moments = user.GroupBy(static visit => EventTimes.From(visit.At)).OrderBy(static moment => moment.Key).ToList();
            busy.AddRange(moments.Where(static moment => moment.Count() > 1)
                .Select(moment => new BusyMoment(user.Key, moment.Key, moment.Count())));
            foreach (var moment in moments)
            {
                // A visit at the end of the pause belongs to the session.
                if (sessions.Count > 0 && sessions[^1] is var last && last.User == user.Key && moment.Key - last.Last <= 10_000_000)
                {
                    sessions[^1] = last with { Last = moment.Key, Visits = last.Visits + moment.Count() };
                }
                else
                {
                    sessions.Add(new VisitSession(user.Key, moment.Key, moment.Count()));
                }
            }
        }

        Compare(sessions, nameof(VisitPipeline.Sessions));
        Compare(busy, nameof(VisitPipeline.Busy));
        Compare<VisitSession>([], nameof(VisitPipeline.Late));
        Compare(
            sessions.GroupBy(static row => (row.User, Start: (row.Last + 10_000_000) / 60_000_000 * 60_000_000))
                .Select(static minute => new UserMinute(minute.Key.User, minute.Key.Start, minute.Sum(static row => row.Visits))),
            nameof(VisitPipeline.Minutes));

        void Compare<T>(IEnumerable<T> expected, string stream) => Assert.Equal(
            expected.OrderBy(static row => $"{row}"),
            (isCommitted ? test.Committed<T>(stream) : test.Read<T>(stream)).OrderBy(static row => $"{row}"));
    }

    // Out of order by less than the delay, with whole seconds, so that several visits are at the same time.
    private static List<List<Visit>> Visits(Random random, int count) => [.. Enumerable.Range(0, Splits).Select(split =>
    {
        var time = 30.0 * random.Next(4);
        return Enumerable.Range(0, count)
            .Select(row => new Visit(
                $"user{random.Next(6)}",
                Start.AddSeconds((time += random.Next(5) == 0 ? random.Next(20) : 0) + random.Next(7)),
                row))
            .ToList();
    })];

    private static void Send(PipelineTest<VisitPipeline> test, List<List<Visit>> visits, Random random, Action? between = null)
    {
        var sent = new int[visits.Count];
        while (Enumerable.Range(0, visits.Count).Where(split => sent[split] < visits[split].Count).ToList() is { Count: > 0 } left)
        {
            var split = left[random.Next(left.Count)];
            var rows = visits[split].GetRange(sent[split], Math.Min(1 + random.Next(60), visits[split].Count - sent[split]));
            test.SendText(nameof(VisitPipeline.Visits), Csv(rows), split);
            sent[split] += rows.Count;
            between?.Invoke();
        }
    }

    private static string Csv(IEnumerable<Visit> visits)
    {
        var text = new StringBuilder("user,at,page\n");
        foreach (var visit in visits)
        {
            text.Append(CultureInfo.InvariantCulture, $"{visit.User},{visit.At:yyyy-MM-ddTHH:mm:ssZ},{visit.Page}\n");
        }

        return text.ToString();
    }
}
