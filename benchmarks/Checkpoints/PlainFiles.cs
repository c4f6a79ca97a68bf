using System.Diagnostics;
using System.Runtime.InteropServices;
using Penstock.Threads;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>The baseline of snapshots: writes and reads the same number of bytes in the plainest way, durably.</summary>
internal static partial class PlainFiles
{
    private const int BlockSize = 1024 * 1024;

    /// <summary>Writes a file and syncs it.</summary>
    /// <returns>The duration in seconds.</returns>
    public static double Write(string path, long bytes)
    {
        var block = new byte[BlockSize];
        Random.Shared.NextBytes(block);
        var clock = Stopwatch.StartNew();
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        for (var written = 0L; written < bytes; written += BlockSize)
        {
            RandomAccess.Write(file, block.AsSpan(0, (int)Math.Min(BlockSize, bytes - written)), written);
        }

        RandomAccess.FlushToDisk(file);
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Writes a file for some time, on a thread that yields like those of checkpoints, and deletes it.</summary>
    public static void WriteFor(string path, TimeSpan time) => BackgroundThread.Run(() =>
    {
        const int Blocks = 1000;
        var block = new byte[BlockSize];
        var clock = Stopwatch.StartNew();
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
        for (var written = 0; clock.Elapsed < time; written++)
        {
            RandomAccess.Write(file, block, (long)BlockSize * (written % Blocks));
        }
    }).GetAwaiter().GetResult();

    /// <summary>
    /// Removes a file from the cache of the system: a restore after a crash or on a new machine must read it from the disk.
    /// </summary>
    public static void Evict(string path)
    {
        const int dontNeed = 4;
        using var file = File.OpenHandle(path);
        if (OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            _ = Advise((int)file.DangerousGetHandle(), 0, 0, dontNeed);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <returns>The duration in seconds.</returns>
    public static double Read(string path)
    {
        var block = new byte[BlockSize];
        var clock = Stopwatch.StartNew();
        using var file = File.OpenHandle(path);
        for (var read = 0L; RandomAccess.Read(file, block, read) is > 0 and var count;)
        {
            read += count;
        }

        return clock.Elapsed.TotalSeconds;
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
