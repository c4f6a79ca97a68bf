using Penstock.Connectors;

namespace Penstock.S3;

/// <summary>
/// Writes an object: a small one in a single request, a larger one in parts that are sent while it is being written. The object exists when
/// <see cref="Sync"/> returns; if this is disposed before, no object is created.
/// </summary>
internal sealed class S3WritableObject(S3Bucket bucket, string name, S3Options options) : IWritableFile
{
    private readonly S3ObjectWriter _writer = new(bucket, name, options, "The state is too large for S3:");

    public void Append(ReadOnlySpan<byte> bytes) => _writer.Append(bytes);

    public void Sync()
    {
        if (_writer.HasStarted)
        {
            SyncOverAsync.Wait(async () =>
            {
                var (upload, parts) = await _writer.SendRestAsync().ConfigureAwait(false);
                await upload.CompleteAsync(parts).ConfigureAwait(false);
            });
        }
        else
        {
            var rest = _writer.Rest;
            SyncOverAsync.Wait(() => bucket.PutAsync(name, rest.Array!, rest.Count, ifAbsent: false));
        }

        _writer.Keep();
    }

    public void Dispose() => _writer.Dispose();
}
