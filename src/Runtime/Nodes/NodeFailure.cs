using Penstock.Checkpoints;
using Penstock.Errors;
using Penstock.Network.Links;

namespace Penstock.Nodes;

/// <summary>What a failure is to those who decide what follows from it.</summary>
internal enum FailureKind
{
    /// <summary>Another exception, which may pass.</summary>
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

    /// <summary>An <see cref="IOException"/>, whose number says whether it lasts.</summary>
    File,

    /// <summary>A file that is not there.</summary>
    NoFile,

    /// <summary>An <see cref="UnauthorizedAccessException"/>, or a path that is too long: neither passes.</summary>
    Access,

    /// <summary>An <see cref="OperationCanceledException"/>.</summary>
    Cancelled,
}

/// <summary>A failure on another node, as plain data.</summary>
/// <param name="Kind">What follows from it.</param>
/// <param name="Type">The name of the type of the exception.</param>
/// <param name="Code">Of an error of the engine: its code.</param>
/// <param name="Message">Its message, without the code.</param>
/// <param name="Number">Of an error of a file: its number.</param>
/// <param name="Place">Of an operator: where it has failed.</param>
/// <param name="Cause">The failure behind it.</param>
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

    /// <summary>The exception that means the same here.</summary>
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
            _ => throw new InvalidDataException($"A failure is of a kind that is not known: {Kind}: {Message}"),
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

/// <summary>What was thrown on another node, and has no form of its own here.</summary>
/// <param name="type">The name of its type there.</param>
/// <param name="message">Its message.</param>
/// <param name="cause">The cause.</param>
internal sealed class RemoteException(string type, string message, Exception? cause) : Exception(message, cause)
{
    /// <summary>The name of its type.</summary>
    public string TypeName => type;
}
