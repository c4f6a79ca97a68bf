using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Checkpoints.Restore;

/// <summary>A sink without its own place whose visible output belongs to no checkpoint.</summary>
public sealed class ForeignOutputTests
{
    [Theory]
    [InlineData(
        null,
        "no folder for checkpoints is configured, so the pipeline cannot know which output is its own. Set Penstock:Pipelines:Clicks:Checkpoints:Path")]
    [InlineData("/checkpoints", "there is no checkpoint in '/checkpoints'. To continue that job, restore its checkpoint folder")]
    public async Task Foreign_output_is_refused_with_the_fitting_remedy(string? folder, string message)
    {
        var options = new PipelineOptions();
        options.Checkpoints.Path = folder;
        var environment = TestEnvironment.Create("Clicks", options) with { Connectors = new Connectors() };
        var runner = environment.RunnerOf<ClicksPipeline>();
        var error = await Assert.ThrowsAsync<PipelineException>(() => runner.RunAsync(CancellationToken.None));
        Assert.Contains("Pipeline 'Clicks': sink 'Counts", error.Message, StringComparison.Ordinal);
        Assert.Contains("already shows output of checkpoint 5", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private sealed class Connectors : IConnectorOverrides
    {
        private readonly TestConnectors _connectors = new(1);

        public ISource<T> Source<T>(string id) => _connectors.Source<T>(id);

        public ISink<T> Sink<T>(string stream, string id) => new UsedSink<T>(_connectors.Sink<T>(stream, id));
    }

    private sealed class UsedSink<T>(ISink<T> sink) : ISink<T>
    {
        public ISinkWriter<T> OpenWriter(int subtask) => sink.OpenWriter(subtask);

        public ISinkCommitter CreateCommitter() => new UsedCommitter();
    }

    private sealed class UsedCommitter : ISinkCommitter
    {
        public bool CanRevoke => true;

        public ValueTask<long?> LastCommittedAsync() => new(5);

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) => default;

        public ValueTask RevokeAfterAsync(long checkpoint) => default;

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
