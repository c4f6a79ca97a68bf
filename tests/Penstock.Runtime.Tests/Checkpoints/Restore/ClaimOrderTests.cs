using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Checkpoints.Restore;

/// <summary>The order in which a pipeline claims the places of its sinks.</summary>
public sealed class ClaimOrderTests
{
    // If each of two pipelines could claim one of two common places, both would fail.
    [Fact]
    public async Task Places_are_claimed_one_after_the_other_in_their_order_and_not_in_that_of_the_sinks()
    {
        var claims = new Claims();
        var environment = TestEnvironment.Create("Clicks") with { Connectors = claims };
        var runner = environment.RunnerOf<ClicksPipeline>();
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => claims.AreAllDone);
        await stop.CancelAsync();
        await running;
        Assert.Equal(["begin A", "end A", "begin Z", "end Z"], claims.Noted);
    }

    private sealed class Claims : IConnectorOverrides
    {
        private readonly TestConnectors _connectors = new(1);
        private readonly Lock _lock = new();
        private readonly List<string> _noted = [];

        public bool AreAllDone => Noted.Count(static note => note.StartsWith("end", StringComparison.Ordinal)) == 2;

        public List<string> Noted
        {
            get
            {
                lock (_lock)
                {
                    return [.. _noted];
                }
            }
        }

        public ISource<T> Source<T>(string id) => _connectors.Source<T>(id);

        public ISink<T> Sink<T>(string stream, string id) =>
            new PlacedSink<T>(_connectors.Sink<T>(stream, id), stream == "Counts" ? "Z" : "A", this);

        public void Note(string note)
        {
            lock (_lock)
            {
                _noted.Add(note);
            }
        }
    }

    private sealed class PlacedSink<T>(ISink<T> sink, string place, Claims claims) : ISink<T>
    {
        public ISinkWriter<T> OpenWriter(int subtask) => sink.OpenWriter(subtask);

        public ISinkCommitter CreateCommitter() => new Committer(sink.CreateCommitter(), place, claims);
    }

    private sealed class Committer(ISinkCommitter committer, string place, Claims claims) : ISinkCommitter
    {
        public string Place => place;

        public bool CanRevoke => committer.CanRevoke;

        public async ValueTask ClaimAsync(SinkOwner owner, bool isKnown)
        {
            claims.Note($"begin {place}");
            await Task.Yield();
            claims.Note($"end {place}");
        }

        public ValueTask<long?> LastCommittedAsync() => committer.LastCommittedAsync();

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) =>
            committer.CommitAsync(checkpoint, prepared, stop);

        public ValueTask RevokeAfterAsync(long checkpoint) => committer.RevokeAfterAsync(checkpoint);

        public void Dispose() => committer.Dispose();
    }
}
