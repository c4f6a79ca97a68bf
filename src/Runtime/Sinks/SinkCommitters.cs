using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Threads;

namespace Penstock.Sinks;

/// <summary>The committers of the sinks of a job, by the id of the sink.</summary>
/// <param name="health">Says whether output waits for its sink.</param>
/// <param name="background">Where commits run beside checkpoints.</param>
internal sealed class SinkCommitters(ConnectorHealth health, IBackground background)
{
    private readonly Dictionary<string, ISinkCommitter> _committers = [];

    /// <summary>The sinks with their committers.</summary>
    public IReadOnlyDictionary<string, ISinkCommitter> All => _committers;

    /// <summary>Adds the committer of a sink, unless another of its writers has done so.</summary>
    public void Add(string sinkId, Func<ISinkCommitter> create)
    {
        if (!_committers.ContainsKey(sinkId))
        {
            _committers[sinkId] = create();
        }
    }

    /// <summary>Where a sink writes; null where no other sink can disturb it.</summary>
    public string? PlaceOf(string sinkId) => _committers[sinkId].Place;

    /// <summary>Does something with several committers at a time: each waits for a disk or a broker of its own.</summary>
    /// <param name="sinks">The sinks.</param>
    /// <param name="work">What to do, with the id of the sink.</param>
    /// <returns>Completes when all have done it, or have failed at it.</returns>
    public Task AtOnceAsync(IEnumerable<KeyValuePair<string, ISinkCommitter>> sinks, Func<string, ISinkCommitter, ValueTask> work) =>
        Task.WhenAll(sinks.Select(sink => background.RunAsync(() => work(sink.Key, sink.Value).AsTask())).ToList());

    /// <summary>Makes the output of a checkpoint visible, in every sink.</summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="stop">Gives it up.</param>
    public async Task CommitAsync(Manifest manifest, CancellationToken stop) => await await CommitFirstAsync(manifest, stop);

    /// <summary>Makes the output of a checkpoint visible, first in the sinks that do not do so beside checkpoints.</summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="stop">Gives it up.</param>
    /// <returns>Completes when another checkpoint may begin, with a task that completes when all output is visible.</returns>
    public async Task<Task> CommitFirstAsync(Manifest manifest, CancellationToken stop)
    {
        health.Failing($"the output of checkpoint {manifest.Id} is not visible yet");
        var sinks = manifest.Sinks
            .Where(sink => sink.Prepared.Count > 0 && _committers.ContainsKey(sink.Id))
            .ToLookup(sink => _committers[sink.Id].CommitsBesideCheckpoints);
        foreach (var sink in sinks[false])
        {
            await CommitAsync(sink, manifest.Id, stop);
        }

        return CommitLastAsync(sinks[true], manifest.Id, stop);
    }

    private async Task CommitLastAsync(IEnumerable<SinkState> sinks, long checkpoint, CancellationToken stop)
    {
        await Task.WhenAll(sinks.Select(sink => background.RunAsync(() => CommitAsync(sink, checkpoint, stop))).ToList());
        health.Working();
    }

    private Task CommitAsync(SinkState sink, long checkpoint, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return _committers[sink.Id].CommitAsync(checkpoint, sink.Prepared, stop).AsTask();
    }

    /// <summary>Leaves nothing at the sinks but the output: the job has finished.</summary>
    public Task ReleaseAsync() => AtOnceAsync(_committers, static (_, committer) => committer.ReleaseAsync());
}
