using System.Buffers;
using Amazon.S3.Model;

namespace Penstock.S3;

/// <summary>Sends an object in parts while it is being written. <see cref="Rest"/> contains the bytes that are not sent yet.</summary>
/// <param name="bucket">The bucket of the object.</param>
/// <param name="name">The name of the object.</param>
/// <param name="options">The size of parts, and the number of parts sent in parallel.</param>
/// <param name="tooLarge">The error and its fix for an object with too many parts.</param>
/// <param name="interrupted">Cancels waiting for the server.</param>
internal sealed class S3ObjectWriter(
    S3Bucket bucket,
    string name,
    S3Options options,
    string tooLarge,
    CancellationToken interrupted = default) : IDisposable
{
    private const int FirstSize = 64 * 1024;

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(5);

    private readonly int _partSize = (int)options.PartSize;
    private readonly SemaphoreSlim _slots = new(options.Concurrency);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
    private readonly List<Task<PartETag>> _parts = [];
    private Task<S3Upload>? _upload;
    private byte[] _part = [];
    private int _filled;
    private bool _isKept;

    /// <summary><c>true</c> if a part has been sent.</summary>
    public bool HasStarted => _upload != null;

    public ArraySegment<byte> Rest => new(_part, 0, _filled);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_filled == _partSize)
            {
                SendPart();
            }

            var count = Math.Min(bytes.Length, _partSize - _filled);
            Reserve(_filled + count);
            bytes[..count].CopyTo(_part.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Sends the rest. Nothing may be appended afterwards.</summary>
    /// <returns>The upload, to be completed with its parts.</returns>
    public async Task<(S3Upload Upload, List<PartETag> Parts)> SendRestAsync()
    {
        SendPart();
        return (await _upload!.ConfigureAwait(false), [.. await Task.WhenAll(_parts).ConfigureAwait(false)]);
    }

    /// <summary>Prevents the upload from being aborted, because it is complete or will be completed elsewhere.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        _stop.Cancel();
        if (_upload != null)
        {
            SyncOverAsync.Wait(EndAsync);
        }

        if (_part.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_part);
            _part = [];
        }

        _stop.Dispose();
        _slots.Dispose();
    }

    private void Reserve(int size)
    {
        if (_part.Length >= size)
        {
            return;
        }

        // The buffer grows by doubling, since most objects are much smaller than a part.
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_partSize, Math.Max(size, Math.Max(FirstSize, _part.Length * 2))));
        _part.AsSpan(0, _filled).CopyTo(larger);
        if (_part.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_part);
        }

        _part = larger;
    }

    private void SendPart()
    {
        if (_parts.Count == S3Upload.MaxParts)
        {
            throw new PipelineException(
                S3ErrorCodes.TooManyParts,
                $"{tooLarge} '{bucket.KeyOf(name)}' in the bucket '{bucket.Location.Bucket}' has more than {S3Upload.MaxParts} parts of {_partSize} bytes. Set {S3OptionsReader.Section}:PartSize to a larger size.");
        }

        // Limits the parts in memory to those that can be sent, and stops here if the upload has already failed.
        _slots.Wait(_stop.Token);
        if (_parts.Find(part => part.IsFaulted) is { } failed)
        {
            failed.GetAwaiter().GetResult();
        }

        var (number, part, count) = (_parts.Count + 1, _part, _filled);
        (_part, _filled) = ([], 0);
        _upload ??= Task.Run(() => S3Upload.BeginAsync(bucket, name, _stop.Token));
        _parts.Add(Task.Run(() => SendAsync(number, part, count)));
    }

    private async Task<PartETag> SendAsync(int number, byte[] part, int count)
    {
        try
        {
            var upload = await _upload!.ConfigureAwait(false);
            return await upload.SendAsync(number, part, count, _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
            _slots.Release();
        }
    }

    private async Task EndAsync()
    {
        await ((Task)Task.WhenAll(_parts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_isKept || !_upload!.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(AbortTimeout);
            await (await _upload.ConfigureAwait(false)).AbortAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (S3Errors.KindOf(error) != S3Failure.None)
        {
            // Logged only, since the original error matters more. A later start aborts the upload.
            bucket.Log.UploadLeftBehind(bucket.KeyOf(name), bucket.Location.Bucket, S3Errors.Sentence(error));
        }
    }
}
