namespace Penstock.Files;

/// <summary>Tells errors of a file system that last from those that may pass, such as a full disk.</summary>
internal static class FileErrors
{
    /// <summary>The error number of a file that stands where a folder is needed.</summary>
    public const int NotADirectory = 20;

    /// <summary>The error number of something that is not what is needed: a pipe, a link that leads nowhere.</summary>
    public const int NotAFile = 22;

    /// <summary>Whether a file system has said no, for whatever reason.</summary>
    public static bool IsFileError(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>Whether trying again would bring the same error: the path or the rights must be changed.</summary>
    public static bool IsPermanent(Exception error) =>
        error is UnauthorizedAccessException or PathTooLongException || (error is IOException && IsPermanent(error.HResult));

    /// <summary>Whether a file cannot be opened because another process has locked it.</summary>
    public static bool IsLocked(IOException error) => error.HResult switch
    {
        11 => OperatingSystem.IsLinux(),
        35 => OperatingSystem.IsMacOS(),
        unchecked((int)0x80070020) => true, // Windows: sharing violation.
        _ => false,
    };

    // .NET hands over the number of the operating system: on Unix as it is, on Windows below 0x8007. Those of Unix are the same
    // on Linux and macOS.
    private static bool IsPermanent(int number) => number switch
    {
        1 or 13 => true, // No permission.
        17 or NotADirectory or 21 => true, // A file where a folder is needed, or the other way round.
        NotAFile => true, // No file, or not a possible name.
        30 => true, // A read-only file system.
        40 => OperatingSystem.IsLinux(), // A loop of links.
        62 => OperatingSystem.IsMacOS(), // The same there.
        unchecked((int)0x80070005) or unchecked((int)0x80070013) => true, // Windows: access denied, write-protected.
        unchecked((int)0x80070050) or unchecked((int)0x800700B7) or unchecked((int)0x8007010B) => true, // Windows: exists, not a folder.
        unchecked((int)0x8007007B) => true, // Windows: not a possible name.
        _ => false,
    };
}
