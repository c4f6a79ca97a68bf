using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.S3.Model;
using Penstock.Generator.Shared;
using Penstock.Sinks.Files;

namespace Penstock.S3;

/// <summary>
/// Stores part files as objects. Each is an upload that is completed when its checkpoint is committed. S3 has no locks that keep other
/// processes out. So every start replaces the mark on the condition that it has not changed since it was read, and each commit checks that
/// the mark still belongs to its job.
/// </summary>
internal sealed class S3PartStore : IPartStore
{
    private const int MaxKeyBytes = 1024;

    private readonly S3Bucket _bucket;
    private readonly S3Options _options;
    private readonly string _name;
    private readonly CancellationTokenSource _interrupted = new();
    private string? _readMark;
    private string? _ownMark;
    private bool _hasCommitted;

    public S3PartStore(S3Access access, string path)
    {
        (var location, _name) = S3Path.Parse(path);
        if (_name.Length == 0)
        {
            throw new PipelineException(
                S3ErrorCodes.ImpossiblePath,
                $"The path '{path}' of a sink names no object. Write the bucket, a prefix and the name of the part objects, such as "
                    + $"'s3://bucket/out/delays.csv'.");
        }

        if (Encoding.UTF8.GetByteCount(location.Prefix) + PartFileName.MaxBytes > MaxKeyBytes)
        {
            throw new PipelineException(
                S3ErrorCodes.ImpossiblePath,
                $"The path '{path}' of a sink is too long for S3, where a key has at most {MaxKeyBytes} bytes. Choose a shorter prefix.");
        }

        _bucket = access.Bucket(location);
        _options = access.Options;
        Place = S3Path.AddressOf(location, _name);
    }

    public string Place { get; }

    public string MarkName => $".{_name}.owner";

    public bool SupportsLocking => false;

    // The prefix of the names of all parts of the sink; other objects may have it, too.
    private string Beginning => PartFileName.Split(_name).Stem + "-";

    public IPart Create(string name) => new Part(_bucket, name, _options, _interrupted.Token);

    // Not disposed, because pending requests still use its token.
    public void Interrupt() => _interrupted.Cancel();

    public Task SealAsync() => Task.CompletedTask;

