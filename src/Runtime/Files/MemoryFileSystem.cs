using System.Collections.Concurrent;

namespace Penstock.Connectors;

/// <summary>
/// A file system in memory, for checkpoints that need not outlive the process, and for tests. All folders exist implicitly.
/// </summary>
public sealed class MemoryFileSystem : IFileSystem
{
    private readonly ConcurrentDictionary<string, MemoryStream> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadableFile OpenRead(string path) =>
        _files.TryGetValue(path, out var file) ? new Readable(file) : throw new FileNotFoundException($"There is no file '{path}'.", path);

    /// <inheritdoc/>
    public IWritableFile Create(string path)
    {
        var file = new MemoryStream();
        _files[path] = file;
        return new Writable(file);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (!_files.TryRemove(from, out var file))
        {
            throw new FileNotFoundException($"There is no file '{from}'.", from);
        }

        _files[to] = file;
    }

    /// <inheritdoc/>
    public void Delete(string path) => _files.TryRemove(path, out _);

    /// <inheritdoc/>
    public bool FileExists(string path) => _files.ContainsKey(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory) =>
        [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == directory).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory) =>
    [
        .. _files.Keys.SelectMany(FoldersOf)
            .Where(path => Path.GetDirectoryName(path) == directory)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        // Folders exist implicitly.
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        // Memory cannot be made more durable.
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => _locks.TryAdd(path, true) ? new Lock(_locks, path) : null;

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private sealed class Readable(MemoryStream file) : IReadableFile
    {
        // Files are only appended to, so the current content never changes.
        private readonly ReadOnlyMemory<byte> _bytes = file.GetBuffer().AsMemory(0, (int)file.Length);

        public long Length => _bytes.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            if (offset >= _bytes.Length)
            {
                return 0;
            }

            var source = _bytes.Span[(int)offset..];
            var count = Math.Min(source.Length, buffer.Length);
            source[..count].CopyTo(buffer);
            return count;
        }

        public void Dispose()
        {
            // There is no handle to close.
        }
    }

    private sealed class Writable(MemoryStream file) : IWritableFile
    {
        public void Append(ReadOnlySpan<byte> bytes) => file.Write(bytes);

        public void Sync()
        {
            // Memory cannot be made more durable.
        }

        public void Dispose()
        {
            // There is no handle to close.
        }
    }

    private sealed class Lock(ConcurrentDictionary<string, bool> locks, string path) : IDisposable
    {
        public void Dispose() => locks.TryRemove(path, out _);
    }
}
