using System.Globalization;
using System.Net;
using Penstock.Connectors;
using Penstock.Nodes;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>
/// A node of <see cref="NodePipeline"/> in a separate process: <c>node first|second FOLDER PARALLELISM</c>. The first node writes the port
/// on which it listens to a file.
/// </summary>
internal static class NodeProcess
{
    public const string Argument = "node";

    private const string PortFile = "port";

    public static int Run(string[] args)
    {
        var (folder, parallelism) = (args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        var environment = TestEnvironment.Create(NodePipeline.Plan.Name, OptionsOf(folder, parallelism)) with
        {
            Files = LocalFileSystem.Instance,
        };
        var running = args[1] == "first"
            ? RunFirstAsync(environment, folder)
            : new NodeRunner(PipelineDefinition.Of<NodePipeline>(), environment, () => PortIn(folder)).RunAsync(CancellationToken.None);
        running.GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunFirstAsync(ExecutionEnvironment environment, string folder)
    {
        using var connector = new TcpNodeConnector(new IPEndPoint(IPAddress.Loopback, 0));
        File.WriteAllText(Path.Combine(folder, PortFile + ".tmp"), connector.Address.Port.ToString(CultureInfo.InvariantCulture));
        File.Move(Path.Combine(folder, PortFile + ".tmp"), Path.Combine(folder, PortFile), overwrite: true);
        var runner = (environment with { OtherNode = connector }).RunnerOf<NodePipeline>();
        await runner.RunAsync(CancellationToken.None);
        var status = runner.Status();
        if (status.State != PipelineState.Finished)
        {
            throw new InvalidOperationException($"The pipeline has ended as {status.State}: {status.Error}");
        }

        Console.WriteLine($"{status.Rows} rows, {status.Restarts} restarts, checkpoint {status.LastCheckpoint?.Id}");
    }

    private static IPEndPoint? PortIn(string folder)
    {
        var file = Path.Combine(folder, PortFile);
        return File.Exists(file)
            ? new IPEndPoint(IPAddress.Loopback, int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The options of <see cref="NodePipeline"/> over the files in a folder.</summary>
    public static PipelineOptions OptionsOf(string folder, int parallelism)
    {
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = 64 };
        options.Checkpoints.Path = Path.Combine(folder, "checkpoints");
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(100);
        options.Restart.Delay = TimeSpan.FromMilliseconds(20);
        options.Restart.MaxDelay = TimeSpan.FromMilliseconds(200);
        options.Sources[nameof(NodePipeline.Rides)] = new SourceOptions { Path = Path.Combine(folder, "in", "rides-*.csv"), Rate = 6_000 };
        foreach (var (stream, file) in new[]
        {
            (nameof(NodePipeline.Totals), "totals"),
            (nameof(NodePipeline.Counts), "counts"),
            (nameof(NodePipeline.Spreads), "spread")
        })
        {
            options.Sinks[stream] = new SinkOptions { Path = Path.Combine(folder, "out", file + ".csv") };
        }

        return options;
    }
}