    public async ValueTask CommitAsync(long checkpoint, IReadOnlyList<PreparedPart> parts, CancellationToken stop)
    {
        if (parts.Count > 0)
        {
            using var stopped = CancellationTokenSource.CreateLinkedTokenSource(stop, _interrupted.Token);
            await CheckOwnAsync(stopped.Token).ConfigureAwait(false);
            var options = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = stopped.Token };
            await Parallel.ForEachAsync(parts, options, (part, given) => CompleteAsync(checkpoint, part, given)).ConfigureAwait(false);
            _hasCommitted = true;
        }
    }

    public IReadOnlyList<string> ListVisible() => [.. SyncOverAsync.Wait(() => _bucket.ListObjectsAsync(Beginning)).Select(_bucket.NameOf)];

    public IReadOnlyList<string> ListHidden() => [.. Uploads().Select(NameOf)];

    public void Delete(IReadOnlyList<string> visible, IReadOnlyList<string> hidden)
    {
        foreach (var name in visible)
        {
            SyncOverAsync.Wait(() => _bucket.DeleteAsync(name));
        }

        if (hidden.Count > 0)
        {
            var names = hidden.ToHashSet(StringComparer.Ordinal);
            foreach (var upload in Uploads().Where(upload => names.Contains(NameOf(upload))))
            {
                SyncOverAsync.Wait(() => _bucket.AbortAsync(upload));
                _bucket.Log.PartGivenUp(upload.Key, _bucket.Location.Bucket);
            }
        }
    }

    public bool TryLock() => true;

    public void Unlock(bool deletesFiles)
    {
        // There is nothing to release.
    }

    public byte[]? ReadMark()
    {
        try
        {
            var content = SyncOverAsync.Wait(() => _bucket.ReadSmallAsync(MarkName));
            _readMark = content.ETag;
            var end = Array.IndexOf(content.Bytes, (byte)'\n');
            return end < 0 ? content.Bytes : content.Bytes[..end];
        }
        catch (FileNotFoundException)
        {
            _readMark = null;
            return null;
        }
    }

    // The second line makes the content, and so the ETag, unique.
    public void WriteMark(byte[] mark)
    {
        byte[] content = [.. mark, .. Encoding.UTF8.GetBytes($"\n{Guid.NewGuid()}\n")];
        _ownMark = SyncOverAsync.Wait(() => _bucket.ReplaceAsync(MarkName, content, _readMark)) ?? throw Taken();
        _readMark = _ownMark;
    }

    public void RenewMark(byte[] mark) => WriteMark(mark);

    public void DeleteMark() => SyncOverAsync.Wait(async () =>
    {
        await CheckOwnAsync(_interrupted.Token).ConfigureAwait(false);
        await _bucket.DeleteAsync(MarkName).ConfigureAwait(false);
    });

    public void Dispose() => _bucket.Dispose();

    private List<MultipartUpload> Uploads() => SyncOverAsync.Wait(() => _bucket.ListUploadsAsync(Beginning));

    private string NameOf(MultipartUpload upload) => upload.Key[_bucket.Location.Prefix.Length..];

    private async ValueTask CompleteAsync(long checkpoint, PreparedPart part, CancellationToken stop)
    {
        var (upload, parts) = S3PartTicket.Read(_bucket, part);
        try
        {
            await upload.CompleteAsync(parts, part.Length, stop).ConfigureAwait(false);
        }
        catch (IOException error) when (error.InnerException is AmazonServiceException answer && S3Errors.IsMissing(answer))
        {
            await ThrowIfReplacedAsync(checkpoint, part).ConfigureAwait(false);
            throw new PipelineException(
                S3ErrorCodes.PartsLost,
                $"The part object '{_bucket.KeyOf(part.Name)}' of checkpoint {checkpoint}, from which the job resumes, is not in the S3 "
                    + $"bucket '{_bucket.Location.Bucket}' at {_bucket.Endpoint}, neither visible nor as an upload. Was the path of the "
                    + $"sink changed? Change it back. Did something move or delete it, or a lifecycle rule abort the upload? Whether its "
                    + $"rows were delivered cannot be told without it. Consumers should copy part objects, or wait for later checkpoints "
                    + $"before they move any. To start over, delete the rest of the output, '{MarkName}' with it, and the checkpoints "
                    + $"(Checkpoints:Path).",
                error);
        }

        // The first commit may repeat that of an earlier process. Some servers confirm the repetition even if the object was changed or
        // deleted since.
        if (!_hasCommitted && !await upload.IsWholeAsync(part.Length).ConfigureAwait(false))
        {
            await ThrowIfReplacedAsync(checkpoint, part).ConfigureAwait(false);
        }
    }

    private async Task ThrowIfReplacedAsync(long checkpoint, PreparedPart part)
    {
        if ((await _bucket
            .ListObjectsAsync(part.Name)
            .ConfigureAwait(false)).Find(found => _bucket.NameOf(found) == part.Name) is { } other)
        {
            throw new PipelineException(
                S3ErrorCodes.PartsLost,
                $"The part object '{_bucket.KeyOf(part.Name)}' in the S3 bucket '{_bucket.Location.Bucket}' at {_bucket.Endpoint} has {other.Size} bytes and is not the one that checkpoint {checkpoint}, from which the job resumes, was taken with, which has {part.Length}. Something else replaced it: rows would be missing or duplicated. Put the object back as it was, with its metadata, or start over with an empty checkpoint folder and an empty output.");
        }
    }

    private async Task CheckOwnAsync(CancellationToken stop)
    {
        if (_ownMark == null)
        {
            return;
        }

        try
        {
            if ((await _bucket.HeadAsync(MarkName, stop).ConfigureAwait(false)).ETag == _ownMark)
            {
                return;
            }
        }
        catch (AmazonServiceException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            // Deleting the mark ends the claim.
        }

        throw Taken();
    }

    private PipelineException Taken() => new(
        S3ErrorCodes.TakenOver,
        $"Another process has taken over '{Place}': its mark '{_bucket.KeyOf(MarkName)}' is not that of this one any more. Let one job "
            + $"write there, and stop its former process before it is started again; give each job a path of its own "
            + $"(Sinks:<stream>:Path).");

    private sealed class Part(S3Bucket bucket, string name, S3Options options, CancellationToken interrupted) : IPart
    {
        private readonly S3ObjectWriter _writer = new(
            bucket,
            name,
            options,
            "The part is too large for S3 (its RollSize can be less):",
            interrupted);

        public void Append(ReadOnlySpan<byte> bytes) => _writer.Append(bytes);

        public Task<byte[]> CloseAsync() => Task.Run(async () =>
        {
            using (_writer)
            {
                var (upload, parts) = await _writer.SendRestAsync().ConfigureAwait(false);
                _writer.Keep();
                return S3PartTicket.Write(upload, parts);
            }
        });

        public void Dispose() => _writer.Dispose();
    }
}
