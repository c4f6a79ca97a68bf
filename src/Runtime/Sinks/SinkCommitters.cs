using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Threads;

namespace Penstock.Sinks;

/// <summary>The committers of the sinks of a job, by the id of the sink.</summary>
/// <param name="health">Reports whether output waits for its sink.</param>
/// <param name="background">Runs commits concurrently with checkpoints.</param>
internal sealed class SinkCommitters(ConnectorHealth health, IBackground background)
{
    private readonly Dictionary<string, ISinkCommitter> _committers = [];

    /// <summary>The sinks with their committers.</summary>
    public IReadOnlyDictionary<string, ISinkCommitter> All => _committers;

    /// <summary>Adds the committer of a sink, unless it was added for another of its writers.</summary>
    public void Add(string sinkId, Func<ISinkCommitter> create)
    {
        if (!_committers.ContainsKey(sinkId))
        {
            _committers[sinkId] = create();
        }
    }

    /// <summary>Returns the place of a sink's output, or null if no other sink can conflict.</summary>
    public string? PlaceOf(string sinkId) => _committers[sinkId].Place;

    /// <summary>Runs work for several committers concurrently, since each waits for its own disk or broker.</summary>
    /// <param name="sinks">The sinks.</param>
    /// <param name="work">The work for a sink, with the id of the sink.</param>
    /// <returns>A task that completes when the work has succeeded or failed for all sinks.</returns>
    public Task AtOnceAsync(IEnumerable<KeyValuePair<string, ISinkCommitter>> sinks, Func<string, ISinkCommitter, ValueTask> work) =>
        Task.WhenAll(sinks.Select(sink => background.RunAsync(() => work(sink.Key, sink.Value).AsTask())).ToList());

    /// <summary>Makes the output of a checkpoint visible in all sinks.</summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="stop">Cancels the commit.</param>
    public async Task CommitAsync(Manifest manifest, CancellationToken stop) => await await BeginCommitAsync(manifest, stop);

    /// <summary>
    /// Makes the output of a checkpoint visible, and waits only for sinks that do not commit concurrently with checkpoints.
    /// </summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="stop">Cancels the commit.</param>
    /// <returns>
    /// A task that completes when another checkpoint may start, with an inner task that completes when all output is visible.
    /// </returns>
    public async Task<Task> BeginCommitAsync(Manifest manifest, CancellationToken stop)
    {
        health.ReportFailing($"the output of checkpoint {manifest.Id} is not visible yet");
        var sinks = manifest.Sinks
            .Where(sink => sink.Prepared.Count > 0 && _committers.ContainsKey(sink.Id))
            .ToLookup(sink => _committers[sink.Id].CommitsDuringCheckpoints);
        foreach (var sink in sinks[false])
        {
            await CommitAsync(sink, manifest.Id, stop);
        }

        return CommitConcurrentlyAsync(sinks[true], manifest.Id, stop);
    }

    private async Task CommitConcurrentlyAsync(IEnumerable<SinkState> sinks, long checkpoint, CancellationToken stop)
    {
        await Task.WhenAll(sinks.Select(sink => background.RunAsync(() => CommitAsync(sink, checkpoint, stop))).ToList());
        health.ReportWorking();
    }

    private Task CommitAsync(SinkState sink, long checkpoint, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return _committers[sink.Id].CommitAsync(checkpoint, sink.Prepared, stop).AsTask();
    }

    /// <summary>Removes everything but the output from the sinks, after the job has finished.</summary>
    public Task ReleaseAsync() => AtOnceAsync(_committers, static (_, committer) => committer.ReleaseAsync());
}
