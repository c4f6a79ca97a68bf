namespace Penstock.S3;

/// <summary>
/// The codes of the connector's errors, each with a page in docs/errors. The meaning of a code never changes, and numbers are not reused.
/// </summary>
internal static class S3ErrorCodes
{
    public static readonly PipelineErrorCode WrongConfiguration = new("PSR2101", "The configuration of S3 is wrong");
    public static readonly PipelineErrorCode ImpossiblePath = new("PSR2102", "A path in S3 is invalid");
    public static readonly PipelineErrorCode RequestRefused = new("PSR2103", "A request to S3 was refused");
    public static readonly PipelineErrorCode NoConditionalWrites = new("PSR2104", "The S3 server has no conditional writes");
    public static readonly PipelineErrorCode CheckpointsUnreachable = new("PSR2105", "Checkpoints in S3 cannot be reached");
    public static readonly PipelineErrorCode TooManyParts = new("PSR2106", "An object in S3 has too many parts");
    public static readonly PipelineErrorCode PartsLost = new("PSR2107", "Part objects of the checkpoint are missing or replaced");
    public static readonly PipelineErrorCode PartsOfOtherSink = new("PSR2108", "Parts of the checkpoint are not objects in S3");
    public static readonly PipelineErrorCode TakenOver = new("PSR2109", "Another process has taken over the output");
}
