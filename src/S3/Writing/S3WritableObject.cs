using Penstock.Connectors;

namespace Penstock.S3;

/// <summary>
/// An object that is written: in one request when it is small, else in parts that are sent while it is being written. It is there when
/// <see cref="Sync"/> returns; disposed before, nothing of it is.
/// </summary>
internal sealed class S3WritableObject(S3Bucket bucket, string name, S3Options options) : IWritableFile
{
    private readonly S3ObjectWriter _writer = new(bucket, name, options, "The state is too large for S3:");

    public void Append(ReadOnlySpan<byte> bytes) => _writer.Append(bytes);

    public void Sync()
    {
        if (_writer.HasBegun)
        {
            S3Waiting.Wait(async () =>
            {
                var (upload, parts) = await _writer.SendRestAsync().ConfigureAwait(false);
                await upload.CompleteAsync(parts).ConfigureAwait(false);
            });
        }
        else
        {
            var rest = _writer.Rest;
            S3Waiting.Wait(() => bucket.PutAsync(name, rest.Array!, rest.Count, ifAbsent: false));
        }

        _writer.Keep();
    }

    public void Dispose() => _writer.Dispose();
}
