using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Penstock.S3;

/// <summary>The objects below a prefix of a bucket, by their names. Every request is retried as long as it may succeed.</summary>
internal sealed class S3Bucket : IDisposable
{
    private readonly bool _ownsClient;
    private readonly S3Retry _retry;

    public S3Bucket(IAmazonS3 client, bool ownsClient, S3Location location, S3Options options, ILogger log)
    {
        Client = client;
        _ownsClient = ownsClient;
        Location = location;
        Endpoint = EndpointOf(client.Config);
        Log = log;
        _retry = new S3Retry(options, Endpoint, log);
    }

    public IAmazonS3 Client { get; }

    public S3Location Location { get; }

    /// <summary>The server, for messages.</summary>
    public string Endpoint { get; }

    public ILogger Log { get; }

    public string KeyOf(string name) => Location.Prefix + name;

    /// <summary>Sends a request with retries; see <see cref="S3Retry.RunAsync"/>.</summary>
    public Task<T> RunAsync<T>(string action, string name, Func<CancellationToken, Task<T>> request, CancellationToken stop = default) =>
        _retry.RunAsync($"{action} '{KeyOf(name)}' in the S3 bucket '{Location.Bucket}'", request, stop);

    /// <summary>Checks that the bucket exists and may be listed.</summary>
    public Task CheckAsync() => RunAsync("Looking for", "", stop => Client.ListObjectsV2Async(ListRequest(most: 1), stop));

    /// <summary>Returns the names of the objects directly below the prefix, without those below further slashes.</summary>
    public async Task<List<string>> ListAsync() => [.. (await ListObjectsAsync("").ConfigureAwait(false)).Select(NameOf)];

