using Penstock.Checkpoints;
using Penstock.Errors;
using Penstock.Hosting;
using Penstock.Network.Links;
using Penstock.Nodes;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>A failure on another node has the same consequences as a failure on this one.</summary>
public sealed class NodeFailureTests
{
    private static readonly IOException Full = new("No space left on device", 28);

    private static readonly IOException ReadOnly = new("Read-only file system", 30);

    private static readonly Exception[] Errors =
    [
        new OperatorException(ErrorCodes.KeyFailed, "an operator", new InvalidOperationException("why"))
        {
            Place = new FailurePlace("at a row", IsExact: true)
        },
        new SourceException("a source", Full),
        new SourceException("a source", Full, new PipelineErrorCode("ACME7", "A source of others", "https://acme.example/7")),
        new SourceException("a source", ReadOnly),
        new SourceException("a source", new FileNotFoundException("gone")),
        new SinkException("a sink", Full),
        new SinkException("a sink", new UnauthorizedAccessException("no")),
        new SinkException("a sink", new PathTooLongException("long")),
        new SourceChangedException("changed"),
        new SourceChangedException("gone", ErrorCodes.InputGone),
        new LinkException("a link", new IOException("broken")),
        new JoinRefusedException(ErrorCodes.OtherCheckpoints, "another job", Full),
        new CheckpointFailedException(ErrorCodes.CheckpointNotWritten, "a checkpoint", Full),
        new CheckpointFailedException(ErrorCodes.CheckpointTimedOut, "a checkpoint", ReadOnly),
        new DamagedCheckpointException("damaged"),
        new CheckpointRefusedException(ErrorCodes.KeyGroupsChanged, "refused"),
        new PipelineException(ErrorCodes.PathRefused, "the engine", new InvalidOperationException("why")),
        Full,
        ReadOnly,
        new OperationCanceledException("cancelled"),
        new InvalidOperationException("anything", new TimeoutException("late")),
    ];

    public static TheoryData<int> All => [.. Enumerable.Range(0, Errors.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_failure_of_another_node_has_the_same_message_and_restarts_alike(int index)
    {
        var error = Errors[index];
        var there = Sent(error);
        Assert.Equal(RestartPolicy.IsTransient(error), RestartPolicy.IsTransient(there));
        Assert.Equal(error.Message, there.Message);
        Assert.Equal(((error as PipelineException)?.Code, error.HelpLink), ((there as PipelineException)?.Code, there.HelpLink));
        Assert.Equal(error.InnerException?.Message, there.InnerException?.Message);
        Assert.Equal((error as OperatorException)?.Place, (there as OperatorException)?.Place);
        if (error is DamagedCheckpointException or CheckpointFailedException or JoinRefusedException)
        {
            // Another checkpoint is tried, or the coordinator waits for another node.
            Assert.Equal(error.GetType(), there.GetType());
        }
    }

    [Fact]
    public void Errors_of_several_types_at_one_place_are_several_errors()
    {
        var policy = new RestartPolicy(new RestartOptions { MaxFailuresPerRow = 2, Jitter = 0 }, new Random(1));
        Assert.NotNull(policy.DelayAfter(Failed(new InvalidOperationException("a"))));
        Assert.NotNull(policy.DelayAfter(Failed(new FormatException("b"))));
        Assert.Throws<OperatorException>(() => policy.DelayAfter(Failed(new FormatException("c"))));

        static Exception Failed(Exception cause) =>
            Sent(new OperatorException(ErrorCodes.OperatorFailed, "an operator", cause)
            {
                Place = new FailurePlace("at a row", IsExact: true)
            });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"message\":\"nothing\"}")]
    [InlineData("{\"message\":\"trigger\",\"barrier\":7}")]
    public void What_is_no_message_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => ControlFormat.Read(System.Text.Encoding.UTF8.GetBytes(text)));

    private static Exception Sent(Exception error)
    {
        var (near, far) = MemoryLink.Create(("far", "near"));
        using var sender = new Peer("test", near, attempt: 3, TimeProvider.System);
        var heard = new Owner();
        using var receiver = new Peer("test", far, attempt: null, TimeProvider.System);
        receiver.Start(heard);
        sender.Send(new ControlMessage.Fail(NodeFailure.Of(error)));
        return ((ControlMessage.Fail)heard.Message!).Cause.ToException();
    }

    private sealed class Owner : IPeerOwner
    {
        public ControlMessage? Message { get; private set; }

        public void Receive(ReadOnlySpan<byte> message) => Message = ControlFormat.Read(message);

        public void Break(PipelineException error) => throw error;
    }
}
