using System.Globalization;
using System.Text.RegularExpressions;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tasks;
using Penstock.Testing.Simulation;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>
/// The mailboxes of a simulated process are those of the running attempt, and are named by the index of their subtask, as in messages of
/// the engine.
/// </summary>
public sealed partial class MailboxTests
{
    private const int Parallelism = 2;

    private readonly HashSet<int> _numbers = [];
    private int _most;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attempts_that_are_over_leave_none_and_subtasks_are_called_by_their_index(bool isSplit)
    {
        Assert.Equal(0, Run(1, new PlannedFaults(HasTwoNodes: isSplit)));
        var (undisturbed, restarts) = (_most, 0);
        for (var seed = 1; seed <= Thoroughness.Times(10, brief: 4); seed++)
        {
            restarts = Math.Max(restarts, Run(seed, new PlannedFaults(HasTwoNodes: isSplit, FailureRate: 40)));
        }

        // The mailboxes of one attempt until it is closed, and then those of the next one.
        Assert.InRange(restarts, 3, int.MaxValue);
        Assert.InRange(_most, undisturbed, 2 * undisturbed);
        Assert.Equal(Enumerable.Range(0, Parallelism), _numbers.Order());
    }

    // Returns the number of restarts.
    private int Run(int seed, PlannedFaults faults)
    {
        SimulatedJob? job = null;
        job = new SimulatedJob(PipelineDefinition.Of<RidePipeline>(), seed, static (options, _) =>
        {
            options.Parallelism = Parallelism;
            options.Checkpoints.Path = "/checkpoints";
            options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
            options.Checkpoints.ToleratedFailures = 0;
            options.Restart.MaxAttempts = 1000;
        })
        {
            Observe = what =>
            {
                _most = Math.Max(_most, job!.Process!.Scheduler.Mailboxes);
                if (Number().Match(what) is { Success: true } number)
                {
                    _numbers.Add(int.Parse(number.Value, CultureInfo.InvariantCulture));
                }
            },
        };
        new RideFiles(new Random(1)).WriteTo(job.Files);
        job.RunProcess(faults);
        return job.Status?.Restarts ?? 0;
    }

    [GeneratedRegex("(?<=^subtask )[0-9]+")]
    private static partial Regex Number();
}
