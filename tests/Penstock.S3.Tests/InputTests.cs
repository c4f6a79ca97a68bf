using System.Net;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using static Penstock.S3.Tests.ScriptedServer;

namespace Penstock.S3.Tests;

/// <summary>Which objects a path means, without a server: no object hides others.</summary>
public class InputTests
{
    [Theory]
    [InlineData("in/wh?t.csv", "in/wh?t.csv,in/what.csv", "in/wh?t.csv,in/what.csv")]
    [InlineData("in/*.csv", "in/*.csv,in/a.csv", "in/*.csv,in/a.csv")]
    [InlineData("in", "in/a.csv,in/b.txt", "in/a.csv")]
    [InlineData("in/", "in,in/a.csv", "in/a.csv")]
    [InlineData("in", "in,in/b.txt", "in")]
    [InlineData("in.csv", "in.csv,in.csv/a.csv", "in.csv")]
    public void A_path_means(string path, string objects, string expected) =>
        Assert.Equal(expected.Split(',').Select(static key => "s3://bucket/" + key), Find(path, objects));

    [Fact]
    public void A_path_that_is_an_object_and_a_prefix_is_refused()
    {
        var error = Assert.Throws<PipelineException>(() => Find("in", "in,in/a.csv"));
        Assert.Contains(
            "'s3://bucket/in' is both an object and the prefix of others, such as 's3://bucket/in/a.csv'. Move the object away, or end",
            error.Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Find(string path, string objects)
    {
        var keys = objects.Split(',');
        var server = new ScriptedServer((request, _) =>
        {
            if (request.Method == HttpMethod.Head)
            {
                var key = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath)["/bucket/".Length..];
                return keys.Contains(key) ? WithTag(Ok()) : Error(HttpStatusCode.NotFound, "NoSuchKey");
            }

            var prefix = Uri.UnescapeDataString(request.RequestUri!.Query.TrimStart('?')
                .Split('&')
                .FirstOrDefault(static part => part.StartsWith("prefix=", StringComparison.Ordinal), "prefix=")["prefix=".Length..]);
            var contents = keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                .Where(key => !key[(prefix.LastIndexOf('/') + 1)..].Contains('/'))
                .Select(static key => $"<Contents><Key>{key}</Key><Size>3</Size><ETag>\"x\"</ETag></Contents>");
            return Ok($"<ListBucketResult><IsTruncated>false</IsTruncated>{string.Concat(contents)}</ListBucketResult>");
        });
        var options = new S3Options();
        using var services = new ServiceCollection().AddSingleton<IAmazonS3>(_ => server.Client(options)).BuildServiceProvider();
        var input = new S3Input(S3Access.Of(services), "Items", 1024);
        return [.. input.Find("s3://bucket/" + path, [".csv"]).Select(static file => file.Path)];
    }

    private static HttpResponseMessage WithTag(HttpResponseMessage response)
    {
        response.Headers.TryAddWithoutValidation("ETag", "\"x\"");
        return response;
    }
}
