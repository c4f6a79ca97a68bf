using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3.Model;
using Penstock.Connectors;

namespace Penstock.S3;

/// <summary>
/// Stores checkpoints below a prefix of a bucket. S3 has no locks that keep other processes out, so objects that may be written only once
/// are written with the condition that they do not exist, which the server checks.
/// </summary>
internal sealed partial class S3CheckpointStorage(S3Bucket bucket, S3Options options) : ICheckpointStorage
{
    // Contains a slash, so that the listing of the storage does not include it.
    private const string ConditionCheck = "check/if-none-match";

    public string Location => bucket.Location.ToString();

    public bool IsExclusive => false;

    public void Open()
    {
        try
        {
            SyncOverAsync.Wait(OpenAsync);
        }
        catch (IOException error)
        {
            throw new PipelineException(
                S3ErrorCodes.CheckpointsUnreachable,
                $"The checkpoints in '{Location}' cannot be used. {error.Message} Start the server, or set "
                    + $"{S3OptionsReader.Section} or Checkpoints:Path to another one.",
                error);
        }
    }

    public IReadOnlyList<string> List() => SyncOverAsync.Wait(bucket.ListAsync);

    public IReadableFile OpenRead(string name) =>
        new S3ReadableObject(bucket, name, SyncOverAsync.Wait(() => bucket.LengthAsync(name)), (int)options.PartSize);

    public IWritableFile Create(string name) => new S3WritableObject(bucket, name, options);

    public bool TryPublish(string name, ReadOnlySpan<byte> content)
    {
        var bytes = content.ToArray();
        return SyncOverAsync.Wait(() => bucket.PutAsync(name, bytes, bytes.Length, ifAbsent: true));
    }

    public void Delete(string name) => SyncOverAsync.Wait(() => bucket.DeleteAsync(name));

    public void Dispose() => bucket.Dispose();

    private async Task OpenAsync()
    {
        await bucket.CheckAsync().ConfigureAwait(false);

        // A server that ignores the condition overwrites the object. Then two processes could both resume the job.
        if (await bucket.PutAsync(ConditionCheck, [], 0, ifAbsent: true).ConfigureAwait(false)
            && await bucket.PutAsync(ConditionCheck, [], 0, ifAbsent: true).ConfigureAwait(false))
        {
            throw new PipelineException(
                S3ErrorCodes.NoConditionalWrites,
                $"The checkpoints in '{Location}' cannot be used: the server at {bucket.Endpoint} ignores the condition 'If-None-Match: "
                    + $"*', so nothing would keep two processes from continuing the same job. Use a server that supports conditional "
                    + $"writes.");
        }

        await AbortOldUploadsAsync().ConfigureAwait(false);
    }

    private async Task AbortOldUploadsAsync()
    {
        try
        {
            foreach (var upload in (await bucket.ListUploadsAsync().ConfigureAwait(false)).Where(IsOurs))
            {
                if (upload.Initiated is { } initiated && DateTime.UtcNow - initiated.ToUniversalTime() > options.AbortUploadsAfter)
                {
                    await bucket.AbortAsync(upload).ConfigureAwait(false);
                    bucket.Log.UploadAborted(upload.Key, bucket.Location.Bucket, initiated);
                }
            }
        }
        catch (Exception error) when (error is PipelineException or AmazonServiceException)
        {
            // Unfinished uploads only use storage. Some roles may not list them, and some servers cannot.
            bucket.Log.UploadsNotCleared(Location, error.Message);
        }
    }

    // Sinks may use the same location, and their uploads may stay unfinished until a checkpoint. Of checkpoint files, only state files are
    // large enough for uploads.
    private bool IsOurs(MultipartUpload upload) =>
        upload.Key.StartsWith(bucket.Location.Prefix, StringComparison.Ordinal)
            && StateName().IsMatch(upload.Key[bucket.Location.Prefix.Length..]);

    [GeneratedRegex(@"^([0-9]{10,}|savepoint)(-[0-9]+)?\.state\z", RegexOptions.CultureInvariant)]
    private static partial Regex StateName();
}
