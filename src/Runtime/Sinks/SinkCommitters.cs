using Penstock.Checkpoints;
using Penstock.Hosting;

namespace Penstock.Sinks;

/// <summary>The committers of the sinks of a job, by the id of the sink.</summary>
/// <param name="health">Says whether output waits for its sink.</param>
internal sealed class SinkCommitters(ConnectorHealth health)
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
    public async Task CommitAsync(Manifest manifest)
    {
        health.Failing($"the output of checkpoint {manifest.Id} is not visible yet");
        foreach (var sink in manifest.Sinks)
        {
            if (sink.Prepared.Count > 0 && _committers.TryGetValue(sink.Id, out var committer))
            {
                await committer.CommitAsync(manifest.Id, sink.Prepared);
            }
        }

        health.Working();
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
