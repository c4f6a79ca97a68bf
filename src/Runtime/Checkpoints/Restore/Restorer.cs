using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Checkpoints;

/// <summary>
/// Selects the checkpoint to resume from, commits and revokes output of the sinks accordingly, and loads the state on all nodes.
/// </summary>
/// <param name="store">The checkpoints.</param>
/// <param name="graph">The subtasks of the first node, with templates for those of other nodes.</param>
/// <param name="others">The other nodes.</param>
internal sealed class Restorer(CheckpointStore store, ExecutionGraph graph, params IReadOnlyList<INodeStart> others)
{
    private readonly string _pipeline = graph.Environment.Name;
    private readonly ILogger _log = graph.Environment.Log;
    private readonly NodeState _state = new(graph);

    /// <summary>Restores the newest intact checkpoint or, if there is none, the savepoint to start from.</summary>
    /// <returns>The restored start.</returns>
    /// <exception cref="PipelineException">There is a checkpoint, but it must not or cannot be restored.</exception>
    public async Task<RestoredStart> RestoreAsync()
    {
        using var activity = PenstockTelemetry.Activities.StartActivity("restore");
        activity?.SetTag("penstock.pipeline", _pipeline);
        var ids = store.FenceOtherWriters();
        var passedOver = new List<long>();
        var manifest = await LoadNewestAsync(ids, passedOver);
        store.EnsureStillOwner();
        var (origin, isFirst) = (manifest?.StartedFrom, false);
        if (graph.Environment.Options.Savepoints.StartFrom is { } startFrom)
        {
            // A job that started from the savepoint resumes from its own checkpoints; the savepoint is used for the first start only.
            using var savepoint = SavepointPlace.Of(graph.Environment, startFrom);
            isFirst = manifest == null;
            manifest ??= await LoadAsync(savepoint, passedOver);
            origin = isFirst ? new SavepointOrigin(manifest.Savepoint!, savepoint.Location) : CheckStartedFrom(manifest, savepoint);
        }

        if (manifest == null)
        {
            await LoadOthersAsync(null, null);
        }

        var isFinished = manifest?.Terminal == true;
        graph.OpenSources(isFinished);
        await Task.WhenAll(others.Select(node => node.OpenSourcesAsync(graph.Splits, isFinished)));

        // State or input that does not fit has been refused. Up to here nothing was modified, except for the mark of this writer.
        if (manifest != null && !isFirst)
        {
            store.AdoptJob(manifest);
        }

        await ClaimSinksAsync(manifest, isFirst ? new SinkPredecessor(manifest!.Job, manifest.Id) : null);
        var newestOutput = await CheckSinksAsync(manifest, passedOver);
        if (manifest != null)
        {
            foreach (var gone in manifest.Sinks.Where(sink => sink.Prepared.Count > 0 && !graph.Sinks.All.ContainsKey(sink.Id)))
            {
                _log.SinkGone(_pipeline, gone.Id, manifest.Id);
            }

            await graph.Sinks.CommitAsync(manifest, CancellationToken.None);
        }

        await graph.Sinks.AtOnceAsync(WrittenSinks(manifest), (_, committer) => committer.RevokeAfterAsync(manifest?.Id ?? 0));

        if (isFirst)
        {
            _log.StartedFromSavepoint(_pipeline, origin!.Location, manifest!.TakenAt);
        }
        else if (manifest != null)
        {
            _log.Restored(_pipeline, manifest.Id, manifest.TakenAt);
        }

        if (manifest is not { Terminal: true })
        {
            new CheckpointCleaner(store, graph.Environment).DeleteUnfinished();
        }

        // Ids are never reused, including those of damaged checkpoints and of revoked output.
        activity?.SetTag("penstock.checkpoint", manifest?.Id ?? 0);
        var newest = new[] { ids.FirstOrDefault(), newestOutput, manifest?.Id ?? 0 }.Max();
        return new RestoredStart(manifest, newest + 1, origin, graph.Secret.Value);
    }

