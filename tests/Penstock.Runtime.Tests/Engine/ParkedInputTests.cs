using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Runtime.Tests.Hosting;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Engine;

/// <summary>
/// An input that wakes behind its barrier holds time back, although what it sends is parked until the other inputs have reached theirs.
/// </summary>
public sealed class ParkedInputTests
{
    private readonly List<ManualMailbox> _mailboxes = [];
    private readonly ManualTimeProvider _time = new();
    private readonly TestConnectors _connectors = new(splitsPerSource: 2);

    [Fact]
    public void A_parked_row_of_an_input_that_was_idle_is_not_late()
    {
        var options = new PipelineOptions { Parallelism = 2 };
        options.Sources["Steps"] = new SourceOptions { Idle = TimeSpan.FromMinutes(1) };
        var environment = new ExecutionEnvironment("Test", options, new ServiceCollection().BuildServiceProvider(), NullLogger.Instance)
        {
            Time = _time,
            Files = new MemoryFileSystem(),
            Connectors = _connectors,
            CreateMailbox = (_, _, handle) =>
            {
                var mailbox = new ManualMailbox(handle);
                _mailboxes.Add(mailbox);
                return mailbox;
            },
        };
        Exception? failure = null;
        using var graph = new ExecutionGraph(PipelineDefinition.Of<TimedSteps>(), environment) { Failed = error => failure = error };
        graph.OpenSources(isFinished: false);
        graph.Open(1);

        // The first source has nothing more for a minute and is idle; the second one goes on.
        Send(0, 1);
        Send(1, 2);
        graph.Start();
        Run(0, 1, 2, 3);
        _time.Advance(TimeSpan.FromMinutes(1));
        Send(1, 3);
        Run(0, 1, 2, 3);

        // A checkpoint begins. The first source is behind its barrier when it gets a row; the second one is about to read, before its own.
        graph.Start();
        graph.Trigger(new CheckpointBarrier(1, CheckpointMode.Ordinary, IsWhole: true));
        Run(0);
        Send(0, 5);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Run(0);
        Run(2, 3);
        Send(1, 30);
        Run(1);
        Run(2, 3);
        Assert.Equal(5, graph.Subtasks.Where(static subtask => subtask.Source != null).Sum(static subtask => subtask.Counters.RowsIn));

        _connectors.SourceOf("Steps").End();
        graph.Start();
        Run(0, 1, 2, 3);
        Assert.Null(failure);
        Assert.Equal(0, graph.Subtasks.Sum(static subtask => subtask.Counters.Late));
        Assert.Equal(
            [new StepCount(4), new StepCount(1)],
            _connectors.SinkOf<StepCount>("Out", graph.Plan).Take().Select(static change => change.Row));
    }

    private void Send(int split, int number) => _connectors.SourceOf<Step>("Steps").Send(split, [new Step("a", number)]);

    // The mailboxes of the sources come first, then those of the windows.
    private void Run(params ReadOnlySpan<int> subtasks)
    {
        for (var any = true; any;)
        {
            any = false;
            foreach (var subtask in subtasks)
            {
                any |= _mailboxes[subtask].TryHandleNext();
            }
        }
    }
}
