using ClickCounts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock;

const string Help = """
    Clicks of each page and minute: one pipeline class over files, objects in S3, or a Kafka topic, with the same answer.

      --input PATH          a CSV file, a folder or a glob; s3://BUCKET/PREFIX/…; or kafka://HOST:PORT/TOPIC with a row in each
                            message; default: the bundled clicks
      --output PATH         counts.jsonl in a folder, or s3://… or kafka://HOST:PORT/TOPIC; default: click-counts-output/counts.jsonl
      --until latest|never  where a topic ends; default: behind its newest message
      --checkpoints PLACE   default: click-counts-output/checkpoints
      --s3-endpoint URL     the S3 server, if it is not that of AWS
      --parallelism N       default: 1
    """;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Help);
    return 0;
}

const string Pipeline = "Penstock:Pipelines:ClickCounts:";
var settings = new Dictionary<string, string?>
{
    [Pipeline + "Sources:Clicks:Path"] = Path.Combine(AppContext.BaseDirectory, "clicks.csv"),
    [Pipeline + "Sinks:Counts:Path"] = Path.Combine("click-counts-output", "counts.jsonl"),
    [Pipeline + "Checkpoints:Path"] = Path.Combine("click-counts-output", "checkpoints"),
    [Pipeline + "Checkpoints:Interval"] = "1s",
};
var until = "latest";
for (var index = 0; index < args.Length; index += 2)
{
    if (index + 1 == args.Length)
    {
        Console.Error.WriteLine($"{args[index]} needs a value; see --help.");
        return PipelineExitCodes.Failed;
    }

    var value = args[index + 1];
    switch (args[index])
    {
        case "--input": settings[Pipeline + "Sources:Clicks:Path"] = value; break;
        case "--output": settings[Pipeline + "Sinks:Counts:Path"] = value; break;
        case "--until": until = value; break;
        case "--checkpoints": settings[Pipeline + "Checkpoints:Path"] = value; break;
        case "--s3-endpoint": settings["Penstock:S3:ServiceUrl"] = value; break;
        case "--parallelism": settings[Pipeline + "Parallelism"] = value; break;
        default:
            Console.Error.WriteLine($"'{args[index]}' is not an argument; see --help.");
            return PipelineExitCodes.Failed;
    }
}

if (settings[Pipeline + "Sources:Clicks:Path"]!.StartsWith("kafka://", StringComparison.Ordinal))
{
    settings[Pipeline + "Sources:Clicks:Until"] = until;
}

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(static console => console.SingleLine = true);
builder.Configuration.AddInMemoryCollection(settings);
builder.AddPenstockKafka();
builder.AddPenstockS3();
builder.AddPipeline<ClickCountsPipeline>();

var status = (await builder.Build().RunPipelinesAsync())[0];
Console.WriteLine($"{status.State}: rows={status.Rows} late={status.Late} windows={status.Windows}");
return Environment.ExitCode;