    /// <summary>Returns the objects whose names begin with a text, without those below further slashes.</summary>
    public async Task<List<S3Object>> ListObjectsAsync(string beginning)
    {
        var objects = new List<S3Object>();
        var request = ListRequest(beginning);
        ListObjectsV2Response page;
        do
        {
            page = await RunAsync("Listing", beginning, stop => Client.ListObjectsV2Async(request, stop)).ConfigureAwait(false);
            objects.AddRange((page.S3Objects ?? []).Where(found => NameOf(found).Length > 0));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        return objects;
    }

    /// <summary>Returns the name of an object, relative to the prefix.</summary>
    public string NameOf(S3Object found) => found.Key[Location.Prefix.Length..];

    /// <summary>Creates an object.</summary>
    /// <param name="name">The name of the object, below the prefix.</param>
    /// <param name="content">The buffer with the content.</param>
    /// <param name="count">The number of bytes.</param>
    /// <param name="ifAbsent"><c>true</c> to keep an existing object unchanged.</param>
    /// <param name="stop">Cancels the request.</param>
    /// <returns><c>false</c> if an object already existed and was kept. After an attempt with an unknown outcome, this may be the object of
    /// that attempt.</returns>
    public async Task<bool> PutAsync(string name, byte[] content, int count, bool ifAbsent, CancellationToken stop = default)
    {
        try
        {
            await RunAsync(
                "Writing",
                name,
                once => Client.PutObjectAsync(PutRequest(name, content, count, ifAbsent), once),
                stop).ConfigureAwait(false);
            return true;
        }
        catch (AmazonServiceException error) when (ifAbsent && error.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
        catch (AmazonServiceException error)
        {
            throw Unexpected(error, "Writing", name);
        }
    }

    /// <summary>Replaces an object if it has not changed.</summary>
    /// <param name="name">The name of the object, below the prefix.</param>
    /// <param name="content">The new content, which must be unique among all versions.</param>
    /// <param name="etag">The expected ETag of the existing object; null if no object may exist.</param>
    /// <returns>The new ETag; null if the existing object was another one.</returns>
    public async Task<string?> ReplaceAsync(string name, byte[] content, string? etag)
    {
        try
        {
            return (await RunAsync(
                "Writing",
                name,
                stop => Client.PutObjectAsync(
                    PutRequest(name, content, content.Length, ifAbsent: etag == null, etag),
                    stop)).ConfigureAwait(false)).ETag;
        }
        catch (AmazonServiceException error) when (error.StatusCode == HttpStatusCode.PreconditionFailed || S3Errors.IsMissing(error))
        {
            // An earlier attempt may have succeeded although its response was lost.
            try
            {
                var there = await ReadSmallAsync(name).ConfigureAwait(false);
                return there.Bytes.AsSpan().SequenceEqual(content) ? there.ETag : null;
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>Reads a small object completely.</summary>
    /// <exception cref="FileNotFoundException">The object does not exist.</exception>
    public async Task<(byte[] Bytes, string ETag)> ReadSmallAsync(string name)
    {
        try
        {
            return await RunAsync("Reading", name, ReadOnceAsync).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (S3Errors.IsMissing(error))
        {
            throw Missing(name, error);
        }

        async Task<(byte[] Bytes, string ETag)> ReadOnceAsync(CancellationToken once)
        {
            using var response = await Client
                .GetObjectAsync(new GetObjectRequest { BucketName = Location.Bucket, Key = KeyOf(name) }, once)
                .ConfigureAwait(false);
            using var content = new MemoryStream();
            await response.ResponseStream.CopyToAsync(content, once).ConfigureAwait(false);
            return (content.ToArray(), response.ETag);
        }
    }

    /// <summary>Returns the length of an object.</summary>
    /// <exception cref="FileNotFoundException">The object does not exist.</exception>
    public async Task<long> LengthAsync(string name)
    {
        try
        {
            return (await HeadAsync(name).ConfigureAwait(false)).ContentLength;
        }
        catch (AmazonServiceException error) when (S3Errors.IsMissing(error))
        {
            throw Missing(name, error);
        }
    }

    /// <summary>Returns the metadata of an object.</summary>
    public Task<GetObjectMetadataResponse> HeadAsync(string name, CancellationToken stop = default) => RunAsync(
        "Looking at",
        name,
        once => Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Location.Bucket, Key = KeyOf(name) }, once),
        stop);

    /// <summary>Reads a range of an object.</summary>
    /// <param name="name">The name of the object, below the prefix.</param>
    /// <param name="offset">The start of the range.</param>
    /// <param name="count">The number of bytes, at least one; the object must have them.</param>
    /// <param name="etag">The ETag of the required version; null for any version.</param>
    /// <param name="stop">Cancels the request.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="FileNotFoundException">The object no longer exists.</exception>
    /// <exception cref="SourceChangedException">The object has another version.</exception>
    public async Task<byte[]> ReadAsync(string name, long offset, int count, string? etag, CancellationToken stop)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        try
        {
            return await RunAsync("Reading", name, ReadOnceAsync, stop).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (S3Errors.IsMissing(error))
        {
            throw Missing(name, error);
        }
        catch (AmazonServiceException error) when (error.StatusCode is HttpStatusCode.PreconditionFailed)
        {
            throw new SourceChangedException(
                $"'{KeyOf(name)}' in the S3 bucket '{Location.Bucket}' at {Endpoint} has changed while it was read. Put the input back as "
                    + $"it was, or start over with an empty checkpoint folder and an empty output. Let writers add new objects "
                    + $"instead of replacing those that are read.");
        }

        async Task<byte[]> ReadOnceAsync(CancellationToken once)
        {
            var range = new ByteRange(offset, offset + count - 1);
            using var response = await Client.GetObjectAsync(
                new GetObjectRequest { BucketName = Location.Bucket, Key = KeyOf(name), ByteRange = range, EtagToMatch = etag },
                once).ConfigureAwait(false);
            await response.ResponseStream.ReadExactlyAsync(bytes, once).ConfigureAwait(false);
            return bytes;
        }
    }

    /// <summary>Returns the unfinished uploads directly below the prefix, without those below further slashes.</summary>
    public async Task<List<MultipartUpload>> ListUploadsAsync(string beginning = "")
    {
        var uploads = new List<MultipartUpload>();
        var request = new ListMultipartUploadsRequest { BucketName = Location.Bucket, Prefix = KeyOf(beginning) };
        ListMultipartUploadsResponse page;
        do
        {
            page = await RunAsync(
                "Looking for uploads below",
                beginning,
                stop => Client.ListMultipartUploadsAsync(request, stop)).ConfigureAwait(false);
            uploads.AddRange((page.MultipartUploads ?? []).Where(upload => upload.Key.StartsWith(request.Prefix, StringComparison.Ordinal)
                && !upload.Key[Location.Prefix.Length..].Contains('/')));
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);

        return uploads;
    }

    /// <summary>Aborts an upload. A missing upload is not an error.</summary>
    public async Task AbortAsync(MultipartUpload upload)
    {
        var request = new AbortMultipartUploadRequest { BucketName = Location.Bucket, Key = upload.Key, UploadId = upload.UploadId };
        try
        {
            await RunAsync(
                "Clearing",
                upload.Key[Location.Prefix.Length..],
                stop => Client.AbortMultipartUploadAsync(request, stop)).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (S3Errors.IsMissing(error))
        {
            // The upload was completed or aborted in the meantime.
        }
    }

    /// <summary>Deletes an object if it exists.</summary>
    public async Task DeleteAsync(string name)
    {
        try
        {
            await RunAsync(
                "Deleting",
                name,
                stop => Client.DeleteObjectAsync(
                    new DeleteObjectRequest { BucketName = Location.Bucket, Key = KeyOf(name) },
                    stop)).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (S3Errors.IsMissing(error))
        {
            // Some servers report a missing object as an error.
        }
    }

    /// <summary>Returns the error for an unexpected response.</summary>
    public IOException Unexpected(AmazonServiceException error, string action, string name) =>
        new(
            $"{action} '{KeyOf(name)}' in the S3 bucket '{Location.Bucket}' at {Endpoint} failed: {S3Errors.Sentence(error)} ({error.ErrorCode})",
            error);

    public void Dispose()
    {
        if (_ownsClient)
        {
            Client.Dispose();
        }
    }

    private ListObjectsV2Request ListRequest(string beginning = "", int? most = null) =>
        new() { BucketName = Location.Bucket, Prefix = KeyOf(beginning), Delimiter = "/", MaxKeys = most };

    private PutObjectRequest PutRequest(string name, byte[] content, int count, bool ifAbsent, string? ifMatch = null) => new()
    {
        BucketName = Location.Bucket,
        Key = KeyOf(name),
        InputStream = new MemoryStream(content, 0, count, writable: false),
        ContentType = S3Upload.ContentType,

        // Other servers support plain requests best.
        UseChunkEncoding = false,
        IfNoneMatch = ifAbsent ? "*" : null,
        IfMatch = ifMatch,
    };

    private FileNotFoundException Missing(string name, Exception error) =>
        new($"There is no '{KeyOf(name)}' in the S3 bucket '{Location.Bucket}' at {Endpoint}.", error);

    // The host only, without user information or path, because the result is used in messages.
    private static string EndpointOf(IClientConfig config) =>
        Uri.TryCreate(config.ServiceURL, UriKind.Absolute, out var url)
            ? $"{url.Scheme}://{url.Authority}"
            : $"AWS, region {config.RegionEndpoint?.SystemName ?? "unknown"},";
}
