namespace Penstock.Files;

/// <summary>Distinguishes permanent errors of a file system from transient ones, such as a full disk.</summary>
internal static class FileErrors
{
    /// <summary>The error number for a file in the place of a folder.</summary>
    public const int NotADirectory = 20;

    /// <summary>The error number for a path that is not a regular file: a pipe, or a broken link.</summary>
    public const int NotAFile = 22;

    /// <summary>Determines whether an exception is an error of a file system.</summary>
    public static bool IsFileError(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>Determines whether a retry would fail with the same error, because the path or the permissions must be changed.</summary>
    public static bool IsPermanent(Exception error) =>
        error is UnauthorizedAccessException or PathTooLongException || (error is IOException && IsPermanent(error.HResult));

    /// <summary>Determines whether a file cannot be opened because another process has locked it.</summary>
    public static bool IsLocked(IOException error) => error.HResult switch
    {
        11 => OperatingSystem.IsLinux(),
        35 => OperatingSystem.IsMacOS(),
        unchecked((int)0x80070020) => true, // Windows: sharing violation.
        _ => false,
    };

    // .NET reports the error number of the operating system: unchanged on Unix, combined with 0x8007 on Windows. The Unix numbers here are
    // the same on Linux and macOS.
    private static bool IsPermanent(int number) => number switch
    {
        1 or 13 => true, // No permission.
        17 or NotADirectory or 21 => true, // A file in the place of a folder, or the reverse.
        NotAFile => true, // Not a file, or an invalid name.
        30 => true, // A read-only file system.
        40 => OperatingSystem.IsLinux(), // Too many levels of links.
        62 => OperatingSystem.IsMacOS(), // The same on macOS.
        unchecked((int)0x80070005) or unchecked((int)0x80070013) => true, // Windows: access denied, write-protected.
        unchecked((int)0x80070050) or unchecked((int)0x800700B7) or unchecked((int)0x8007010B) => true, // Windows: exists, not a folder.
        unchecked((int)0x8007007B) => true, // Windows: invalid name.
        _ => false,
    };
}
