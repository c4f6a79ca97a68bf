using System.Net;
using static Penstock.S3.Tests.ScriptedServer;

namespace Penstock.S3.Tests;

/// <summary>The reaction to each kind of error, without a server.</summary>
public class FailureTests
{
    private const string NoObjects = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

    [Fact]
    public async Task An_upload_that_is_confirmed_but_not_there_is_an_error()
    {
        // The first request to complete it fails. Afterwards the server reports success, but has no object.
        var completions = 0;
        var server = new ScriptedServer((request, _) => request.Method == HttpMethod.Get ? Ok(NoObjects)
            : request.Method == HttpMethod.Head ? Error(HttpStatusCode.NotFound, "NoSuchKey")
            : ++completions == 1
                ? Error(HttpStatusCode.ServiceUnavailable, "SlowDown")
                : Ok("<CompleteMultipartUploadResult><Key>job/part.csv</Key></CompleteMultipartUploadResult>"));
        var options = new S3Options { MaxAttempts = 3 };
        using var bucket = new S3Bucket(
            server.Client(options),
            ownsClient: true,
            new S3Location("bucket", "job/"),
            options,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var error = await Assert.ThrowsAsync<IOException>(() => new S3Upload(bucket, "part.csv", "mark", "id").CompleteAsync(
            [new Amazon.S3.Model.PartETag(1, "etag")],
            10));
        Assert.Contains("confirmed the upload, but the object does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, completions);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "SlowDown")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData(HttpStatusCode.TooManyRequests, "Throttled")]
    [InlineData(HttpStatusCode.BadRequest, "RequestTimeout")]
    [InlineData(HttpStatusCode.Conflict, "ConditionalRequestConflict")]
    public void Errors_that_may_pass_are_tried_again(HttpStatusCode status, string code)
    {
        var server = new ScriptedServer((_, number) => number < 3 ? Error(status, code) : Ok());
        using var storage = server.Storage();
        Assert.True(storage.TryPublish("0000000001.manifest", [1]));
        Assert.Equal(3, server.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "AccessDenied", "Allow s3:ListBucket on the bucket")]
    [InlineData(HttpStatusCode.Forbidden, "InvalidAccessKeyId", "credentials that are valid")]
    [InlineData(HttpStatusCode.Forbidden, "SignatureDoesNotMatch", "credentials that are valid")]
    [InlineData(HttpStatusCode.Forbidden, "RequestTimeTooSkewed", "Set the clock")]
    [InlineData(HttpStatusCode.NotFound, "NoSuchBucket", "Create the bucket")]
    [InlineData(HttpStatusCode.BadRequest, "AuthorizationHeaderMalformed", "Penstock:S3:Region")]
    [InlineData(HttpStatusCode.NotImplemented, "NotImplemented", "The server does not support a required operation")]
    public void Errors_that_last_end_it_at_once_and_say_what_to_do(HttpStatusCode status, string code, string remedy)
    {
        var server = new ScriptedServer((_, _) => Error(status, code));
        using var storage = server.Storage();
        var error = Assert.Throws<PipelineException>(storage.Open);
        Assert.Equal(1, server.Requests);
        Assert.Contains("'bucket'", error.Message, StringComparison.Ordinal);
        Assert.Contains("http://s3.example", error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_an_answer_was_lost_the_own_object_is_in_the_way()
    {
        var server = new ScriptedServer((_, number) => number == 1
            ? throw new HttpRequestException("reset")
            : Error(HttpStatusCode.PreconditionFailed, "PreconditionFailed"));
        using var storage = server.Storage();
        Assert.False(storage.TryPublish("0000000001.manifest", [1]));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public void An_answer_that_does_not_come_is_given_up()
    {
        var server = new ScriptedServer(async (_, number, stop) =>
        {
            await Task.Delay(number == 1 ? Timeout.Infinite : 0, stop);
            return Ok();
        });
        using var storage = server.Storage(new S3Options { RequestTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.True(storage.TryPublish("0000000001.manifest", [1]));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public void A_pipeline_may_restart_after_what_was_tried_often_enough()
    {
        var server = new ScriptedServer((_, _) => Error(HttpStatusCode.InternalServerError, "InternalError"));
        using var storage = server.Storage(new S3Options { MaxAttempts = 3 });
        var error = Assert.Throws<IOException>(() => storage.TryPublish("0000000001.manifest", [1]));
        Assert.Equal(3, server.Requests);
        Assert.Contains("'job/0000000001.manifest'", error.Message, StringComparison.Ordinal);
        Assert.Contains("in 3 attempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_without_a_server_is_explained()
    {
        var options = new S3Options { ServiceUrl = $"http://127.0.0.1:{FreePort.Find()}", RetryTimeout = TimeSpan.FromMilliseconds(300) };
        using var storage = new S3CheckpointStorage(
            new S3Bucket(
                S3Clients.Create(options),
                true,
                new S3Location("bucket", "job/"),
                options,
                Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance), options);
        var error = Assert.Throws<PipelineException>(storage.Open);
        Assert.Contains("The checkpoints in 's3://bucket/job' cannot be used.", error.Message, StringComparison.Ordinal);
        Assert.Contains(options.ServiceUrl, error.Message, StringComparison.Ordinal);
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_ignores_conditions_is_refused()
    {
        var server = new ScriptedServer((request, _) => Ok(request.Method == HttpMethod.Get ? NoObjects : ""));
        using var storage = server.Storage();
        Assert.Contains("ignores the condition", Assert.Throws<PipelineException>(storage.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Uploads_that_may_not_be_listed_keep_nobody_from_starting()
    {
        var server = new ScriptedServer((request, _) =>
            request.RequestUri!.Query.Contains("uploads", StringComparison.Ordinal) ? Error(HttpStatusCode.Forbidden, "AccessDenied")
            : request.Method == HttpMethod.Get ? Ok(NoObjects) : Error(HttpStatusCode.PreconditionFailed, "PreconditionFailed"));
        using var storage = server.Storage();
        storage.Open();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_the_answer_to_a_completion_was_lost_the_object_is_looked_at(bool isOurs)
    {
        var mark = "";
        var server = new ScriptedServer((request, _) => (request.Method.Method, request.RequestUri!.Query) switch
        {
            ("POST", var query) when query.StartsWith("?uploads", StringComparison.Ordinal) => Begin(request),
            ("POST", _) => Error(HttpStatusCode.NotFound, "NoSuchUpload"),
            ("HEAD", _) => Head(),
            ("DELETE", _) => Ok(),
            _ => Part(),
        });
        using var storage = server.Storage();
        using var file = storage.Create("0000000001.state");
        file.Append(new byte[(5 * 1024 * 1024) + 1]);
        if (isOurs)
        {
            file.Sync();
        }
        else
        {
            Assert.Contains("NoSuchUpload", Assert.Throws<IOException>(file.Sync).Message, StringComparison.Ordinal);
        }

        HttpResponseMessage Begin(HttpRequestMessage request)
        {
            mark = request.Headers.GetValues("x-amz-meta-penstock-upload").Single();
            return Ok("<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>");
        }

        HttpResponseMessage Head()
        {
            var head = Ok();
            head.Headers.Add("x-amz-meta-penstock-upload", isOurs ? mark : "another");
            return head;
        }

        static HttpResponseMessage Part()
        {
            var part = Ok();
            part.Headers.TryAddWithoutValidation("ETag", "\"1\"");
            return part;
        }
    }

    [Fact]
    public void A_body_that_is_cut_off_is_read_again()
    {
        byte[] content = [1, 2, 3, 4, 5];
        var server = new ScriptedServer((request, number) =>
        {
            var answer = new HttpResponseMessage(request.Method == HttpMethod.Head ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
            {
                Content = request.Method == HttpMethod.Head
                    ? new ByteArrayContent(content)
                    : new StreamContent(new MemoryStream(content, 0, number == 2 ? 3 : 5)),
            };
            answer.Content.Headers.ContentLength = content.Length;
            return answer;
        });
        using var storage = server.Storage();
        using var file = storage.OpenRead("0000000001.state");
        var read = new byte[10];
        Assert.Equal(5, file.Read(0, read));
        Assert.Equal(content, read[..5]);
        Assert.Equal(3, server.Requests);
    }
}
