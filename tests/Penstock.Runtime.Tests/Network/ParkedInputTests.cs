using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.Runtime.Tests.Hosting;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Network;

/// <summary>
/// An input that wakes after its barrier holds back the watermark, although its rows are parked until the other inputs have reached theirs.
/// </summary>
public sealed class ParkedInputTests
{
    private readonly TestConnectors _connectors = new(splitsPerSource: 2);

    [Fact]
    public void A_parked_row_of_an_input_that_was_idle_is_not_late()
    {
        var options = new PipelineOptions { Parallelism = 2 };
        options.Sources["Steps"] = new SourceOptions { Idle = TimeSpan.FromMinutes(1) };

        // The mailboxes 0 and 1 are those of the sources, 2 and 3 those of the windows.
        using var harness = new EngineHarness<TimedSteps>(TestEnvironment.Create("Test", options) with { Connectors = _connectors });
        harness.Start();

        // The first source has nothing more for a minute and is idle; the second one continues.
        Send(0, 1);
        Send(1, 2);
        harness.Run();
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Send(1, 3);
        harness.Run();

        // A checkpoint begins. The first source is behind its barrier when it gets a row; the second one is about to read, before its own.
        harness.Graph.Start();
        harness.Graph.Trigger(new CheckpointBarrier(1, CheckpointMode.Ordinary, IsWhole: true));
        harness.RunOnly(0);
        Send(0, 5);
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        harness.RunOnly(0);
        harness.RunOnly(2, 3);
        Send(1, 30);
        harness.RunOnly(1);
        harness.RunOnly(2, 3);
        Assert.Equal(5, harness.RowsIn);

        _connectors.SourceOf("Steps").End();
        harness.Graph.Start();
        harness.Run();
        Assert.Equal(0, harness.Graph.Subtasks.Sum(static subtask => subtask.Counters.Late));
        Assert.Equal(
            [new StepCount(4), new StepCount(1)],
            _connectors.SinkOf<StepCount>("Out", harness.Graph.Plan).Take().Select(static change => change.Row));
    }

    private void Send(int split, int number) => _connectors.SourceOf<Step>("Steps").Send(split, [new Step("a", number)]);
}
