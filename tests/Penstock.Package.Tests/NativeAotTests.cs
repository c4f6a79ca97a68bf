using System.Runtime.InteropServices;

namespace Penstock.Package.Tests;

/// <summary>The sample, compiled ahead of time, gives the same output as under the JIT compiler.</summary>
public sealed class NativeAotTests(Packages packages)
{
    [Fact]
    public async Task The_sample_runs_as_a_native_program()
    {
        var folder = packages.CreateFolder("native");
        var program = Path.Combine(folder, "bin");

        // The libraries were built for the packages. Warnings are errors, also those of the trimmer and of the native compiler. Each
        // warning is shown, not one for an assembly.
        var publish = await DotnetCommand.RunAsync(
            Packages.Repository,
            [
                "publish",
                "samples/FlightDelays",
                "-r",
                RuntimeInformation.RuntimeIdentifier,
                "-p:PublishAot=true",
                "-p:TrimmerSingleWarn=false",
                "-p:BuildProjectReferences=false",
                "-o",
                program,
                .. packages.BuildArguments
            ]);
        if (publish.ExitCode != 0 && NativeToolchain.Missing(publish.Output) is { } missing)
        {
            Assert.Skip("Native AOT is not available here: " + missing);
        }

        Assert.True(publish.ExitCode == 0, publish.Output);
        Assert.DoesNotContain("warning", publish.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(program, "FlightDelays.dll")), "The program was published, but not as a native one.");

        var native = Path.Combine(folder, "native-output");
        var executable = Path.Combine(program, OperatingSystem.IsWindows() ? "FlightDelays.exe" : "FlightDelays");
        var nativeRun = await DotnetCommand.RunProgramAsync(executable, folder, "--output", native);
        Assert.True(nativeRun.ExitCode == 0, nativeRun.Output);

        var managed = Path.Combine(folder, "managed-output");
        var managedRun = await DotnetCommand.RunAsync(
            folder,
            Path.Combine(AppContext.BaseDirectory, "FlightDelays.dll"),
            "--output",
            managed);
        Assert.True(managedRun.ExitCode == 0, managedRun.Output);

        Assert.NotEmpty(Lines(managed));
        Assert.Equal(Lines(managed), Lines(native));
        Assert.NotEmpty(Lines(Path.Combine(managed, "late")));
        Assert.Equal(Lines(Path.Combine(managed, "late")), Lines(Path.Combine(native, "late")));
    }

    private static string[] Lines(string folder) =>
        [.. Directory.GetFiles(folder, "*.csv").SelectMany(static part => File.ReadLines(part)).Order(StringComparer.Ordinal)];
}
