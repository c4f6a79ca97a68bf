using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;

namespace Penstock.S3;

/// <summary>The meaning of an error of a request.</summary>
internal enum S3Failure
{
    /// <summary>Not an S3 error.</summary>
    None,

    /// <summary>A response of the server that the caller interprets.</summary>
    Answer,

    /// <summary>A temporary error: the same request may succeed later.</summary>
    MayPass,

    /// <summary>A permanent error: the same request would fail again.</summary>
    Lasting,
}

/// <summary>Classifies the errors of S3, and explains permanent ones.</summary>
internal static class S3Errors
{
    public static S3Failure KindOf(Exception error)
    {
        for (var cause = error; cause != null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AmazonServiceException { StatusCode: not 0 } answer:
                    return KindOf(answer);

                // The certificate of the server is not valid; waiting does not help.
                case AuthenticationException:
                    return S3Failure.Lasting;
                case HttpRequestException { InnerException: not AuthenticationException }
                    or SocketException
                    or IOException
                    or TimeoutException
                    or OperationCanceledException:
                    return S3Failure.MayPass;
            }
        }

        return error is AmazonClientException or AmazonServiceException ? S3Failure.Lasting : S3Failure.None;
    }

    public static bool IsMissing(AmazonServiceException error) =>
        error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket";

    /// <summary>Returns the error that ends the pipeline, with place, cause and fix.</summary>
    public static PipelineException Explain(Exception error, string what, string endpoint)
    {
        var answer = error as AmazonServiceException;
        var code = string.IsNullOrEmpty(answer?.ErrorCode) ? "" : $" ({answer.ErrorCode})";
        return new PipelineException(
            S3ErrorCodes.RequestRefused,
            $"{what} at {endpoint} failed: {Sentence(error)}{code} {Remedy(answer, error)}",
            error);
    }

    /// <summary>Returns the message of the innermost cause, which is the most specific one, on one line.</summary>
    public static string Sentence(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return "There was no answer in time.";
        }

        var cause = error is AmazonServiceException { StatusCode: not 0 } ? error : error.GetBaseException();
        var text = cause.Message.ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? cause.GetType().Name + "." : text[^1] is '.' or '!' or '?' ? text : text + ".";
    }

    private static S3Failure KindOf(AmazonServiceException answer) => (answer.StatusCode, answer.ErrorCode) switch
    {
        (HttpStatusCode.NotImplemented, _) => S3Failure.Lasting,
        ( >= HttpStatusCode.InternalServerError, _) => S3Failure.MayPass,
        (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout, _) => S3Failure.MayPass,

        // Another request is writing the same key: the next attempt shows which of them succeeded.
        (HttpStatusCode.Conflict, "ConditionalRequestConflict" or "OperationAborted") => S3Failure.MayPass,
        (HttpStatusCode.BadRequest, "RequestTimeout" or "IncompleteBody") => S3Failure.MayPass,
        (HttpStatusCode.NotFound, not "NoSuchBucket") => S3Failure.Answer,
        (HttpStatusCode.PreconditionFailed, _) => S3Failure.Answer,

        // A success status in an exception means that the response was truncated.
        ( < HttpStatusCode.Ambiguous, _) => S3Failure.MayPass,
        _ => S3Failure.Lasting,
    };

    private static string Remedy(AmazonServiceException? answer, Exception error) => (answer?.StatusCode, answer?.ErrorCode) switch
    {
        (_, "NoSuchBucket") => "Create the bucket, or name one that exists.",
        (_, "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken") =>
            "Give the AWS SDK credentials that are valid there, such as in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in a profile, or "
                + "by a role.",
        (_, "RequestTimeTooSkewed") => "Set the clock of this machine.",
        (HttpStatusCode.Forbidden, _) =>
            "Allow s3:ListBucket on the bucket and s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on all "
                + "objects below the prefix, and to sinks s3:ListBucketMultipartUploads on the bucket.",
        (HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect, _) or (_, "AuthorizationHeaderMalformed") =>
            $"Set {S3OptionsReader.Section}:Region to the region of the bucket.",
        (HttpStatusCode.NotImplemented, _) => "The server does not support a required operation; use another server.",
        (null, _) when error.GetBaseException() is AuthenticationException => "Let this machine trust the certificate of the server.",
        (null, _) => "Give the AWS SDK credentials, such as in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in a profile, or by a role.",
        _ => $"Look at the path and {S3OptionsReader.Section}.",
    };
}
