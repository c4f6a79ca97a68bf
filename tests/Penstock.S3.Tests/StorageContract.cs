using Penstock.Checkpoints;

namespace Penstock.S3.Tests;

/// <summary>What every storage of checkpoints promises.</summary>
public abstract class StorageContract
{
    /// <summary>The size of a part, where the storage has parts.</summary>
    private protected const int PartSize = 5 * 1024 * 1024;

    public static TheoryData<int> Sizes => [0, 1, 70_000, PartSize - 1, PartSize, PartSize + 1, (3 * PartSize) + 17];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_was_created_is_read(int size)
    {
        using var storage = await OpenAsync();
        var content = Content(size);
        using (var file = storage.Create("0000000001.state"))
        {
            // In pieces as state is written, and odd ones.
            for (var at = 0; at < size;)
            {
                var count = Math.Min(size - at, at % 3 == 0 ? 1024 * 1024 : 65_537);
                file.Append(content.AsSpan(at, count));
                at += count;
            }

            file.Sync();
        }

        using var read = storage.OpenRead("0000000001.state");
        Assert.Equal(size, read.Length);
        Assert.Equal(content, Read(read, 0, size, 1024 * 1024));
        Assert.Equal(0, read.Read(size, new byte[1]));
        var random = new Random(size);
        for (var piece = 0; piece < 5 && size > 0; piece++)
        {
            var offset = random.Next(size);
            var count = random.Next(1, size - offset + 1);
            Assert.True(content.AsSpan(offset, count).SequenceEqual(Read(read, offset, count, 16 * 1024 * 1024)));
        }
    }

    [Fact]
    public async Task What_is_created_takes_the_place_of_what_was_there()
    {
        using var storage = await OpenAsync();
        Create(storage, "0000000001.state", Content(100));
        Create(storage, "0000000001.state", Content(7));
        Assert.Equal(Content(7), ReadAll(storage, "0000000001.state"));
    }

    [Fact]
    public async Task What_is_published_stays()
    {
        using var storage = await OpenAsync();
        Assert.True(storage.TryPublish("0000000001.manifest", Content(30)));
        Assert.False(storage.TryPublish("0000000001.manifest", Content(10)));
        Assert.Equal(Content(30), ReadAll(storage, "0000000001.manifest"));
        storage.Delete("0000000001.manifest");
        Assert.True(storage.TryPublish("0000000001.manifest", Content(10)));
    }

    [Fact]
    public async Task Lists_what_is_there()
    {
        using var storage = await OpenAsync();
        var before = storage.List();
        Create(storage, "0000000001.state", Content(1));
        storage.TryPublish("0000000001.manifest", Content(1));
        storage.TryPublish("job", Content(1));
        Assert.Equal(["0000000001.manifest", "0000000001.state", "job"], storage.List().Except(before).Order(StringComparer.Ordinal));
        storage.Delete("0000000001.manifest");
        Assert.Equal(["0000000001.state", "job"], storage.List().Except(before).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_not_there_is_not_read_and_need_not_be_deleted()
    {
        using var storage = await OpenAsync();
        storage.Delete("0000000001.state");
        Assert.Throws<FileNotFoundException>(() => storage.OpenRead("0000000001.state"));
    }

    [Fact]
    public async Task What_was_not_synced_does_not_keep_its_name_from_being_used()
    {
        using var storage = await OpenAsync();
        using (var file = storage.Create("0000000001.state"))
        {
            file.Append(Content((2 * PartSize) + 1));
        }

        Create(storage, "0000000001.state", Content(5));
        Assert.Equal(Content(5), ReadAll(storage, "0000000001.state"));
    }

    /// <summary>Opens an empty place, or skips the test.</summary>
    private protected abstract Task<ICheckpointStorage> OpenAsync();

    private protected static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private protected static void Create(ICheckpointStorage storage, string name, byte[] content)
    {
        using var file = storage.Create(name);
        file.Append(content);
        file.Sync();
    }

    private protected static byte[] ReadAll(ICheckpointStorage storage, string name)
    {
        using var file = storage.OpenRead(name);
        return Read(file, 0, (int)file.Length, PartSize);
    }

    private static byte[] Read(Files.IReadableFile file, long offset, int count, int request)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var got = file.Read(offset + read, bytes.AsSpan(read, Math.Min(request, count - read)));
            Assert.NotEqual(0, got);
            read += got;
        }

        return bytes;
    }
}
