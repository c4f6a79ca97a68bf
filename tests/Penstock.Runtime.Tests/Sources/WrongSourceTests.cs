using System.Buffers;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Hosting;

namespace Penstock.Runtime.Tests.Sources;

/// <summary>
/// Results that no source may return: the pipeline ends at once with an error that names the mistake, and is not restarted.
/// </summary>
public sealed class WrongSourceTests
{
    [Theory]
    [InlineData("same id", "Discover has returned the split id 'a' twice")]
    [InlineData("null list", "Discover has returned null")]
    [InlineData("null split", "Discover has returned a split that is null")]
    [InlineData("null id", "Discover has returned a split without an id")]
    [InlineData("empty id", "Discover has returned a split without an id")]
    [InlineData("null fingerprint", "Discover has returned split 'a' with a fingerprint that is null")]
    [InlineData("null reader", "Open has returned null for split 'a'")]
    [InlineData("status", "Read has returned 99 for split 'a'")]
    public Task A_wrong_answer_of_a_source_ends_the_pipeline_at_once(string mistake, string message) =>
        FailsAsync(new WrongSource(mistake), message);

    [Theory]
    [InlineData("same id", "TakeNewSplits has returned the split id 'a' twice")]
    [InlineData("null list", "TakeNewSplits has returned null")]
    [InlineData("null split", "TakeNewSplits has returned a split that is null")]
    [InlineData("null id", "TakeNewSplits has returned a split without an id")]
    [InlineData("empty id", "TakeNewSplits has returned a split without an id")]
    [InlineData("null fingerprint", "TakeNewSplits has returned split 'a' with a fingerprint that is null")]
    [InlineData("null reader", "OpenNewSplit has returned null for split 'a'")]
    [InlineData("same reader", "Open has returned the same reader for split 'c' as for another one")]
    public Task A_mistake_of_a_streaming_source_ends_the_pipeline(string mistake, string message) =>
        FailsAsync(new WrongStreamingSource(mistake), message);

    private static async Task FailsAsync(ISource<Step> source, string message)
    {
        var options = new PipelineOptions();
        options.Restart.MaxAttempts = 2;
        options.Restart.Delay = TimeSpan.FromMilliseconds(1);
        var environment = TestEnvironment.Create("Test", options, new Gate()) with { Connectors = new SourceOverrides(_ => source) };
        var runner = environment.RunnerOf<GatedPipeline>();
        var error = await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None).WaitAsync(HookedJob.Timeout));
        Assert.Equal(typeof(PipelineException), error?.GetType());
        Assert.StartsWith($"PSR209: Pipeline 'Test': source 'Steps' is wrong: {message}", error!.Message, StringComparison.Ordinal);
        Assert.Equal((PipelineState.Failed, 0), (runner.Status().State, runner.Status().Restarts));
    }

    private static IReadOnlyList<SourceSplit> Wrong(string mistake) => mistake switch
    {
        "same id" => [new SourceSplit("a"), new SourceSplit("b"), new SourceSplit("a", "other")],
        "null list" => null!,
        "null split" => [null!],
        "null id" => [new SourceSplit(null!)],
        "empty id" => [new SourceSplit("")],
        "null fingerprint" => [new SourceSplit("a", null!)],
        _ => [new SourceSplit("a")],
    };

    private sealed class Reader(ReadStatus status) : ISplitReader<Step>
    {
        public ReadStatus Read(RowAppender<Step> rows) => status;

        public void SavePosition(IBufferWriter<byte> position)
        {
            // There is only one position.
        }

        public string Describe(int index) => "";

        public void Dispose()
        {
            // There are no resources.
        }
    }

    private sealed class WrongSource(string mistake) : ISource<Step>
    {
        public IReadOnlyList<SourceSplit> Discover() => Wrong(mistake);

        public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
            mistake == "null reader" ? null! : new Reader(mistake == "status" ? (ReadStatus)99 : ReadStatus.Ended);
    }

    private sealed class WrongStreamingSource(string mistake) : IStreamingSource<Step>
    {
        private readonly Reader _reader = new(ReadStatus.Ended);

        public bool IsUnbounded => false;

        public IReadOnlyList<SourceSplit> Discover() => mistake == "same reader" ? [new SourceSplit("b"), new SourceSplit("c")] : [];

        public int SlotOf(SourceSplit split) => 0;

        public ISplitReader<Step> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) => _reader;

        public ISplitReader<Step> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) =>
            mistake == "null reader" ? null! : new Reader(ReadStatus.Ended);

        public void Start(Action available)
        {
            // It is called anyway.
        }

        public ISplitReader<Step>? Next() => null;

        public IReadOnlyList<SourceSplit> TakeNewSplits() => mistake == "same reader" ? [] : Wrong(mistake);

        public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
        {
            // It has no state.
        }

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
