using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Penstock.S3.Tests;

/// <summary>
/// Answers requests as a test defines, instead of a real server, so that answers can be lost and errors can occur at any request.
/// </summary>
internal sealed class ScriptedServer(
    Func<HttpRequestMessage, int, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    private int _requests;

    public ScriptedServer(Func<HttpRequestMessage, int, HttpResponseMessage> answer)
        : this((request, number, _) => Task.FromResult(answer(request, number)))
    {
    }

    /// <summary>The number of requests.</summary>
    public int Requests => _requests;

    /// <summary>An unopened storage on this server.</summary>
    public S3CheckpointStorage Storage(S3Options? options = null)
    {
        options ??= new S3Options();
        options.PartSize = 5 * 1024 * 1024;
        return new S3CheckpointStorage(
            new S3Bucket(Client(options), ownsClient: true, new S3Location("bucket", "job/"), options, NullLogger.Instance),
            options);
    }

    /// <summary>A client of this server.</summary>
    public IAmazonS3 Client(S3Options options)
    {
        options.ServiceUrl ??= "http://s3.example";
        return S3Clients.Create(options, new Factory(this));
    }

    public static HttpResponseMessage Ok(string body = "") =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/xml") };

    public static HttpResponseMessage Error(HttpStatusCode status, string code) =>
        new(status)
        {
            Content = new StringContent($"<Error><Code>{code}</Code><Message>Sorry</Message></Error>", Encoding.UTF8, "application/xml")
        };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        answer(request, Interlocked.Increment(ref _requests), cancellationToken);

    private sealed class Factory(ScriptedServer server) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(server, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;
    }
}
