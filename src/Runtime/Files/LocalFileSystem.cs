using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Penstock.Files;

namespace Penstock.Connectors;

/// <summary>The file system of the local machine.</summary>
public sealed partial class LocalFileSystem : IFileSystem
{
    // File systems store modification times with a limited resolution, the coarsest being the two seconds of FAT. A second change within
    // one step does not show.
    private static readonly TimeSpan LongestTimeStep = TimeSpan.FromSeconds(3);

    /// <summary>The one instance.</summary>
    public static LocalFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public IReadableFile OpenRead(string path)
    {
        if (FileKinds.NoFile(path) is { } kind)
        {
            throw new IOException($"'{path}' is {kind}, not a file.", FileErrors.NotAFile);
        }

        try
        {
            return new Readable(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception error)
            when (error is FileNotFoundException or DirectoryNotFoundException && new FileInfo(path).LinkTarget is { } target)
        {
            throw new IOException($"'{path}' is a link to '{target}', and there is no such file.", FileErrors.NotAFile);
        }
    }

    /// <inheritdoc/>
    public IWritableFile Create(string path) =>
        new Writable(File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read));

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public string RealPath(string path) => RealPaths.Of(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var files = Directory.GetFiles(directory);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        var folders = Directory.GetDirectories(directory);
        Array.Sort(folders, StringComparer.Ordinal);
        return folders;
    }

    /// <inheritdoc/>
    public FileStamp? StampOf(string path)
    {
        // The metadata of a link are those of the link itself, not of its target.
        var file = new FileInfo(path);
        return file.Exists
            && !file.Attributes.HasFlag(FileAttributes.ReparsePoint)
            && DateTime.UtcNow - file.LastWriteTimeUtc > LongestTimeStep
            ? new FileStamp(file.Length, file.LastWriteTimeUtc)
            : null;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        // .NET cannot open a folder. Windows makes renames durable by itself and has no such call.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int readOnly = 0;
        var descriptor = Open(path, readOnly);
        if (descriptor < 0)
        {
            throw new IOException(
                $"The folder '{path}' cannot be opened to make its names durable (error {Marshal.GetLastPInvokeError()}).",
                Marshal.GetLastPInvokeError());
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw new IOException(
                    $"The names in the folder '{path}' cannot be made durable (error {Marshal.GetLastPInvokeError()}).",
                    Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => FileLock.TryTake(path);

    /// <inheritdoc/>
    public void DeleteLock(string path, IDisposable held) => FileLock.Delete(path, held);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    // Starts writing the pages of a file that are not being written yet: man 2 sync_file_range.
    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    private sealed class Readable(SafeFileHandle handle) : IReadableFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

        public void Dispose() => handle.Dispose();
    }

    private sealed class Writable(SafeFileHandle handle) : IWritableFile
    {
        private long _length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, _length);
            _length += bytes.Length;
        }

        public void BeginSync()
        {
            const long start = 0;
            const long toEnd = 0;
            const uint write = 2;
            if (OperatingSystem.IsLinux())
            {
                // An error here occurs in Sync as well, or the file system does not support the call.
                _ = SyncFileRange(handle, start, toEnd, write);
            }
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
