using Amazon.S3.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.S3.Tests;

/// <summary>S3 fulfils the contract of a storage, and some additional guarantees.</summary>
public sealed class S3StorageTests(S3StorageTests.Server server) : IClassFixture<S3StorageTests.Server>
{
    private const string Bucket = "checkpoints";
    private const int PartSize = 5 * 1024 * 1024;

    public static TheoryData<string> Promises =>
        [.. Suite(static () => throw new NotSupportedException()).Checks.Select(static check => check.Name)];

    [Theory]
    [MemberData(nameof(Promises))]
    public async Task It_keeps_its_promises(string promise)
    {
        Assert.SkipUnless(server.S3 != null, S3Server.Missing);
        var suite = Suite(() =>
        {
            var location = $"s3://{Bucket}/{Guid.NewGuid():N}/job";
            return () => Storage(location, new S3Options());
        });
        Assert.True(await suite.VerifyAsync(promise));
    }

    [Fact]
    public async Task What_is_not_complete_is_not_visible_and_leaves_nothing_behind()
    {
        using var storage = await OpenAsync();
        using (var file = storage.Create("0000000001.state"))
        {
            file.Append(Content((3 * PartSize) + 1));
            Assert.Empty(storage.List());
        }

        Assert.Empty(storage.List());
        Assert.Empty(await UploadsAsync(storage));
    }

