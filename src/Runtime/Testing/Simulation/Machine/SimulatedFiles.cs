using System.Runtime.InteropServices;
using Penstock.Connectors;

namespace Penstock.Testing.Simulation;

/// <summary>
/// An in-memory file system that distinguishes visible data from data that survives a power cut: the bytes of a file as of its last sync,
/// and the names in a folder as of its last sync. Unsynced data may or may not survive.
/// </summary>
internal sealed class SimulatedFiles : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Content> _visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Content> _durable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "/" };
    private readonly HashSet<string> _durableFolders = new(StringComparer.Ordinal) { "/" };
    private readonly List<(string From, string To)> _renamed = [];
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);

    private readonly List<string> _held = [];
    private int _generation;

    public SimulatedFiles()
    {
    }

    /// <summary>Creates the view of another machine, which may die alone, on the same files. Only it has its unsynced data.</summary>
    /// <param name="shared">The shared files.</param>
    public SimulatedFiles(SimulatedFiles shared) =>
        (_gate, _visible, _durable, _folders, _durableFolders, _renamed, _locks) =
        (shared._gate, shared._visible, shared._durable, shared._folders, shared._durableFolders, shared._renamed, shared._locks);

    /// <summary>Called before every modifying operation with its name and path; may throw or crash.</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>
    /// Called after every modifying operation with its name and path. If it throws, the operation has taken effect but reports an error.
    /// </summary>
    public Action<string, string>? After { get; set; }

    /// <summary>Called before a file is opened for reading, with its path; may throw or crash.</summary>
    public Action<string>? BeforeOpen { get; set; }

    /// <summary>The currently visible files.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _visible.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Returns the currently visible bytes of a file.</summary>
    public byte[] ReadAllBytes(string path)
    {
        lock (_gate)
        {
            return [.. _visible[path].Bytes];
        }
    }

    /// <summary>Kills the process: releases locks and invalidates open files. All visible data is kept.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            _generation++;
            _locks.Clear();
        }
    }

    /// <summary>Kills only this machine: releases its locks and invalidates its open files.</summary>
    /// <param name="luck">For a power cut, decides how many of its unsynced bytes survive; null if all survive.</param>
    public void Die(Random? luck)
    {
        lock (_gate)
        {
            _generation++;
            _locks.ExceptWith(_held);
            _held.Clear();
            foreach (var content in luck == null ? [] : _visible.Values.Union(_durable.Values).Where(content => content.Creator == this))
            {
                content.Synced = luck!.Next(content.Synced, content.Bytes.Count + 1);
                content.Bytes.RemoveRange(content.Synced, content.Bytes.Count - content.Synced);
            }
        }
    }

    /// <summary>Cuts the power: unsynced data is lost.</summary>
    /// <param name="luck">Decides which unsynced bytes and names survive nevertheless; null if none do.</param>
    public void CutPower(Random? luck = null)
    {
        Kill();
        lock (_gate)
        {
            if (luck != null)
            {
                Keep(luck);
            }

            _durableFolders.RemoveWhere(folder => !IsDurable(folder));
            _folders.IntersectWith(_durableFolders);
            _visible.Clear();
            foreach (var (path, content) in _durable.Where(file => _folders.Contains(FolderOf(file.Key))).ToList())
            {
                _visible[path] = new Content([.. content.Bytes.Take(content.Synced)]);
            }

            _renamed.Clear();
            _durable.Clear();
            foreach (var (path, content) in _visible)
            {
                _durable[path] = content;
            }
        }
    }

    public IReadableFile OpenRead(string path)
    {
        BeforeOpen?.Invoke(path);
        lock (_gate)
        {
            return _visible.TryGetValue(path, out var content)
                ? new Readable([.. content.Bytes])
                : throw new FileNotFoundException($"There is no file '{path}'.", path);
        }
    }

    public IWritableFile Create(string path) => Change("create", path, () =>
    {
        if (!_visible.TryGetValue(path, out var content))
        {
            _visible[path] = content = _folders.Contains(FolderOf(path))
                ? new Content([])
                : throw new DirectoryNotFoundException($"There is no folder '{FolderOf(path)}'.");
        }

        // A process that has the file open continues to write to it.
        content.BeginAnew(this);
        return new Writable(this, path, content, _generation);
    });

    public void Rename(string from, string to) => Change("rename", from, () =>
    {
        _visible[to] = _visible.Remove(from, out var content)
            ? content
            : throw new FileNotFoundException($"There is no file '{from}'.", from);
        _renamed.Add((from, to));
    });

    public void Delete(string path) => Change("delete", path, () =>
    {
        _visible.Remove(path);
    });

    /// <summary>Adds a complete and durable file on behalf of another process, without simulated failures.</summary>
    public void Put(string path, byte[] bytes)
    {
        lock (_gate)
        {
            _visible[path] = _durable[path] = new Content([.. bytes]);
        }
    }

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            return _visible.ContainsKey(path);
        }
    }

    public bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            return _folders.Contains(path);
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            return [.. _visible.Keys.Where(path => FolderOf(path) == directory).Order(StringComparer.Ordinal)];
        }
    }

    public IReadOnlyList<string> ListDirectories(string directory)
    {
        lock (_gate)
        {
            return [.. _folders.Where(path => path != directory && FolderOf(path) == directory).Order(StringComparer.Ordinal)];
        }
    }

    public void CreateDirectory(string path) => Change("create directory", path, () =>
    {
        for (var folder = path; _folders.Add(folder);)
        {
            folder = FolderOf(folder);
        }
    });

    public void SyncDirectory(string path) => Change("sync directory", path, () =>
    {
        if (!_folders.Contains(path))
        {
            throw new DirectoryNotFoundException($"There is no folder '{path}'.");
        }

        SyncNames(path);
    });

    public IDisposable? TryLock(string path)
    {
        lock (_gate)
        {
            if (!_locks.Add(path))
            {
                return null;
            }

            _held.Add(path);
            return new Held(this, path, _generation);
        }
    }

    private void Change(string operation, string path, Action change) => Change(operation, path, () =>
    {
        change();
        return true;
    });

    private T Change<T>(string operation, string path, Func<T> change)
    {
        Before?.Invoke(operation, path);
        T changed;
        lock (_gate)
        {
            changed = change();
        }

        After?.Invoke(operation, path);
        return changed;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? "/";

    // An operating system may write back data at any time, and each name separately; but a renamed file always has one of its names.
    private void Keep(Random luck)
    {
        foreach (var content in _visible.Values.Concat(_durable.Values))
        {
            content.Synced = luck.Next(2) == 0 ? content.Synced : luck.Next(content.Synced, content.Bytes.Count + 1);
        }

        foreach (var folder in _folders.Except(_durableFolders).Where(_ => luck.Next(2) == 0).ToList())
        {
            for (var inside = folder; _durableFolders.Add(inside);)
            {
                inside = FolderOf(inside);
            }
        }

        var kept = _visible.Keys.Union(_durable.Keys)
            .Order(StringComparer.Ordinal)
            .Where(_ => luck.Next(2) == 0)
            .ToHashSet(StringComparer.Ordinal);
        for (var known = -1; known < kept.Count;)
        {
            known = kept.Count;
            foreach (var (from, to) in _renamed.Where(names => kept.Contains(names.From) || kept.Contains(names.To)))
            {
                kept.Add(from);
                kept.Add(to);
            }
        }

        foreach (var path in kept)
        {
            SyncName(path);
        }
    }

    // A folder is lost with its parent.
    private bool IsDurable(string folder) => folder == "/" || (_durableFolders.Contains(folder) && IsDurable(FolderOf(folder)));

    private void SyncNames(string folder)
    {
        foreach (var path in _visible.Keys.Union(_durable.Keys).Where(path => FolderOf(path) == folder).ToList())
        {
            SyncName(path);
        }

        _renamed.RemoveAll(names => FolderOf(names.From) == folder);
        _durableFolders.UnionWith(_folders.Where(inside => FolderOf(inside) == folder));
    }

    private void SyncName(string path)
    {
        if (_visible.TryGetValue(path, out var content))
        {
            _durable[path] = content;
        }
        else
        {
            _durable.Remove(path);
        }
    }

    private sealed class Content(List<byte> bytes)
    {
        public List<byte> Bytes { get; } = bytes;

        public int Synced { get; set; } = bytes.Count;

        /// <summary>The machine that last created the file; null if a process outside of the simulation created it.</summary>
        public SimulatedFiles? Creator { get; private set; }

        public void BeginAnew(SimulatedFiles creator)
        {
            Creator = creator;
            Bytes.Clear();
            Synced = 0;
        }

        public void Write(int offset, byte[] bytes)
        {
            CollectionsMarshal.SetCount(Bytes, Math.Max(Bytes.Count, offset + bytes.Length));
            bytes.CopyTo(CollectionsMarshal.AsSpan(Bytes)[offset..]);
        }
    }

    private sealed class Readable(byte[] bytes) : IReadableFile
    {
        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var rest = offset < bytes.Length ? bytes.AsSpan((int)offset) : default;
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            return count;
        }

        public void Dispose()
        {
            // There is nothing to close.
        }
    }

    private sealed class Writable(SimulatedFiles files, string path, Content content, int generation) : IWritableFile
    {
        private int _length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            var appended = bytes.ToArray();
            files.Change("append", path, () =>
            {
                ThrowIfDead();
                content.Write(_length, appended);
                _length += appended.Length;
            });
        }

        public void Sync() => files.Change("sync", path, () =>
        {
            ThrowIfDead();
            content.Synced = content.Bytes.Count;
        });

        public void Dispose()
        {
            // Closing does not make data durable.
        }

        private void ThrowIfDead()
        {
            if (files._generation != generation)
            {
                throw new IOException($"The process was killed after '{path}' was opened.");
            }
        }
    }

    private sealed class Held(SimulatedFiles files, string path, int generation) : IDisposable
    {
        public void Dispose()
        {
            lock (files._gate)
            {
                if (files._generation == generation)
                {
                    files._locks.Remove(path);
                    files._held.Remove(path);
                }
            }
        }
    }
}
