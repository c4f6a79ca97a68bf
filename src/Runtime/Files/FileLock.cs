using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Penstock.Files;

/// <summary>
/// A lock on a file that its holder may delete. On Unix another process may have opened the file before it was deleted; the file that it
/// then locks no longer has a name, and a third process could lock a new file of the same name. The lock therefore counts only if the name
/// still refers to the locked file.
/// </summary>
internal static partial class FileLock
{
    private const int TokenLength = 16;
    private const int NoSuchFile = 2;

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The path of the lock file.</param>
    /// <returns>The lock, or null if another holder has it.</returns>
    public static IDisposable? TryTake(string path)
    {
        while (TryOpen(path) is { } file)
        {
            try
            {
                if (OperatingSystem.IsWindows() || IsAt(path, file))
                {
                    return file;
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }

        return null;
    }

    /// <summary>Deletes the file of a held lock and releases the lock.</summary>
    /// <param name="path">The path of the lock file.</param>
    /// <param name="held">The held lock.</param>
    public static void Delete(string path, IDisposable held)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
            held.Dispose();
            return;
        }

        // Windows does not delete open files. The file is therefore deleted after the release, unless another process has locked it by
        // then.
        held.Dispose();
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The process that holds the lock deletes the file later.
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (FileErrors.IsLocked(error) || (File.Exists(path) && !FileErrors.IsPermanent(error)))
        {
            return null;
        }
    }

    private static bool IsAt(string path, FileStream held)
    {
        Span<byte> token = stackalloc byte[TokenLength];
        RandomNumberGenerator.Fill(token);
        RandomAccess.Write(held.SafeFileHandle, token, 0);

        // .NET does not open a locked file, not even for reading.
        const int readOnly = 0;
        using var named = new SafeFileHandle(Open(path, readOnly), ownsHandle: true);
        if (named.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == NoSuchFile ? false : throw new IOException($"The lock file '{path}' cannot be read (error {error}).", error);
        }

        Span<byte> found = stackalloc byte[TokenLength];
        return RandomAccess.Read(named, found, 0) == TokenLength && found.SequenceEqual(token);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