    [Fact]
    public async Task Lists_more_than_one_page_and_nothing_of_its_neighbours()
    {
        using var storage = await OpenAsync();
        using var client = server.S3!.Client();
        var prefix = storage.Location[$"s3://{Bucket}/".Length..];
        string[] keys = [
            .. Enumerable.Range(0, 1100).Select(index => $"{prefix}/{index:D10}.manifest"),
            $"{prefix}x/1.manifest",
            $"{prefix}/below/1.manifest"
        ];
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, stop) =>
            await client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = "" }, stop));
        var names = storage.List();
        Assert.Equal(1100, names.Count);
        Assert.All(names, name => Assert.Matches(@"^\d{10}\.manifest$", name));
    }

    [Fact]
    public async Task Opening_aborts_uploads_that_are_old_enough_and_no_others()
    {
        using var storage = await OpenAsync();
        using var file = storage.Create("0000000001.state");
        file.Append(Content((2 * PartSize) + 1));
        while (await UploadsAsync(storage) is not [var upload] || await PartsAsync(upload) < 2)
        {
            await Task.Delay(10);
        }

        using (var careful = Storage(storage.Location, new S3Options { AbortUploadsAfter = TimeSpan.FromHours(1) }))
        {
            careful.Open();
            Assert.Single(await UploadsAsync(storage));
        }

        // As if an hour had passed.
        using var later = Storage(storage.Location, new S3Options { AbortUploadsAfter = TimeSpan.FromHours(-1) });
        later.Open();
        Assert.Empty(await UploadsAsync(storage));
        Assert.ThrowsAny<IOException>(file.Sync);
    }

    [Fact]
    public async Task Opening_aborts_no_uploads_of_others_however_old()
    {
        using var storage = await OpenAsync();
        using var client = server.S3!.Client();
        var prefix = storage.Location[$"s3://{Bucket}/".Length..];
        string[] ours = [$"{prefix}/0000000001.state", $"{prefix}/savepoint.state"];
        string[] others =
        [
            $"{prefix}/1.state", $"{prefix}/customers.state", $"{prefix}/0000000001.manifest", $"{prefix}/x0000000001.state",
            $"{prefix}/0000000001.state.csv",
            $"{prefix}/nested/0000000001.state", $"{prefix}/nested/savepoint.state", $"{prefix}x/0000000001.state",
        ];
        foreach (var key in ours.Concat(others))
        {
            await client.InitiateMultipartUploadAsync(Bucket, key);
        }

        // As if an hour had passed.
        using var later = Storage(storage.Location, new S3Options { AbortUploadsAfter = TimeSpan.FromHours(-1) });
        later.Open();
        Assert.Equal(
            others.Order(StringComparer.Ordinal),
            (await UploadsAsync(storage)).Select(upload => upload.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_that_comes_back_is_waited_for()
    {
        await using var own = await S3Server.StartAsync();
        await own.CreateBucketAsync(Bucket);
        using var storage = Storage($"s3://{Bucket}/job", new S3Options(), own.Endpoint);
        storage.Open();
        var content = Content((4 * PartSize) + 1);
        using (var file = storage.Create("0000000001.state"))
        {
            file.Append(content.AsSpan(0, 2 * PartSize));
            own.Kill();
            var rest = Task.Run(() =>
            {
                file.Append(content.AsSpan(2 * PartSize));
                file.Sync();
            });
            await own.RestartAsync();
            await rest;
        }

        own.Kill();
        var publish = Task.Run(() => storage.TryPublish("0000000001.manifest", [1, 2, 3]));
        await own.RestartAsync();
        Assert.True(await publish);
        Assert.Equal(content, ReadAll(storage, "0000000001.state"));
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_explained_at_once()
    {
        Assert.SkipUnless(server.S3 != null, S3Server.Missing);
        using var storage = Storage("s3://no-such-bucket/job", new S3Options());
        var error = await Assert.ThrowsAsync<PipelineException>(() => Task.Run(storage.Open));
        Assert.Contains("'no-such-bucket'", error.Message, StringComparison.Ordinal);
        Assert.Contains(server.S3!.Endpoint, error.Message, StringComparison.Ordinal);
        Assert.Contains("NoSuchBucket", error.Message, StringComparison.Ordinal);
        Assert.Contains("Create the bucket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_credentials_are_explained_at_once_and_not_shown()
    {
        Assert.SkipUnless(server.S3 != null, S3Server.Missing);
        var options = new S3Options();
        using var client = server.S3!.Client("a-wrong-secret");
        using var storage = new S3CheckpointStorage(
            new S3Bucket(client, false, new S3Location(Bucket, "job/"), options, NullLogger.Instance),
            options);
        var error = await Assert.ThrowsAsync<PipelineException>(() => Task.Run(storage.Open));
        Assert.Contains("SignatureDoesNotMatch", error.Message, StringComparison.Ordinal);
        Assert.Contains("AWS_SECRET_ACCESS_KEY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_stores_on_one_place_the_older_one_can_publish_nothing()
    {
        using var place = await OpenAsync();
        using var older = new CheckpointStore(Storage(place.Location, new S3Options()), Guid.NewGuid);
        Assert.Equal([1], older.FenceOtherWriters());
        using var newer = new CheckpointStore(Storage(place.Location, new S3Options()), Guid.NewGuid);
        Assert.Equal([2, 1], newer.FenceOtherWriters());
        var error = Assert.Throws<PipelineException>(() => older.Publish(Manifest(2)));
        Assert.Contains("Another process has taken over", error.Message, StringComparison.Ordinal);
        newer.Publish(Manifest(3));
        newer.Collect(1, 3);
        Assert.Contains("taken over", Assert.Throws<PipelineException>(() => older.Publish(Manifest(2))).Message, StringComparison.Ordinal);
        Assert.Equal([3], newer.List());
    }

    private static ConformanceSuite Suite(Func<Func<ICheckpointStorage>> setUp) => StorageConformance.For(() => new StorageSetup
    {
        Create = setUp(),
        Sizes = [0, 1, 70_000, PartSize - 1, PartSize, PartSize + 1, (3 * PartSize) + 17],
    });

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private static byte[] ReadAll(ICheckpointStorage storage, string name)
    {
        using var file = storage.OpenRead(name);
        var content = new byte[file.Length];
        for (var read = 0; read < content.Length;)
        {
            var got = file.Read(read, content.AsSpan(read));
            Assert.NotEqual(0, got);
            read += got;
        }

        return content;
    }

    private Task<ICheckpointStorage> OpenAsync()
    {
        Assert.SkipUnless(server.S3 != null, S3Server.Missing);
        var storage = Storage($"s3://{Bucket}/{Guid.NewGuid():N}/job", new S3Options());
        storage.Open();
        return Task.FromResult(storage);
    }

    private ICheckpointStorage Storage(string location, S3Options options, string? endpoint = null)
    {
        options.PartSize = PartSize;
        options.ServiceUrl = endpoint ?? server.S3!.Endpoint;
        return new S3CheckpointStorage(
            new S3Bucket(S3Clients.Create(options), ownsClient: true, S3Location.Parse(location), options, NullLogger.Instance),
            options);
    }

    private async Task<List<MultipartUpload>> UploadsAsync(ICheckpointStorage storage)
    {
        using var client = server.S3!.Client();
        var request = new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = storage.Location[$"s3://{Bucket}/".Length..] };
        return (await client.ListMultipartUploadsAsync(request)).MultipartUploads ?? [];
    }

    private async Task<int> PartsAsync(MultipartUpload upload)
    {
        using var client = server.S3!.Client();
        return (await client.ListPartsAsync(new ListPartsRequest
        {
            BucketName = Bucket,
            Key = upload.Key,
            UploadId = upload.UploadId
        })).Parts?.Count
            ?? 0;
    }

    private static Manifest Manifest(long id) => new()
    {
        Job = "job",
        Pipeline = "Test",
        Id = id,
        TakenAt = DateTimeOffset.UtcNow,
        PenstockVersion = "0",
        Terminal = false,
        Subtasks = [],
        KeyGroups = 1,
        Files = [],
        State = [],
        Sinks = [],
        Counters = [],
    };

    /// <summary>One server for the tests that do not kill it; null if none can be started.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public S3Server? S3 { get; private set; }

        public async ValueTask InitializeAsync()
        {
            if (S3Server.IsAvailable)
            {
                S3 = await S3Server.StartAsync();
                await S3.CreateBucketAsync(Bucket);
            }
        }

        public ValueTask DisposeAsync() => S3?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
