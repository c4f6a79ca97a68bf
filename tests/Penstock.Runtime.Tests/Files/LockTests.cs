using Penstock.Connectors;
using Penstock.Sinks.Files;
using Penstock.Threads;

namespace Penstock.Runtime.Tests.Files;

/// <summary>
/// Only one process at a time holds the lock of a place for part files, even while the lock file is deleted and created again.
/// </summary>
public sealed class LockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    [Fact]
    public async Task Only_one_process_has_the_lock_at_a_time()
    {
        var holders = 0;
        var both = 0;
        var locked = 0;
        var until = DateTime.UtcNow + TimeSpan.FromSeconds(3);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (DateTime.UtcNow < until && Volatile.Read(ref both) == 0)
                {
                    using var store = new PartFolder(LocalFileSystem.Instance, Path.Combine(_folder, "out.csv"), ThreadBackground.Instance);
                    if (store.TryLock())
                    {
                        if (Interlocked.Increment(ref holders) > 1)
                        {
                            Interlocked.Increment(ref both);
                        }

                        Interlocked.Increment(ref locked);
                        Thread.Yield();
                        Interlocked.Decrement(ref holders);
                        store.Unlock(deletesFiles: true);
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.Equal(0, both);
        Assert.InRange(locked, 100, int.MaxValue);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void The_lock_lasts_until_its_file_is_deleted()
    {
        var refused = false;
        using var store = new PartFolder(
            new Between(() => refused = LocalFileSystem.Instance.TryLock(LockPath) == null),
            Path.Combine(_folder, "out.csv"),
            ThreadBackground.Instance);
        Assert.True(store.TryLock());
        store.Unlock(deletesFiles: true);
        Assert.True(refused || OperatingSystem.IsWindows());
        using var next = LocalFileSystem.Instance.TryLock(LockPath);
        Assert.NotNull(next);
        Assert.Null(LocalFileSystem.Instance.TryLock(LockPath));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string LockPath => Path.Combine(_folder, ".out.csv.lock");

    // Makes a call before a file is deleted.
    private sealed class Between(Action call) : IFileSystem
    {
        private readonly LocalFileSystem _files = LocalFileSystem.Instance;

        public void Delete(string path)
        {
            call();
            _files.Delete(path);
        }

        public IReadableFile OpenRead(string path) => _files.OpenRead(path);

        public IWritableFile Create(string path) => _files.Create(path);

        public void Rename(string from, string to) => _files.Rename(from, to);

        public bool FileExists(string path) => _files.FileExists(path);

        public bool DirectoryExists(string path) => _files.DirectoryExists(path);

        public IReadOnlyList<string> List(string directory) => _files.List(directory);

        public IReadOnlyList<string> ListDirectories(string directory) => _files.ListDirectories(directory);

        public void CreateDirectory(string path) => _files.CreateDirectory(path);

        public void SyncDirectory(string path) => _files.SyncDirectory(path);

        public IDisposable? TryLock(string path) => _files.TryLock(path);
    }
}