    private async Task<Manifest> LoadAsync(SavepointPlace savepoint, List<long> passedOver)
    {
        if (passedOver.Count > 0)
        {
            throw new PipelineException(
                ErrorCodes.CheckpointsThere,
                $"Pipeline '{_pipeline}' is to start from the savepoint in "
                    + $"'{savepoint.Location}', but '{store.Location}' has checkpoints already, every one of them damaged. To start from "
                    + $"the savepoint again, set Checkpoints:Path to an empty place; output that these checkpoints made visible is then "
                    + $"revoked.");
        }

        var manifest = savepoint.ReadVerified();
        CheckKeyGroups(manifest);
        await LoadAsync(manifest, savepoint.State, savepoint.Location);
        return manifest;
    }

    private SavepointOrigin CheckStartedFrom(Manifest manifest, SavepointPlace savepoint)
    {
        if (manifest.StartedFrom is { } origin
            && (origin.Location == savepoint.Location || origin.Id == savepoint.ReadManifest().Savepoint))
        {
            return origin;
        }

        var began = manifest.StartedFrom is { } other
            ? $"a job that began with another savepoint ('{other.Location}')"
            : "a job that did not begin with a savepoint";
        throw new PipelineException(
            ErrorCodes.CheckpointsThere,
            $"Pipeline '{_pipeline}' is to start from the savepoint in '{savepoint.Location}' (Savepoints:StartFrom), but "
                + $"'{store.Location}' has checkpoints already, those of {began}. To continue that job, leave StartFrom out; to begin "
                + $"with the savepoint, set Checkpoints:Path to an empty place.");
    }

    // Blocks are verified as they are read; if a later one is damaged, the loaded state is discarded.
    private async Task<Manifest?> LoadNewestAsync(IReadOnlyList<long> ids, List<long> passedOver)
    {
        foreach (var id in ids)
        {
            try
            {
                if (store.Read(id) is { } manifest)
                {
                    CheckIdentity(manifest);
                    await LoadAsync(manifest, store.State);
                    return manifest;
                }
            }
            catch (DamagedCheckpointException damage)
            {
                _log.CheckpointDamaged(_pipeline, id, damage.Message);
                passedOver.Add(id);
                _state.Forget();
            }
        }

        return null;
    }

    private void CheckIdentity(Manifest manifest)
    {
        if (manifest.Pipeline != _pipeline)
        {
            throw new CheckpointRefusedException(
                ErrorCodes.OtherPipeline,
                $"The checkpoints in '{store.Location}' are those of pipeline "
                    + $"'{manifest.Pipeline}', not of '{_pipeline}'. Set Checkpoints:Path to a folder of its own for each pipeline.");
        }

        CheckKeyGroups(manifest);
    }

    private void CheckKeyGroups(Manifest manifest)
    {
        if (manifest.KeyGroups != graph.Environment.Options.KeyGroups)
        {
            throw new CheckpointRefusedException(
                ErrorCodes.KeyGroupsChanged,
                $"The checkpoint {manifest.Id} of pipeline '{_pipeline}' has {manifest.KeyGroups} key groups and the configuration says "
                    + $"{graph.Environment.Options.KeyGroups}. The number is fixed for the life of a checkpoint folder: set KeyGroups "
                    + $"back.");
        }
    }

    // One place after the other, in an order that all pipelines share. Otherwise, of two pipelines with two common places, each could claim
    // one, and both would fail.
    private async Task ClaimSinksAsync(Manifest? manifest, SinkPredecessor? predecessor)
    {
        var checkpoints = CheckpointStorageResolver.Absolute(graph.Environment.Options.Checkpoints.Path);
        var owner = new SinkOwner(store.OpenJob(), _pipeline, checkpoints)
        {
            Predecessor = predecessor
        };
        foreach (var sink in WrittenSinks(manifest).OrderBy(static sink => sink.Value.Place, StringComparer.Ordinal))
        {
            await graph.Sinks.AtOnceAsync(
                [sink],
                (id, committer) => committer.ClaimAsync(owner, isKnown: manifest != null && IsWhereItWas(manifest, id, committer)));
        }
    }

