using Penstock.Connectors;
using Penstock.Files;
using Penstock.Threads;

namespace Penstock.Sinks.Files;

/// <summary>The parts in a folder: hidden temporary files until they are committed by a rename.</summary>
internal sealed class PartFolder : IPartStore
{
    private const int MaxNamed = 10;

    private readonly IFileSystem _files;
    private readonly IBackground _background;
    private readonly string _folder;
    private readonly int _writer;
    private IDisposable? _lock;
    private bool _folderExists;

    /// <summary>Creates the store for a path such as <c>out/delays.csv</c>.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The path.</param>
    /// <param name="background">Runs the work of closing files.</param>
    /// <param name="writer">The number in the hidden names.</param>
    public PartFolder(IFileSystem files, string path, IBackground background, int writer = 0)
    {
        _writer = writer;
        _files = files;
        _background = background;
        var folder = Path.GetDirectoryName(path);
        _folder = Path.GetFullPath(string.IsNullOrEmpty(folder) ? "." : folder);
        Place = Path.Combine(_folder, Path.GetFileName(path));
    }

    public string Place { get; }

    public string MarkName => $".{Path.GetFileName(Place)}.owner";

    public bool KeepsOthersOut => true;

    private string MarkPath => PathOf(MarkName);

    private string LockPath => PathOf($".{Path.GetFileName(Place)}.lock");

    public IPart Create(string name)
    {
        if (!_folderExists)
        {
            _files.CreateDurableDirectory(_folder);
            _folderExists = true;
        }

        return new Part(_files.Create(HiddenPathOf(name, _writer)), _background, HiddenNames.TicketOf(_writer));
    }

    // The temporary names must survive a power failure, too, because the manifest will refer to them.
    public Task SealAsync() => _background.Run(() => _files.SyncDirectory(_folder));

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<PreparedPart> parts, CancellationToken stop)
    {
        // All parts are checked before the first rename, so that a refusal leaves everything unchanged. At a start, parts that are visible
        // already may have been damaged since.
        var hidden = parts.Where(part => _files.FileExists(HiddenPathOf(part))).ToList();
        CheckPresent(parts, checkpoint);
        foreach (var part in hidden)
        {
            CheckLength(part, HiddenPathOf(part), checkpoint);
        }

        foreach (var part in parts.Except(hidden))
        {
            CheckLength(part, PathOf(part.Name), checkpoint);
        }

        foreach (var part in hidden)
        {
            stop.ThrowIfCancellationRequested();
            _files.Rename(HiddenPathOf(part), PathOf(part.Name));
        }

        // Needed even if all parts had their names already: the process may have died between a rename and this call.
        if (parts.Count > 0)
        {
            _files.SyncDirectory(_folder);
        }

        return default;
    }

    public IReadOnlyList<string> ListVisible() => [.. _files.List(_folder).Select(Path.GetFileName).Where(name => !name!.StartsWith('.'))!];

    public IReadOnlyList<string> ListHidden() => [.. Hidden().Select(static hidden => hidden.Part).Distinct()];

    public void Delete(IReadOnlyList<string> visible, IReadOnlyList<string> hidden)
    {
        // Written by any node.
        var parts = hidden.ToHashSet(StringComparer.Ordinal);
        foreach (var path in Hidden().Where(found => parts.Contains(found.Part))
            .Select(static found => found.Path)
            .Concat(visible.Select(PathOf))
            .ToList())
        {
            _files.Delete(path);
        }

        if (visible.Count + hidden.Count > 0)
        {
            _files.SyncDirectory(_folder);
        }
    }

    public bool TryHold()
    {
        _files.CreateDurableDirectory(_folder);
        _lock = _files.TryLock(LockPath);
        return _lock != null;
    }

    public void LetGo(bool leavesNothing)
    {
        if (leavesNothing && _lock != null)
        {
            _files.DeleteLock(LockPath, _lock);
            _files.SyncDirectory(_folder);
        }

        Dispose();
    }

    public byte[]? ReadMark() => _files.FileExists(MarkPath) ? _files.ReadAll(MarkPath) : null;

    public void WriteMark(byte[] mark) => _files.WriteDurably(MarkPath, mark);

    public void KeepMark(byte[] mark)
    {
        // The lock excludes others.
    }

    public void DeleteMark() => _files.Delete(MarkPath);

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string HiddenPathOf(string name, int writer) => PathOf(HiddenNames.Of(name, writer));

    private string HiddenPathOf(PreparedPart part) => HiddenPathOf(part.Name, HiddenNames.WriterOf(part.Ticket.Span));

    private IEnumerable<(string Path, string Part)> Hidden() =>
        from path in _files.List(_folder)
        let part = HiddenNames.PartOf(Path.GetFileName(path))
        where part != null
        select (path, part);

    private void CheckPresent(IReadOnlyList<PreparedPart> parts, long checkpoint)
    {
        var missing = parts.Where(part => !_files.FileExists(PathOf(part.Name)) && !_files.FileExists(HiddenPathOf(part))).ToList();
        if (missing.Count > 0)
        {
            var named = string.Join(", ", missing.Take(MaxNamed).Select(part => $"'{part.Name}'"))
                + (missing.Count > MaxNamed ? $" and {missing.Count - MaxNamed} more" : "");
            throw new PipelineException(
                ErrorCodes.PartsLost,
                $"{missing.Count} of the {parts.Count} part files of checkpoint {checkpoint}, from which the job resumes, "
                    + $"are missing in '{_folder}', neither visible nor hidden: {named}. Was the path of the sink changed? "
                    + $"Change it back. Did something move or delete them? Put them back: whether their rows were delivered cannot be "
                    + $"told without them. Consumers should copy part files, or wait for later checkpoints before they move any. To start "
                    + $"over, delete the rest of the output, '{MarkName}' with it, and the checkpoints (Checkpoints:Path).");
        }
    }

    private void CheckLength(PreparedPart part, string path, long checkpoint)
    {
        using var file = _files.OpenRead(path);
        if (file.Length != part.Length)
        {
            throw new PipelineException(
                ErrorCodes.PartsLost,
                $"The part file '{path}' has {file.Length} bytes, but checkpoint {checkpoint}, from which the job resumes, was taken when "
                    + $"it had {part.Length}. Something else changed it, or the file system lost a part of it: rows would be missing or "
                    + $"duplicated. Put the file back as it was, or start over with an empty checkpoint folder and an empty output.");
        }
    }

    private sealed class Part(IWritableFile file, IBackground background, byte[] ticket) : IPart
    {
        // Disk writes start while rows are still being written; otherwise a checkpoint would wait for the whole part.
        private const int BytesBetweenSyncs = 1024 * 1024;

        private Task _syncing = Task.CompletedTask;
        private int _unsynced;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            file.Append(bytes);
            _unsynced += bytes.Length;
            if (_unsynced >= BytesBetweenSyncs && _syncing.IsCompleted)
            {
                _unsynced = 0;
                _syncing = background.Run(BeginSync);
            }
        }

        public async Task<byte[]> CloseAsync()
        {
            await _syncing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return await background.Run(() =>
            {
                using (file)
                {
                    file.Sync();
                }

                return ticket;
            });
        }

        public void Dispose() => file.Dispose();

        private void BeginSync()
        {
            try
            {
                file.BeginSync();
            }
            catch (ObjectDisposedException)
            {
                // The part was abandoned in the meantime.
            }
        }
    }
}
