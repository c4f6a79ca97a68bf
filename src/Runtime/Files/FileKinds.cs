using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Penstock.Files;

/// <summary>Tells files from what only looks like one: to open a named pipe would wait for a writer, for ever perhaps.</summary>
internal static partial class FileKinds
{
    private const int KindMask = 0xF000;

    /// <summary>What stands at a path, links followed, that has no bytes to be read at an offset.</summary>
    /// <returns>A word for it; null for a file, for nothing at all, and where the system does not tell.</returns>
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

    // .NET has no way to ask. The layouts are those of the systems' headers: the same on every processor.
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