    // A finished job writes nothing more. Its output may have been moved, and files at the new place must not be touched.
    private IEnumerable<KeyValuePair<string, ISinkCommitter>> WrittenSinks(Manifest? manifest) =>
        manifest is { Terminal: true } ? graph.Sinks.All.Where(sink => IsWhereItWas(manifest, sink.Key, sink.Value)) : graph.Sinks.All;

    private static bool IsWhereItWas(Manifest manifest, string id, ISinkCommitter committer) =>
        manifest.Sinks.Find(sink => sink.Id == id)?.Place == committer.Place;

    private async Task<long> CheckSinksAsync(Manifest? manifest, List<long> passedOver)
    {
        var newest = 0L;
        foreach (var (id, committer) in WrittenSinks(manifest))
        {
            var committed = await committer.LastCommittedAsync() ?? 0;
            newest = Math.Max(newest, committed);
            if (manifest == null && committed > 0)
            {
                throw new PipelineException(
                    ErrorCodes.OutputAhead,
                    $"Pipeline '{_pipeline}': sink '{id}' already shows output of checkpoint "
                        + $"{committed}, but {DescribeMissingCheckpoint(passedOver)} To start over, delete the output or choose "
                        + $"another place for it.");
            }

            if (manifest != null && committed > manifest.Id)
            {
                if (!committer.CanRevoke)
                {
                    throw new PipelineException(
                        ErrorCodes.OutputAhead,
                        $"Pipeline '{_pipeline}': the newest whole checkpoint is {manifest.Id}, but sink '{id}' already shows output of "
                            + $"checkpoint {committed} and cannot revoke it. Restore the files of checkpoint "
                            + $"{committed}, or accept duplicate output by removing the sink's mark of checkpoint {committed}.");
                }

                _log.OutputRevoked(_pipeline, id, committed, manifest.Id);
            }
        }

        return newest;
    }

    private string DescribeMissingCheckpoint(List<long> passedOver)
    {
        if (graph.Environment.Options.Checkpoints.Path == null)
        {
            return $"no folder for checkpoints is configured, so the pipeline cannot know which output is its own. Set "
                + $"Penstock:Pipelines:{_pipeline}:Checkpoints:Path to have that from now on.";
        }

        var cause = passedOver.Count > 0
            ? $"every checkpoint in '{store.Location}' is damaged"
            : $"there is no checkpoint in '{store.Location}'";
        return $"{cause}. To continue that job, restore its checkpoint folder (Checkpoints:Path).";
    }

    private StateMatcher Match(Manifest manifest)
    {
        var matcher = new StateMatcher(graph.Plan, _state.Parts, manifest);
        return matcher.FindProblem() is { } reason
            ? throw new CheckpointRefusedException(
                ErrorCodes.StateDoesNotFit,
                $"Checkpoint {manifest.Id} of pipeline '{_pipeline}' does not match the program: {reason}, or start over with an "
                    + $"empty checkpoint folder and an empty output. Nothing has been changed.")
            : matcher;
    }

    private Task LoadOthersAsync(Manifest? manifest, string? savepoint) =>
        Task.WhenAll(others.Select(node => node.LoadAsync(manifest, savepoint, graph.Secret.Value)));

    // Each node reads the state that its subtasks own.
    private async Task LoadAsync(Manifest manifest, StateFiles state, string? savepoint = null)
    {
        var matcher = Match(manifest);
        if (manifest.Secret is { } secret)
        {
            graph.Secret.Restore(secret);
        }

        var elsewhere = LoadOthersAsync(manifest, savepoint);
        try
        {
            await _state.LoadAsync(matcher, manifest, state);
        }
        finally
        {
            // All nodes must have finished before another checkpoint is tried. An error of the first node takes precedence over theirs.
            await elsewhere.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await elsewhere;
    }
}
