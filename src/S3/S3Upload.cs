using Amazon.Runtime;
using Amazon.S3.Model;

namespace Penstock.S3;

/// <summary>One upload in parts: the object is there when it is complete, and not before.</summary>
internal sealed class S3Upload
{
    public const string ContentType = "application/octet-stream";
    public const int MaxParts = 10_000;

    private const string MarkName = "x-amz-meta-penstock-upload";

    private readonly S3Bucket _bucket;
    private readonly string _name;
    private readonly string _mark;
    private readonly string _id;

    private S3Upload(S3Bucket bucket, string name, string mark, string id)
    {
        _bucket = bucket;
        _name = name;
        _mark = mark;
        _id = id;
    }

    public static async Task<S3Upload> BeginAsync(S3Bucket bucket, string name, CancellationToken stop)
    {
        var mark = Guid.NewGuid().ToString();
        var request = new InitiateMultipartUploadRequest { BucketName = bucket.Location.Bucket, Key = bucket.KeyOf(name), ContentType = ContentType };
        request.Metadata[MarkName] = mark;
        var begun = await bucket.RunAsync("Beginning", name, once => bucket.Client.InitiateMultipartUploadAsync(request, once), stop).ConfigureAwait(false);
        return new S3Upload(bucket, name, mark, begun.UploadId);
    }

    /// <summary>Sends a part.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="content">Where the content is.</param>
    /// <param name="count">How many bytes.</param>
    /// <param name="stop">Gives it up.</param>
    /// <exception cref="IOException">The upload is gone, or this has been tried long enough.</exception>
    public async Task<PartETag> SendAsync(int number, byte[] content, int count, CancellationToken stop)
    {
        try
        {
            var sent = await _bucket.RunAsync("Writing", _name, once => _bucket.Client.UploadPartAsync(PartRequest(number, content, count), once), stop).ConfigureAwait(false);
            return new PartETag(number, sent.ETag);
        }
        catch (AmazonServiceException error)
        {
            throw _bucket.Unexpected(error, "Writing", _name);
        }
    }

    /// <summary>Makes the object of the parts.</summary>
    /// <exception cref="IOException">The upload is gone, or this has been tried long enough.</exception>
    public async Task CompleteAsync(List<PartETag> parts)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = _bucket.Location.Bucket, Key = _bucket.KeyOf(_name), UploadId = _id, PartETags = parts };
        try
        {
            await _bucket.RunAsync("Completing", _name, once => _bucket.Client.CompleteMultipartUploadAsync(request, once)).ConfigureAwait(false);
        }
        catch (AmazonServiceException error)
        {
            // Perhaps it was complete, and only the answer was lost.
            if (!S3Errors.IsMissing(error) || !await IsThereAsync().ConfigureAwait(false))
            {
                throw _bucket.Unexpected(error, "Completing", _name);
            }
        }
    }

    /// <summary>Gives the upload up; tried once.</summary>
    public Task AbortAsync(CancellationToken stop) => _bucket.Client.AbortMultipartUploadAsync(
        new AbortMultipartUploadRequest { BucketName = _bucket.Location.Bucket, Key = _bucket.KeyOf(_name), UploadId = _id }, stop);

    private async Task<bool> IsThereAsync()
    {
        try
        {
            return (await _bucket.HeadAsync(_name).ConfigureAwait(false)).Metadata[MarkName] == _mark;
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
        UploadId = _id,
        PartNumber = number,
        InputStream = new MemoryStream(content, 0, count, writable: false),
        PartSize = count,
        UseChunkEncoding = false,
    };
}
