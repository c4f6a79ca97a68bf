using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FlightDelays.Tests;

/// <summary>The sample as a separate process, so that it can be killed.</summary>
internal sealed partial class SampleProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public SampleProcess(Workspace workspace, params string[] arguments)
        : this(workspace, [], arguments)
    {
    }

    public SampleProcess(Workspace workspace, (string Name, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workspace.Folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FlightDelays.dll"));
        foreach (var argument in (string[])["--output", workspace.Output, "--checkpoints", workspace.Checkpoints, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // The sample compiles optimized code after a few calls, which takes longer than anything else in such a short run.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "64";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Kills the process, as a power switch does, at a moment that the test chooses.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Requests the process to stop, as an orchestrator does.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends the process a signal.</summary>
    public void Signal(string name) =>
        Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)])!.WaitForExit();

    /// <summary>Waits until a condition is true. If the process has ended, it fails at once, with the output of the process.</summary>
    public Task UntilAsync(Func<Task<bool>> condition, TimeSpan? patience = null, string state = "") => Waiting.UntilAsync(
        condition, () => HasExited
            ? $"the process has ended with {_process.ExitCode}.\n{_output.GetAwaiter().GetResult()}\n{_error.GetAwaiter().GetResult()}"
            : null, patience, () => state);

    /// <summary>Waits until a condition is true. If the process has ended, it fails at once, with the output of the process.</summary>
    public Task UntilAsync(Func<bool> condition, TimeSpan? patience = null, string state = "") =>
        UntilAsync(() => Task.FromResult(condition()), patience, state);

    public bool Wait(TimeSpan time) => _process.WaitForExit(time);

    public async Task<(int ExitCode, string Output, string Error)> ResultAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _output, await _error);
    }

    /// <summary>Runs the sample to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(Workspace workspace, params string[] arguments)
    {
        using var process = new SampleProcess(workspace, arguments);
        return await process.ResultAsync();
    }

    /// <summary>Returns a figure of the last line.</summary>
    public static long Figure(string output, string name) =>
        long.Parse(Regex.Match(FiguresLine().Match(output).Value, name + @"=(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"rows=\d+ late=\d+ windows=\d+ seconds=[\d.]+ rows_per_s=\d+ allocated_bytes=\d+")]
    private static partial Regex FiguresLine();
}
