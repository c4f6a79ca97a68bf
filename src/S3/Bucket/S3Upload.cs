using Amazon.Runtime;
using Amazon.S3.Model;

namespace Penstock.S3;

/// <summary>A multipart upload. The object exists only after the upload is complete.</summary>
internal sealed class S3Upload
{
    public const string ContentType = "application/octet-stream";
    public const int MaxParts = 10_000;

    private const string MarkName = "x-amz-meta-penstock-upload";

    private readonly S3Bucket _bucket;
    private readonly string _name;

    /// <summary>Creates an instance for an upload that was begun earlier.</summary>
    /// <param name="bucket">The bucket of the object.</param>
    /// <param name="name">The name of the object.</param>
    /// <param name="mark">Its <see cref="Mark"/>.</param>
    /// <param name="id">Its <see cref="Id"/>.</param>
    public S3Upload(S3Bucket bucket, string name, string mark, string id)
    {
        _bucket = bucket;
        _name = name;
        Mark = mark;
        Id = id;
    }

    /// <summary>
    /// A mark in the metadata of the object, which identifies the object as that of this upload even after the server has removed the
    /// upload.
    /// </summary>
    public string Mark { get; }

    /// <summary>The server's id of the upload.</summary>
    public string Id { get; }

    public static async Task<S3Upload> BeginAsync(S3Bucket bucket, string name, CancellationToken stop)
    {
        var mark = Guid.NewGuid().ToString();
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = bucket.Location.Bucket,
            Key = bucket.KeyOf(name),
            ContentType = ContentType
        };
        request.Metadata[MarkName] = mark;
        var begun = await bucket
            .RunAsync("Beginning", name, once => bucket.Client.InitiateMultipartUploadAsync(request, once), stop)
            .ConfigureAwait(false);
        return new S3Upload(bucket, name, mark, begun.UploadId);
    }

    /// <summary>Sends a part.</summary>
    /// <param name="number">The number of the part, from 1.</param>
    /// <param name="content">The buffer with the content.</param>
    /// <param name="count">The number of bytes.</param>
    /// <param name="stop">Cancels the request.</param>
    /// <exception cref="IOException">The upload no longer exists, or the retry limits are reached.</exception>
    public async Task<PartETag> SendAsync(int number, byte[] content, int count, CancellationToken stop)
    {
        try
        {
            var sent = await _bucket
                .RunAsync("Writing", _name, once => _bucket.Client.UploadPartAsync(PartRequest(number, content, count), once), stop)
                .ConfigureAwait(false);
            return new PartETag(number, sent.ETag);
        }
        catch (AmazonServiceException error)
        {
            throw _bucket.Unexpected(error, "Writing", _name);
        }
    }

    /// <summary>Completes the upload, which creates the object from its parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="length">The required length of the object; null if it is checked elsewhere.</param>
    /// <param name="stop">Cancels the request.</param>
    /// <exception cref="IOException">The upload no longer exists, or the retry limits are reached.</exception>
    public async Task CompleteAsync(List<PartETag> parts, long? length = null, CancellationToken stop = default)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _bucket.Location.Bucket,
            Key = _bucket.KeyOf(_name),
            UploadId = Id,
            PartETags = parts
        };
        var attempts = 0;
        try
        {
            await _bucket.RunAsync("Completing", _name, CompleteOnceAsync, stop).ConfigureAwait(false);
        }
        catch (AmazonServiceException error)
        {
            // An earlier attempt may have completed the upload although its response was lost.
            if (!S3Errors.IsMissing(error) || !await IsWholeAsync(length).ConfigureAwait(false))
            {
                throw _bucket.Unexpected(error, "Completing", _name);
            }
        }

        // A server that crashed during the first attempt may confirm the second one without having the object.
        async Task<bool> CompleteOnceAsync(CancellationToken once)
        {
            attempts++;
            await _bucket.Client.CompleteMultipartUploadAsync(request, once).ConfigureAwait(false);
            return attempts == 1 || await IsWholeAsync(length).ConfigureAwait(false)
                ? true
                : throw new IOException("The server confirmed the upload, but the object does not exist.");
        }
    }

    /// <summary>Returns <c>true</c> if the object exists and is that of this upload.</summary>
    /// <param name="length">The required length of the object; null if it is checked elsewhere.</param>
    public async Task<bool> IsWholeAsync(long? length)
    {
        // If the length is known, the listing must show it: a request by name may still find a partially written object.
        return await IsThereAsync().ConfigureAwait(false)
            && (length == null
                || (await _bucket.ListObjectsAsync(_name).ConfigureAwait(false)).Exists(found => _bucket.NameOf(found) == _name
                    && found.Size == length));
    }

    /// <summary>Aborts the upload, without retries.</summary>
    public Task AbortAsync(CancellationToken stop) => _bucket.Client.AbortMultipartUploadAsync(
        new AbortMultipartUploadRequest { BucketName = _bucket.Location.Bucket, Key = _bucket.KeyOf(_name), UploadId = Id }, stop);

    private async Task<bool> IsThereAsync()
    {
        try
        {
            return (await _bucket.HeadAsync(_name).ConfigureAwait(false)).Metadata[MarkName] == Mark;
        }
        catch (AmazonServiceException error) when (S3Errors.IsMissing(error))
        {
            return false;
        }
    }

    private UploadPartRequest PartRequest(int number, byte[] content, int count) => new()
    {
        BucketName = _bucket.Location.Bucket,
        Key = _bucket.KeyOf(_name),
        UploadId = Id,
        PartNumber = number,
        InputStream = new MemoryStream(content, 0, count, writable: false),
        PartSize = count,
        UseChunkEncoding = false,
    };
}
