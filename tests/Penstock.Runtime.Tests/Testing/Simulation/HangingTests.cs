using System.Text.RegularExpressions;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>Work hangs in a simulation if and only if it would hang in a process, even if it does not run on a separate thread.</summary>
public class HangingTests
{
    [Fact]
    public void A_commit_that_hangs_keeps_no_pipeline_from_stopping_and_no_output_from_the_next_process()
    {
        // After the sync that makes the first checkpoint durable, the only file operations are those of its commit.
        var events = new List<string>();
        NewJob(events.Add).RunProcess(default);
        var publish = events.FindIndex(static what => Regex.IsMatch(what, @"^rename /checkpoints/0000000001\.manifest"));
        var commit = events.FindIndex(publish, static what => what == "sync directory /checkpoints") + 2;
        Assert.InRange(publish, 1, commit);
        Assert.Contains(events.Skip(commit), static what => Regex.IsMatch(what, "^rename /out/.*-0000000001-"));

        events.Clear();
        var job = NewJob(events.Add);
        Assert.Equal(ProcessEnd.Stopped, job.RunProcess(new PlannedFaults(HangsFrom: commit, StopAt: commit + 1)));
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, job.Status!.State);
        Assert.Contains(events, static what => Regex.IsMatch(what, @"^rename /checkpoints/0000000001\.manifest"));
        Assert.DoesNotContain(events, static what => Regex.IsMatch(what, "^rename /out/.*-0000000001-"));
        Assert.Equal(ProcessEnd.Finished, job.RunProcess(default));
        Assert.Contains(job.Files.Files, static path => Regex.IsMatch(path, "^/out/users-0000000001-"));
    }

    // The write may still be in progress, so the process ends when the link breaks.
    [Fact]
    public void If_the_disk_hangs_and_a_link_breaks_the_next_process_continues()
    {
        var events = new List<string>();
        var split = new PlannedFaults(HasTwoNodes: true);
        NewJob(events.Add).RunProcess(split);
        var write = events.FindIndex(static what => what == "create /checkpoints/0000000002.state") + 1;
        Assert.InRange(write, 2, events.Count);

        var job = NewJob(static _ => { });
        Assert.Equal(ProcessEnd.Stuck, job.RunProcess(split with { HangsFrom = write, LinkBreaksAt = write + 1 }));
        Assert.Contains("cannot restart in this process", job.Status!.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(PipelineState.Failed, job.Status.State);
        Assert.Equal(ProcessEnd.Finished, job.RunProcess(default));
    }

    private static SimulatedJob NewJob(Action<string> observe)
    {
        var job = new SimulatedJob(PipelineDefinition.Of<RidePipeline>(), 1, static (options, _) =>
        {
            options.Checkpoints.Path = "/checkpoints";
            options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
            options.BatchSize = 4;
        })
        { Observe = observe };
        new RideFiles(new Random(1)).WriteTo(job.Files);
        return job;
    }
}
