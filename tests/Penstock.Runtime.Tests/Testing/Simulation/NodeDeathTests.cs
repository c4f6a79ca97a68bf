using System.Text.RegularExpressions;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tasks;
using Penstock.Testing.Simulation;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>Only the first node of a job on two nodes dies. The second one continues until it notices.</summary>
public partial class NodeDeathTests
{
    private static readonly int Deaths = Thoroughness.Times(40, brief: 12);

    [Fact]
    public void Wherever_only_the_first_node_dies_another_one_continues_the_job()
    {
        var (undisturbed, _) = NewJob(static _ => { });
        Assert.Equal(ProcessEnd.Finished, undisturbed.RunProcess(new PlannedFaults(HasTwoNodes: true)));
        var events = undisturbed.Events;
        var (late, replacements, several) = (0, 0, 0);
        for (var death = 1; death <= Deaths; death++)
        {
            var (at, seen, isDead) = (death * events / (Deaths + 1), 0L, false);
            var (writers, all) = (new HashSet<string>(), new HashSet<string>());
            var (job, rides) = NewJob(what =>
            {
                isDead = ++seen > at;
                if (Writer().Match(what) is { Success: true } writer)
                {
                    // A process that has written before the first node died.
                    late += isDead && writers.Contains(writer.Value) ? 1 : 0;
                    all.Add(writer.Value);
                    if (!isDead)
                    {
                        writers.Add(writer.Value);
                    }
                }
            });
            var faults = new PlannedFaults(HasTwoNodes: true, FirstDiesAt: at, IsPowerCut: death % 2 == 0);
            Assert.Equal(ProcessEnd.Finished, job.RunProcess(faults));
            Assert.Equal((1, 1), (job.FirstDeaths, job.Crashes));
            replacements += job.Replacements;

            // A lingering node and its successor write at the same time, so their files must have different names. After a late death the
            // successor may find nothing left to write.
            several += all.Count > 1 ? 1 : 0;

            // The next start deletes the files of a node that lingered.
            Assert.Equal(ProcessEnd.Finished, job.RunProcess(default));
            Assert.Null(RideSimulation.Compare(new RideOracle(rides), job));
        }

        Assert.InRange(late, Deaths, int.MaxValue);
        Assert.InRange(replacements, Deaths / 8, Deaths);
        Assert.InRange(several, Deaths / 3, Deaths);
    }

    private static (SimulatedJob Job, RideFiles Rides) NewJob(Action<string> observe)
    {
        var job = new SimulatedJob(PipelineDefinition.Of<RidePipeline>(), 1, static (options, _) =>
        {
            options.Parallelism = 2;
            options.Checkpoints.Path = "/checkpoints";
            options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
            options.BatchSize = 4;
        })
        { Observe = observe };
        var rides = new RideFiles(new Random(1));
        rides.WriteTo(job.Files);
        return (job, rides);
    }

    [GeneratedRegex(@"(?<=^[a-z ]+ /out/\.\.)[0-9]+(?=\.)")]
    private static partial Regex Writer();
}
