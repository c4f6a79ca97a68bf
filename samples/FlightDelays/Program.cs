using System.Diagnostics;
using FlightDelays;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock;
using Penstock.Hosting;

if (args.Contains("--help"))
{
    Console.WriteLine(Arguments.Help);
    return 0;
}

try
{
    var arguments = Arguments.Parse(args);
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
    builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.Configuration.AddInMemoryCollection(arguments.Settings);
    builder.AddPipeline<FlightDelaysPipeline>();

    using var host = builder.Build();
    var pipeline = host.Services.GetRequiredService<IPipelineMonitor>();
    var clock = Stopwatch.StartNew();
    using (var progress = new Progress(pipeline))
    {
        await host.RunPipelinesAsync();
    }

    Report.Write(pipeline.GetStatus(), arguments.Output, clock.Elapsed);
    return Environment.ExitCode;
}
catch (Exception error) when (error is PipelineException or FormatException)
{
    Console.Error.WriteLine(error.Message);
    return PipelineExitCodes.Failed;
}
