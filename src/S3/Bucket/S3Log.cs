using Microsoft.Extensions.Logging;

namespace Penstock.S3;

/// <summary>The log messages about S3.</summary>
internal static partial class S3Log
{
    [LoggerMessage(1, LogLevel.Warning, "{What} did not succeed: {Problem} It is tried again for up to {RetryTimeout}.")]
    public static partial void Retrying(this ILogger log, string what, string problem, TimeSpan retryTimeout);

    [LoggerMessage(2, LogLevel.Information, "{What} succeeded after {Attempts} attempts in {Elapsed}.")]
    public static partial void RetrySucceeded(this ILogger log, string what, int attempts, TimeSpan elapsed);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "Aborted an upload of {Key} in bucket {Bucket} that was begun at {Initiated:O} and never finished.")]
    public static partial void UploadAborted(this ILogger log, string key, string bucket, DateTime initiated);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Uploads that were never finished cannot be cleared from {Location}: {Problem} Let a lifecycle rule of the bucket do it, or allow "
            + "s3:ListBucketMultipartUploads and s3:AbortMultipartUpload.")]
    public static partial void UploadsNotCleared(this ILogger log, string location, string problem);

    [LoggerMessage(5, LogLevel.Debug, "An abandoned upload of {Key} in bucket {Bucket} could not be aborted: {Problem}")]
    public static partial void UploadLeftBehind(this ILogger log, string key, string bucket, string problem);

    [LoggerMessage(6, LogLevel.Debug, "Aborted the upload of part {Key} in bucket {Bucket}, which belongs to no checkpoint.")]
    public static partial void PartGivenUp(this ILogger log, string key, string bucket);
}
