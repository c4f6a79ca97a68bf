using Penstock.Connectors;
namespace Penstock.Sinks;

/// <summary>Decorates the committer of a sink: adds the names of sink and pipeline to its exceptions.</summary>
internal sealed class SinkErrorDecorator(ISinkCommitter committer, string pipeline, string sink) : ISinkCommitter
{
    public string? Place => SinkErrors.Explained(pipeline, sink, "name its place", () => committer.Place);

    public bool CanRevoke => SinkErrors.Explained(pipeline, sink, "say whether it can take back output", () => committer.CanRevoke);

    public ValueTask ClaimAsync(SinkOwner owner, bool isKnown) =>
        ExplainAsync("take its place", () => committer.ClaimAsync(owner, isKnown));

    public ValueTask ReleaseAsync() => ExplainAsync("leave its place", committer.ReleaseAsync);

    public async ValueTask<long?> LastCommittedAsync()
    {
        long? last = null;
        await ExplainAsync("find its output", async () => last = await committer.LastCommittedAsync());
        return last;
    }

    public bool CommitsDuringCheckpoints =>
        SinkErrors.Explained(pipeline, sink, "say whether it commits beside checkpoints", () => committer.CommitsDuringCheckpoints);

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) =>
        ExplainAsync("commit its output", () => committer.CommitAsync(checkpoint, prepared, stop), stop);

    public ValueTask RevokeAfterAsync(long checkpoint) =>
        ExplainAsync("take back output", () => committer.RevokeAfterAsync(checkpoint));

    public void Interrupt() => committer.Interrupt();

    public void Dispose() => committer.Dispose();

    private async ValueTask ExplainAsync(string action, Func<ValueTask> act, CancellationToken stop = default)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (error is not PipelineException && !stop.IsCancellationRequested)
        {
            throw SinkErrors.Explain(pipeline, sink, action, error);
        }
    }
}
