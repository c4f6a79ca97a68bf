using Penstock.Runtime.Tests.Errors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Ttl;

/// <summary>A deadline is not read by another clock than that by which it was saved.</summary>
public sealed class ClockChangeTests : IDisposable
{
    private static readonly DateTime At = new(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-clocks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_that_lose_event_time() => ErrorPage.AssertShows("PSR508", Refused<EntriesByEvent, EntriesByClock>("'Count'"));

    [Fact]
    public void Rows_that_get_event_time()
    {
        var error = Refused<EntriesByClock, EntriesByEvent>("'Count'");
        Assert.Contains(
            "was saved with deadlines in processing time, and its deadlines now count in event time, because the rows have event time now, "
                + "or because TtlTime has changed. Set TtlTime = TtlTime.ProcessingTime, or let",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_with_another_name() => Refused<MapByEvent, RenamedMapByClock>("'Numbers'");

    [Fact]
    public void Kinds_without_a_class()
    {
        Refused<DistinctByEvent, DistinctByClock>("the state of its keys");
        Directory.Delete(_folder, recursive: true);
        Refused<DistinctByClock, DistinctByEvent>("the state of its keys");
        Directory.Delete(_folder, recursive: true);
        Refused<LastByEvent, LastByMachine>("the state of its keys");
    }

    [Fact]
    public void State_over_all_windows_of_a_key() => Refused<WindowsByMachine, WindowsByEvent>("'Windows'");

    [Fact]
    public void Another_clock_of_one_state() => Refused<EntriesByEvent, EntriesByBoth>("'Count'");

    [Fact]
    public void The_clock_stays_if_only_the_rows_change()
    {
        Save<EntriesByClock>();
        using (var test = PipelineTest.For<EntriesByMachine>(checkpoints: _folder))
        {
            test.Send("Clicks", new Click("ann", At, 2));
            Assert.Equal(202, test.Read<Running>("Totals")[^1].Count);
            test.Checkpoint();
        }

        // One of the deadlines is no longer used, and another one is new.
        using (var test = PipelineTest.For<EntriesByBoth>(checkpoints: _folder))
        {
            test.Send("Clicks", new Click("ann", At, 3));
            Assert.Equal(303, test.Read<Running>("Totals")[^1].Count);
            test.Checkpoint();
        }

        using var last = PipelineTest.For<EntriesByClock>(checkpoints: _folder);
        last.Send("Clicks", new Click("ann", At, 4));
        Assert.Equal(404, last.Read<Running>("Totals")[^1].Count);
    }

    private PipelineException Refused<TBefore, TAfter>(string state)
        where TBefore : class, IPipeline
        where TAfter : class, IPipeline
    {
        Save<TBefore>();
        var error = Assert.ThrowsAny<PipelineException>(() => PipelineTest.For<TAfter>(checkpoints: _folder));
        Assert.StartsWith(
            "PSR508: Checkpoint 1 of pipeline 'Clocks' cannot be restored: the state of 'Totals' expires by another clock: "
                + $"{state} was saved with deadlines in ",
            error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "[RemovedState(\"Totals\")] on the pipeline. Nothing has been changed.",
            error.Message,
            StringComparison.Ordinal);

        // The old program goes on.
        using var test = PipelineTest.For<TBefore>(checkpoints: _folder);
        test.Send("Clicks", new Click("ann", At, 1));
        return error;
    }

    private void Save<T>()
        where T : class, IPipeline
    {
        using var test = PipelineTest.For<T>(checkpoints: _folder);
        test.Send("Clicks", new Click("ann", At, 1));
        test.Checkpoint();
    }
}
