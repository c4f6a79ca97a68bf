namespace FlightDelays;

/// <summary>The arguments of the sample.</summary>
internal sealed record Arguments
{
    public const string Help = """
        Flight delays by origin airport and hour: a Penstock pipeline over real flights.

          --input PATH                 a CSV file (plain or .gz), a folder or a glob, also in S3 (s3://BUCKET/flights-*.csv.gz), or a
                                       topic with a row in each message: kafka://HOST:PORT/TOPIC; default: the bundled excerpt
          --poll TIME                  looks for new files this often, such as 30s, and never ends; default: ends with the files
          --until latest|never         where a topic ends: behind the newest message, or never; default: never
          --output PLACE               where part files go (late rows: PLACE/late): a folder or s3://BUCKET/PREFIX, or a topic (late
                                       rows: TOPIC-late): kafka://HOST:PORT/TOPIC; default: flight-delays-output
          --compress gzip|none         whether part files are compressed (delays-….csv.gz); default: none
          --checkpoints PLACE          where checkpoints go: a folder, or s3://BUCKET/PREFIX; default: checkpoints in the output,
                                       with a topic in flight-delays-output
          --savepoints PLACE           where savepoints go that SIGUSR1 takes, and SIGUSR2 before it stops; default: savepoints in the output
          --start-from SAVEPOINT       the savepoint to begin with, if there are no checkpoints yet
          --s3-endpoint URL            the S3 server, such as http://localhost:9000; default: that of AWS. Credentials come from
                                       where the AWS SDK finds them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
          --checkpoint-interval TIME   such as 500ms; default: 1s
          --parallelism N              subtasks of each task; default: 1
          --max-delay TIME             how late a flight may come, such as 28h; default: that of the pipeline, 4h
          --split-size SIZE            files larger than this are read in parallel, such as 1MB; default: 16MB
          --batch-size N               rows in a batch; default: 1024
          --rate ROWS_PER_S            reads no faster than this
          --help, -h                   this text

        Kill it at any moment and start it again with the same arguments: the answer is the same.
        """;

    private const string DefaultOutput = "flight-delays-output";

    public string Input { get; private init; } = Path.Combine(AppContext.BaseDirectory, "flights-sample.csv");

    public string Output { get; private init; } = DefaultOutput;

    /// <summary>Whether the output goes to a folder, so that it can be read afterwards.</summary>
    public bool HasOutputFolder => !IsLocation(Output);

    /// <summary>The settings, by their keys in configuration.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="FormatException">An argument is unknown, or has no value or an empty one.</exception>
    public static Arguments Parse(string[] args)
    {
        var arguments = new Arguments();
        arguments.Set("Checkpoints:Interval", "1s");
        string? checkpoints = null;
        string? savepoints = null;
        var extension = ".csv";
        for (var index = 0; index < args.Length; index += 2)
        {
            var value = index + 1 < args.Length ? args[index + 1] : throw new FormatException($"{args[index]} needs a value; see --help.");
            if (value.Length == 0)
            {
                throw new FormatException($"The value of {args[index]} is empty; see --help.");
            }

            switch (args[index])
            {
                case "--input": arguments = arguments with { Input = value }; break;
                case "--poll": arguments.Set("Sources:Flights:Poll", value); break;
                case "--until": arguments.Set("Sources:Flights:Until", value); break;
                case "--output": arguments = arguments with { Output = value }; break;
                case "--compress":
                    extension = value switch
                    {
                        "gzip" => ".csv.gz",
                        "none" => ".csv",
                        _ => throw new FormatException($"--compress is '{value}'; gzip or none is expected; see --help."),
                    };
                    break;
                case "--checkpoints": checkpoints = value; break;
                case "--savepoints": savepoints = value; break;
                case "--start-from": arguments.Set("Savepoints:StartFrom", value); break;
                case "--s3-endpoint": arguments.Settings["Penstock:S3:ServiceUrl"] = value; break;
                case "--checkpoint-interval": arguments.Set("Checkpoints:Interval", value); break;
                case "--parallelism": arguments.Set("Parallelism", value); break;
                case "--batch-size": arguments.Set("BatchSize", value); break;
                case "--max-delay": arguments.Set("Sources:Flights:MaxDelay", value); break;
                case "--split-size": arguments.Set("Sources:Flights:SplitSize", value); break;
                case "--rate": arguments.Set("Sources:Flights:Rate", value); break;
                default: throw new FormatException($"'{args[index]}' is not an argument; see --help.");
            }
        }

        arguments.Set("Sources:Flights:Path", arguments.Input);
        var isTopic = arguments.Output.StartsWith("kafka://", StringComparison.OrdinalIgnoreCase);
        arguments.Set("Sinks:Delays:Path", isTopic ? arguments.Output : Path.Combine(arguments.Output, "delays" + extension));
        arguments.Set(
            "Sinks:LateFlights:Path",
            isTopic ? arguments.Output + "-late" : Path.Combine(arguments.Output, "late", "late" + extension));
        var folder = arguments.HasOutputFolder ? arguments.Output : DefaultOutput;
        arguments.Set("Checkpoints:Path", checkpoints ?? Path.Combine(folder, "checkpoints"));
        arguments.Set("Savepoints:Path", savepoints ?? Path.Combine(folder, "savepoints"));
        return arguments;
    }

    private static bool IsLocation(string path) => path.Contains("://", StringComparison.Ordinal);

    private void Set(string name, string value) => Settings["Penstock:Pipelines:FlightDelays:" + name] = value;
}
