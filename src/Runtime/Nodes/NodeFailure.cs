using Penstock.Checkpoints;
using Penstock.Errors;
using Penstock.Network.Links;

namespace Penstock.Nodes;

/// <summary>The kind of a failure, which determines the reaction to it.</summary>
internal enum FailureKind
{
    /// <summary>Another exception, which may be transient.</summary>
    Other,

    /// <summary>An error of the engine that would only repeat.</summary>
    Pipeline,

    /// <summary>An <see cref="OperatorException"/>.</summary>
    Operator,

    /// <summary>A <see cref="SourceException"/>.</summary>
    Source,

    /// <summary>A <see cref="SinkException"/>.</summary>
    Sink,

    /// <summary>A <see cref="SourceChangedException"/>.</summary>
    SourceChanged,

    /// <summary>A <see cref="LinkException"/>.</summary>
    Link,

    /// <summary>A <see cref="JoinRefusedException"/>.</summary>
    JoinRefused,

    /// <summary>A <see cref="CheckpointFailedException"/>.</summary>
    CheckpointFailed,

    /// <summary>A <see cref="DamagedCheckpointException"/>.</summary>
    Damaged,

    /// <summary>A <see cref="CheckpointRefusedException"/>.</summary>
    Refused,

    /// <summary>An <see cref="IOException"/>, whose number shows whether it is permanent.</summary>
    File,

    /// <summary>A missing file.</summary>
    NoFile,

    /// <summary>An <see cref="UnauthorizedAccessException"/>, or a path that is too long: both are permanent.</summary>
    Access,

    /// <summary>An <see cref="OperationCanceledException"/>.</summary>
    Cancelled,
}

/// <summary>A failure on another node, as plain data.</summary>
/// <param name="Kind">The kind of the failure.</param>
/// <param name="Type">The name of the exception type.</param>
/// <param name="Code">The code of an error of the engine.</param>
/// <param name="Message">The message without the code.</param>
/// <param name="Number">The number of a file error.</param>
/// <param name="Place">The place of a failure in user code.</param>
/// <param name="Cause">The inner failure.</param>
internal sealed record NodeFailure(
    FailureKind Kind, string Type, PipelineErrorCode? Code, string Message, int Number, FailurePlace? Place, NodeFailure? Cause)
{
    public static NodeFailure Of(Exception error) => new(
        KindOf(error),
        TypeOf(error),
        (error as PipelineException)?.ErrorCode,
        (error as PipelineException)?.Description ?? error.Message,
        error.HResult,
        (error as OperatorException)?.Place,
        error.InnerException is { } cause ? Of(cause) : null);

    /// <summary>Creates the equivalent exception on this node.</summary>
    public Exception ToException()
    {
        var cause = Cause?.ToException();
        var code = Code ?? PipelineErrorCode.Custom;
        return Kind switch
        {
            FailureKind.Pipeline => new PipelineException(code, Message, cause),
            FailureKind.Operator => new OperatorException(code, Message, cause!) { Place = Place },
            FailureKind.Source => new SourceException(Message, cause!, code),
            FailureKind.Sink => new SinkException(Message, cause!, code),
            FailureKind.SourceChanged => new SourceChangedException(Message, code),
            FailureKind.Link => new LinkException(Message, cause!),
            FailureKind.JoinRefused => new JoinRefusedException(code, Message, cause),
            FailureKind.CheckpointFailed => new CheckpointFailedException(code, Message, cause!),
            FailureKind.Damaged => new DamagedCheckpointException(Message),
            FailureKind.Refused => new CheckpointRefusedException(code, Message, cause),
            FailureKind.File => new IOException(Message, Number),
            FailureKind.NoFile => new FileNotFoundException(Message),
            FailureKind.Access => new UnauthorizedAccessException(Message, cause),
            FailureKind.Cancelled => new OperationCanceledException(Message, cause),
            FailureKind.Other => new RemoteException(Type, Message, cause),
            _ => throw new InvalidDataException($"Unknown kind of failure: {Kind}: {Message}"),
        };
    }

    private static string TypeOf(Exception error) => error is RemoteException remote ? remote.TypeName : error.GetType().FullName!;

    private static FailureKind KindOf(Exception error) => error switch
    {
        OperatorException => FailureKind.Operator,
        SourceException => FailureKind.Source,
        SinkException => FailureKind.Sink,
        SourceChangedException => FailureKind.SourceChanged,
        LinkException => FailureKind.Link,
        JoinRefusedException => FailureKind.JoinRefused,
        CheckpointFailedException => FailureKind.CheckpointFailed,
        DamagedCheckpointException => FailureKind.Damaged,
        CheckpointRefusedException => FailureKind.Refused,
        PipelineException => FailureKind.Pipeline,
        UnauthorizedAccessException or PathTooLongException => FailureKind.Access,
        FileNotFoundException => FailureKind.NoFile,
        IOException => FailureKind.File,
        OperationCanceledException => FailureKind.Cancelled,
        _ => FailureKind.Other,
    };
}

/// <summary>Represents an exception on another node that has no equivalent type here.</summary>
/// <param name="type">The name of the exception type on that node.</param>
/// <param name="message">The message of the exception.</param>
/// <param name="cause">The cause.</param>
internal sealed class RemoteException(string type, string message, Exception? cause) : Exception(message, cause)
{
    /// <summary>The name of the exception type on the other node.</summary>
    public string TypeName => type;
}
