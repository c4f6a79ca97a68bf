using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Penstock.Files;

/// <summary>Recognizes paths that are not regular files: opening a named pipe, for example, may wait forever for a writer.</summary>
internal static partial class FileKinds
{
    private const int KindMask = 0xF000;

    /// <summary>Returns the kind of a path, following links, that cannot be read at an offset.</summary>
    /// <returns>A word for the kind, or null for a regular file, for a missing path, and if the system does not report the kind.</returns>
    public static string? NoFile(string path)
    {
        try
        {
            return (ModeOf(path) & KindMask) switch
            {
                0x1000 => "a named pipe",
                0x2000 or 0x6000 => "a device",
                0xC000 => "a socket",
                _ => null,
            };
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    // .NET has no API for this. The structure layouts come from the headers of the systems and are the same on every processor.
    private static int ModeOf(string path)
    {
        Span<byte> status = stackalloc byte[512];
        if (OperatingSystem.IsLinux())
        {
            const int workingDirectory = -100;
            const int wantedKind = 1;
            return StatX(workingDirectory, path, 0, wantedKind, ref MemoryMarshal.GetReference(status)) == 0
                ? BinaryPrimitives.ReadUInt16LittleEndian(status[28..])
                : 0;
        }

        if (OperatingSystem.IsMacOS())
        {
            ref var first = ref MemoryMarshal.GetReference(status);
            var result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Stat64(path, ref first) : Stat(path, ref first);
            return result == 0 ? BinaryPrimitives.ReadUInt16LittleEndian(status[4..]) : 0;
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref byte status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat64(string path, ref byte status);
}
