using System.Text.RegularExpressions;

namespace Penstock.Package.Tests;

/// <summary>
/// Distinguishes a machine without the tools of Native AOT and ReadyToRun from a program that cannot be compiled with them.
/// </summary>
internal static partial class NativeToolchain
{
    /// <summary>Returns what is missing; null if the publish failed for another reason.</summary>
    /// <param name="output">The output of the publish.</param>
    public static string? Missing(string output)
    {
        foreach (var cause in (Regex[])[UnknownPlatform(), CompilerPackage(), Linker(), SystemLibrary()])
        {
            if (cause.Match(output) is { Success: true } match)
            {
                return match.Value.Trim();
            }
        }

        return null;
    }

    // The SDK has no native compiler for this platform.
    [GeneratedRegex(@"error NETSDK1203:.*")]
    private static partial Regex UnknownPlatform();

    // The native compiler, and the framework that it compiles against, are separate packages that other builds never use. So they may be
    // neither in the cache nor available.
    [GeneratedRegex(@"error NU1(101|102|103|301):.*(ILCompiler|NativeAOT|Crossgen2|NETCore\.App\.Runtime).*", RegexOptions.IgnoreCase)]
    private static partial Regex CompilerPackage();

    [GeneratedRegex(@"error : (Platform|Requested) linker.*not found.*")]
    private static partial Regex Linker();

    [GeneratedRegex(@"cannot find (crt1\.o|Scrt1\.o|crti\.o|-l\w+).*")]
    private static partial Regex SystemLibrary();
}
