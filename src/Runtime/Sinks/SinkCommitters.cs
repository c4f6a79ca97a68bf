using Penstock.Checkpoints;
using Penstock.Hosting;
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
        var sinks = manifest.Sinks.Where(sink => sink.Prepared.Count > 0 && _committers.ContainsKey(sink.Id)).ToLookup(sink => _committers[sink.Id].CommitsBesideCheckpoints);
        await CommitAsync(sinks[false], manifest.Id, stop);
        return sinks.Contains(true) ? background.RunAsync(() => CommitLastAsync(sinks[true], manifest.Id, stop)) : CommitLastAsync([], manifest.Id, stop);
    }

    private async Task CommitLastAsync(IEnumerable<SinkState> sinks, long checkpoint, CancellationToken stop)
    {
        await CommitAsync(sinks, checkpoint, stop);
        health.Working();
    }

    private async Task CommitAsync(IEnumerable<SinkState> sinks, long checkpoint, CancellationToken stop)
    {
        foreach (var sink in sinks)
        {
            stop.ThrowIfCancellationRequested();
            await _committers[sink.Id].CommitAsync(checkpoint, sink.Prepared, stop);
        }
    }

    /// <summary>Leaves nothing at the sinks but the output: the job has finished.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var committer in _committers.Values)
        {
            await committer.ReleaseAsync();
        }
    }
}
