namespace Penstock.Package.Tests;

/// <summary>A missing tool is a valid reason for a skip; a warning of the native compiler is not.</summary>
public sealed class NativeToolchainTests
{
    [Theory]
    [InlineData(
        "x.targets(120,5): error NETSDK1203: Ahead-of-time compilation is not supported for the target runtime identifier 'linux-riscv64'. [a.csproj]")]
    [InlineData(
        "a.csproj : error NU1101: Unable to find package runtime.linux-x64.Microsoft.DotNet.ILCompiler. No packages exist with this id in source(s): nuget.org")]
    [InlineData(
        "a.csproj : error NU1101: Unable to find package Microsoft.NETCore.App.Crossgen2.linux-x64. No packages exist with this id in source(s): nuget.org")]
    [InlineData("a.csproj : error NU1102: Unable to find package Microsoft.NETCore.App.Runtime.linux-x64 with version (= 10.0.12)")]
    [InlineData(
        "a.csproj : error NU1102: Unable to find package Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64 with version (= 10.0.12)")]
    [InlineData(
        "x.targets(316,5): error : Platform linker ('clang' or 'gcc') not found in PATH. Ensure you have all the required prerequisites")]
    [InlineData("x.targets(142,5): error : Platform linker not found. Ensure you have all the required prerequisites")]
    [InlineData("/usr/bin/ld: cannot find Scrt1.o: No such file or directory")]
    public void Missing_tools_are_recognized(string output) => Assert.NotNull(NativeToolchain.Missing("Restore\n" + output + "\nmore"));

    [Theory]
    [InlineData("Program.cs(1): Trim analysis error IL2026: Using member 'X' which has 'RequiresUnreferencedCodeAttribute'")]
    [InlineData("ILC : AOT analysis error IL3050: Using member 'X' which has 'RequiresDynamicCodeAttribute'")]
    [InlineData("a.csproj : error NU1101: Unable to find package Penstock.Runtime. No packages exist with this id")]
    [InlineData("Program.cs(3,4): error CS0103: The name 'x' does not exist in the current context")]
    [InlineData("/usr/bin/ld: undefined reference to `fsync_folder'")]
    public void Other_errors_are_none_of_these(string output) => Assert.Null(NativeToolchain.Missing(output));
}
