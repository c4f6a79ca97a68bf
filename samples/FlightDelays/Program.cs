using System.Diagnostics;
using FlightDelays;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Arguments.Help);
    return 0;
}

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    return PipelineExitCodes.Failed;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console =>
{
    console.SingleLine = true;

    // The console logger writes this before each line. Here it clears the progress line instead of showing the time.
    console.TimestampFormat = Progress.IsLive && !Console.IsErrorRedirected ? $"'{Progress.ClearLine}'" : null;
});
builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
    console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Configuration.AddInMemoryCollection(arguments.Settings);
builder.AddPenstockS3();
#if KAFKA
builder.AddPenstockKafka();
#endif
builder.AddPipeline<FlightDelaysPipeline>();

var host = builder.Build();
var clock = Stopwatch.StartNew();
PipelineStatus status;
using (new SavepointSignals(host.Services.GetRequiredService<IPipelineControl>()))
using (var progress = new Progress(host.Services.GetRequiredService<IPipelineMonitor>()))
{
    status = (await host.RunPipelinesAsync())[0];
}

// If the pipeline has failed, the log already contains the reason.
if (status.State != PipelineState.Failed)
{
    Report.Write(status, arguments.HasOutputFolder ? arguments.Output : null, clock.Elapsed);
}

return Environment.ExitCode;
