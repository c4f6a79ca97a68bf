using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Confluent.Kafka;
using Sylvan.Data.Csv;

// Sends the rows of a CSV file to a topic, one message each, unchanged and without the header.
const string Help = """
    Puts the rows of a CSV file (plain or .gz, with a header) into a Kafka topic, a message each.

      replay FILE kafka://HOST:PORT/TOPIC [--key COLUMN] [--rate ROWS_PER_S]

      --key COLUMN       the column whose text is the key of a message, so that its rows stay in order in one partition
      --rate ROWS_PER_S  sends no faster than this; default: as fast as the broker takes it
    """;

if (args.Length < 2 || args.Contains("--help"))
{
    Console.WriteLine(Help);
    return args.Contains("--help") ? 0 : 2;
}

string? keyColumn = null;
double? rate = null;
for (var index = 2; index < args.Length; index += 2)
{
    switch (args[index])
    {
        case "--key" when index + 1 < args.Length:
            keyColumn = args[index + 1];
            break;
        case "--rate" when index + 1 < args.Length
            && double.TryParse(args[index + 1], CultureInfo.InvariantCulture, out var parsed)
            && parsed > 0:
            rate = parsed;
            break;
        default:
            Console.Error.WriteLine($"'{args[index]}' is not an argument, or its value is missing or wrong; see --help.");
            return 2;
    }
}

if (!Uri.TryCreate(args[1], UriKind.Absolute, out var target) || target.Scheme != "kafka" || target.AbsolutePath.Trim('/').Length == 0)
{
    Console.Error.WriteLine($"'{args[1]}' is not the location of a topic, such as kafka://localhost:9092/flights.");
    return 2;
}

using var producer = new ProducerBuilder<string?, byte[]>(new ProducerConfig
{
    BootstrapServers = target.Authority,
    EnableIdempotence = true,
    Partitioner = Partitioner.Murmur2Random
}).Build();
var topic = target.AbsolutePath.Trim('/');
using var text = OpenText(args[0]);
using var rows = CsvDataReader.Create(text, new CsvDataReaderOptions { BufferSize = 1 << 16 });
var key = keyColumn == null ? -1 : Enumerable.Range(0, rows.FieldCount).FirstOrDefault(field => rows.GetName(field) == keyColumn, -2);
if (key == -2)
{
    Console.Error.WriteLine($"{args[0]} has no column '{keyColumn}'.");
    return 2;
}

var clock = Stopwatch.StartNew();
var count = 0L;
Error? failure = null;
while (rows.Read() && failure == null)
{
    if (rate is { } perSecond
        && TimeSpan.FromSeconds(count / perSecond) - clock.Elapsed is var early
        && early > TimeSpan.FromMilliseconds(1))
    {
        Thread.Sleep(early);
    }

    var line = Encoding.UTF8.GetBytes(rows.GetRawRecordSpan().TrimEnd("\r\n").ToString());
    Produce(new Message<string?, byte[]> { Key = key < 0 ? null : rows.GetString(key), Value = line });
    count++;
}

producer.Flush();
if (failure != null)
{
    Console.Error.WriteLine($"After {count} rows: {failure.Reason}");
    return 1;
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"rows={count} seconds={clock.Elapsed.TotalSeconds:F2} rows_per_s={count / clock.Elapsed.TotalSeconds:F0}"));
return 0;

static StreamReader OpenText(string path)
{
    Stream file = File.OpenRead(path);
    return new StreamReader(
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file,
        Encoding.UTF8);
}

void Produce(Message<string?, byte[]> message)
{
    while (true)
    {
        try
        {
            producer.Produce(topic, message, report => failure ??= report.Error.IsError ? report.Error : null);
            return;
        }
        catch (ProduceException<string?, byte[]> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
        {
            producer.Flush(TimeSpan.FromMilliseconds(10));
        }
    }
}
