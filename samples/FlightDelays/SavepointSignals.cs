using System.Runtime.InteropServices;
using Penstock;

namespace FlightDelays;

/// <summary>Savepoints on signals: SIGUSR1 takes one, SIGUSR2 takes one and stops.</summary>
internal sealed class SavepointSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SavepointSignals(IPipelineControl pipeline)
    {
        if (!OperatingSystem.IsWindows())
        {
            // .NET has no names for these two signals, and their numbers differ between operating systems.
            var (take, stop) = OperatingSystem.IsLinux() ? (10, 12) : (30, 31);
            On(take, () => pipeline.TakeSavepointAsync());
            On(stop, () => pipeline.StopWithSavepointAsync());
        }
    }

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    private void On(
        int signal,
        Func<Task<Savepoint>> take) => _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
    {
        context.Cancel = true;
        _ = ReportAsync(take);
    }));

    private static async Task ReportAsync(Func<Task<Savepoint>> take)
    {
        try
        {
            var savepoint = await take();
            Console.WriteLine($"savepoint={savepoint.Location}");
        }
        catch (PipelineException error)
        {
            Console.Error.WriteLine(error.Message);
        }
    }
}
