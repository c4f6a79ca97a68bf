using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Windows;
using Penstock.State;
using Penstock.Tasks;
using Penstock.Testing;
using Penstock.Threads;

namespace Penstock.Runtime.Tests.Checkpoints.Restore;

/// <summary>At a restore a subtask reads the sections that it owns, and nothing else.</summary>
[Collection(nameof(CountedCodec))]
public sealed class StateLoaderTests : IDisposable
{
    private const int KeyGroupCount = 128;
    private const string Kept = nameof(CountedPipeline.Kept);
    private const string Windows = nameof(CountedPipeline.Windows);

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 2)]
    [InlineData(3, 5)]
    [InlineData(4, 4)]
    public async Task A_subtask_reads_what_a_plain_loop_over_the_key_groups_says(int before, int after)
    {
        Save(before);
        using var storage = new FolderStorage(LocalFileSystem.Instance, _folder, nameof(CountedPipeline), isLocked: false);
        var counted = new CountingStorage(storage);
        var manifest = new CheckpointStore(counted, Guid.NewGuid).Read(1)!;
        using var graph = Graph(after);
        counted.Bytes = 0;
        var matcher = new StateMatcher(graph.Plan, graph.Subtasks.SelectMany(static subtask => subtask.StateParts), manifest);
        graph.Secret.Restore(manifest.Secret!.Value);
        var loaded =
            await new StateLoader([.. graph.Subtasks], matcher, manifest, new StateFiles(counted)).LoadAsync(ThreadBackground.Instance);

        foreach (var subtask in loaded)
        {
            var (sections, bytes) = (0, 0L);
            foreach (var saved in manifest.State.Where(saved => saved.Task == subtask.Task))
            {
                // Three states by key; a clock or positions of a source, which everyone reads; and of windows and what is in them the list
                // of those that are open.
                var piece = saved.Pieces.Single();
                var shares = Enumerable
                    .Range(0, KeyGroupCount)
                    .Any(group => group * before / KeyGroupCount == saved.Subtask && group * after / KeyGroupCount == subtask.Subtask);
                var read = piece.Sections.Count(section => shares || section.KeyGroups == null || section.Id == Windows);
                sections += read;
                bytes += read > 0 ? piece.Length : 0;
            }

            Assert.Equal(
                (subtask.Task, subtask.Subtask, sections, bytes),
                (subtask.Task, subtask.Subtask, subtask.Sections, subtask.Bytes));
        }

        Assert.Equal(after, loaded.Count(static subtask => subtask.Task == Kept && subtask.Sections > 0));
        Assert.Equal(loaded.Sum(static subtask => subtask.Bytes), counted.Bytes);
        Assert.All(
            manifest.State.Where(static saved => saved.Task == Kept),
            static saved => Assert.All(saved.Pieces.Single().Sections, static section => Assert.NotNull(section.KeyGroups)));
        Assert.Equal(manifest.Subtasks[Kept], before);
    }

    [Fact]
    public void Who_reads_the_begin_of_a_long_piece_reads_one_block()
    {
        const int blocks = 6;
        var content = new byte[blocks * BlockPool.BlockSize];
        new Random(1).NextBytes(content);
        var files = new MemoryFileSystem();
        using (var file = files.Create("state"))
        {
            file.Append(content);
        }

        var piece = new StatePiece(
            0,
            0,
            content.Length,
            [.. content.Chunk(BlockPool.BlockSize).Select(static block => StateBlocks.Checksum(block))],
            []);
        var verified = new bool[blocks];
        var read = new StateBlocks(files.OpenRead("state"), new SubtaskState("A", 0, [piece]), piece, "state", new BlockPool(), verified);
        Assert.Equal(content[0], read.Sequence.FirstSpan[0]);
        read.Dispose();
        Assert.Equal(BlockPool.BlockSize, read.BytesRead);
        Assert.Equal([true, false, false, false, false, false], verified);
    }

    [Fact]
    public async Task What_nobody_reads_is_compared_with_its_checksum_too()
    {
        Save(parallelism: 2);
        using var storage = new FolderStorage(LocalFileSystem.Instance, _folder, nameof(CountedPipeline), isLocked: false);
        var manifest = new CheckpointStore(storage, Guid.NewGuid).Read(1)!;
        using var graph = Graph(parallelism: 2);

        // The program has no such task.
        var foreign = manifest with
        {
            State = manifest.State.ConvertAll(static saved => saved.Task == Kept
                ? saved with { Pieces = saved.Pieces.ConvertAll(static piece => piece with { Sections = [] }) }
                : saved)
        };
        var path = Path.Combine(_folder, manifest.Files[0].Name);
        var bytes = File.ReadAllBytes(path);
        bytes[manifest.State.First(static saved => saved.Task == Kept).Pieces[0].Offset] ^= 1;
        File.WriteAllBytes(path, bytes);
        var matcher = new StateMatcher(graph.Plan, graph.Subtasks.SelectMany(static subtask => subtask.StateParts), foreign);
        await Assert.ThrowsAsync<DamagedCheckpointException>(() =>
            new StateLoader([.. graph.Subtasks], matcher, foreign, new StateFiles(storage)).LoadAsync(ThreadBackground.Instance));
    }

    [Fact]
    public async Task State_that_is_by_key_in_the_manifest_alone_is_damage()
    {
        Save(parallelism: 1);
        using var storage = new FolderStorage(LocalFileSystem.Instance, _folder, nameof(CountedPipeline), isLocked: false);
        var manifest = new CheckpointStore(storage, Guid.NewGuid).Read(1)!;
        var forged = manifest with
        {
            State =
                manifest.State.ConvertAll(static saved => saved with
                {
                    Pieces = saved.Pieces.ConvertAll(static piece => piece with
                    {
                        Sections = piece.Sections.ConvertAll(static section => section with { KeyGroups = new(0, KeyGroupCount) })
                    })
                }),
        };
        using var graph = Graph(parallelism: 2);
        var matcher = new StateMatcher(graph.Plan, graph.Subtasks.SelectMany(static subtask => subtask.StateParts), forged);
        var error =
            await Assert.ThrowsAsync<DamagedCheckpointException>(() =>
                new StateLoader([.. graph.Subtasks], matcher, forged, new StateFiles(storage)).LoadAsync(ThreadBackground.Instance));
        Assert.Contains("contains keyed state for '", error.Message, StringComparison.Ordinal);
    }

    private void Save(int parallelism)
    {
        using (var test = PipelineTest.For<CountedPipeline>(options => options.Parallelism = parallelism, checkpoints: _folder))
        {
            test.Send(
                nameof(CountedPipeline.Clicks),
                Enumerable.Range(0, 400).Select(static user => new Click($"user{user}", WindowTests.Start(1).UtcDateTime, user)).ToArray());
            test.Checkpoint();
        }

        File.Delete(Path.Combine(_folder, "lock"));
    }

    private static ExecutionGraph Graph(int parallelism)
    {
        var environment = TestEnvironment.Create(nameof(CountedPipeline), new PipelineOptions { Parallelism = parallelism });
        return (environment with { Connectors = new TestConnectors(splitsPerSource: 1) }).GraphOf<CountedPipeline>();
    }

    /// <summary>Counts the bytes that are read of state files.</summary>
    private sealed class CountingStorage(ICheckpointStorage storage) : ICheckpointStorage
    {
        private long _bytes;

        public long Bytes
        {
            get => Volatile.Read(ref _bytes);
            set => Volatile.Write(ref _bytes, value);
        }

        public string Location => storage.Location;

        public bool IsExclusive => storage.IsExclusive;

        public void Open() => storage.Open();

        public IReadOnlyList<string> List() => storage.List();

        public IReadableFile OpenRead(string name) => new CountedFile(this, storage.OpenRead(name));

        public IWritableFile Create(string name) => storage.Create(name);

        public bool TryPublish(string name, ReadOnlySpan<byte> content) => storage.TryPublish(name, content);

        public void Delete(string name) => storage.Delete(name);

        public void Dispose()
        {
            // The storage below is not owned.
        }

        private sealed class CountedFile(CountingStorage owner, IReadableFile file) : IReadableFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> buffer)
            {
                var count = file.Read(offset, buffer);
                Interlocked.Add(ref owner._bytes, count);
                return count;
            }

            public void Dispose() => file.Dispose();
        }
    }
}
