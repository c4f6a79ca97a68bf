using System.Buffers;
using MemoryPack;
using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Values;

public readonly record struct PageView(string User, DateTimeOffset At);

public readonly record struct ViewCount(string User, int Count);

/// <summary>Cannot copy what it has written.</summary>
internal readonly struct UncopiedCodec : IValueCodec<Stack<int>>
{
    public static string Schema => "uncopied/1";

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Stack<int> value)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanagedArray(value.Reverse().ToArray());

    public static Stack<int> Read(ref MemoryPackReader reader) => new(reader.ReadUnmanagedArray<int>()!);

    public static Stack<int> Detach(Stack<int> value) => throw new NotSupportedException("No copies.");
}

[Operator]
public sealed partial class SameView
{
    [Map]
    private static PageView Copy(in PageView view) => view;
}

[Operator, KeyBy(nameof(PageView.User)), TumblingWindow("1m")]
public sealed partial class StackViews
{
    [State, StateCodec(typeof(UncopiedCodec))] private partial ref Stack<int>? Seen { get; }

    [Accumulate]
    private void Add(in PageView view) => (Seen ??= []).Push(view.At.Second);

    [Fire]
    private ViewCount Close(in Window<string> window) => new(window.Key, Seen!.Count);
}

[Pipeline]
public sealed partial class StackedPipeline
{
    [FileSource("views.csv")]
    [EventTime(nameof(PageView.At))]
    public partial Stream<PageView> PageViews { get; }

    [Apply<SameView>(nameof(PageViews))]
    public partial Stream<PageView> Copied { get; }

    [Apply<StackViews>(nameof(Copied))]
    [FileSink("stacked.csv")]
    public partial Stream<ViewCount> Stacked { get; }
}

/// <summary>A codec that fails where a window fires while a checkpoint still reads its state.</summary>
public sealed class DetachFailureTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    // At 1 the task of the window is called by that of the source; at 2 there is a channel between them.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_state_that_cannot_be_copied_is_that_of_the_operator_that_keeps_it(int parallelism)
    {
        var connectors = new TestConnectors(splitsPerSource: 1);
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = 1 };
        using var harness = new EngineHarness<StackedPipeline>(TestEnvironment.Create("Test", options) with { Connectors = connectors });
        harness.Start();
        connectors.SourceOf<PageView>(nameof(StackedPipeline.PageViews)).Send(0, [new PageView("ann", Start)]);
        harness.Run();

        // Nobody writes what it froze, so that it counts as being read.
        harness.Graph.Trigger(new CheckpointBarrier(1, CheckpointMode.Ordinary, IsWhole: true));
        connectors.SourceOf<PageView>(nameof(StackedPipeline.PageViews)).Send(0, [new PageView("bob", Start.AddMinutes(2))]);
        var error = Assert.Throws<OperatorException>(() => harness.AdvanceClock(TimeSpan.FromSeconds(1)));
        Assert.StartsWith("PSR401: Pipeline 'Test': operator 'Stacked: StackViews, 1m", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" of task 'Stacked' failed: NotSupportedException: No copies.", error.Message, StringComparison.Ordinal);
        Assert.False(error.Place!.IsExact);
        Assert.Contains("'Stacked: StackViews, 1m", error.Place.Text, StringComparison.Ordinal);
    }
}
