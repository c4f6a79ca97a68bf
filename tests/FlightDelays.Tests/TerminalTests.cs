using System.Diagnostics;
using Penstock;

namespace FlightDelays.Tests;

/// <summary>The output of the sample on a terminal.</summary>
public class TerminalTests
{
    private const string ClearLine = "\r\e[K";

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_explains_the_arguments(string argument)
    {
        using var workspace = new Workspace();
        var (exitCode, output, _) = await SampleProcess.RunAsync(workspace, argument);
        Assert.Equal(0, exitCode);
        Assert.Contains("--max-delay TIME", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Output));
    }

    [Theory]
    [InlineData(PipelineState.Starting, 0, null)]
    [InlineData(PipelineState.Failed, 0, null)]
    [InlineData(PipelineState.Failed, 7, "Failed: 7 rows, 0 windows")]
    [InlineData(PipelineState.Running, 0, "Running, no row yet")]
    public void A_pipeline_that_did_not_start_shows_no_progress(PipelineState state, long rows, string? line) =>
        Assert.Equal(
            line,
            Progress.Line(new PipelineStatus("Flights", state, rows, 0, 0, 0, 0, null, null, 0, false, null), rowsPerSecond: null));

    [Fact]
    public async Task Lines_of_the_log_do_not_mix_with_the_progress()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"),
            "There is no 'script', which runs a program in a terminal.");
        using var workspace = new Workspace();
        var sample = Path.Combine(AppContext.BaseDirectory, "FlightDelays.dll");
        var start = new ProcessStartInfo(
            "/usr/bin/script",
            ["-qec", $"dotnet '{sample}' --output '{workspace.Output}' --rate 20000", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var screen = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains(ClearLine + "Running", screen, StringComparison.Ordinal);

        // The progress line contains only figures that exist already, and the last line contains the place of the output.
        Assert.DoesNotContain("watermark ,", screen, StringComparison.Ordinal);
        Assert.DoesNotContain(": 0 rows", screen, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(workspace.Output, "delays-*.csv"), screen, StringComparison.Ordinal);
        var logged = screen.Split('\n').Where(line => line.Contains("Penstock.FlightDelays[", StringComparison.Ordinal)).ToList();
        Assert.InRange(logged.Count, 2, int.MaxValue);
        Assert.All(
            logged,
            line => Assert.StartsWith(
                "info",
                Uncolored(line[(line.LastIndexOf(ClearLine, StringComparison.Ordinal) + ClearLine.Length)..]),
                StringComparison.Ordinal));
    }

    // The level is in color.
    private static string Uncolored(string text) =>
        string.Concat(text
            .Split('\e')
            .Select((part, index) => index == 0 ? part : part[(part.IndexOf('m', StringComparison.Ordinal) + 1)..]));
}
