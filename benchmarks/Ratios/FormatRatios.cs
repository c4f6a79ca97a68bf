using System.Text.Json;
using System.Text.Json.Serialization;
using FlightDelays;
using Penstock.Benchmarks.Pipelines;
using Penstock.Connectors;
using Sylvan.Data.Csv;

namespace Penstock.Benchmarks.Ratios;

/// <summary>Reads rows from bytes in memory. On the side of Penstock the whole pipeline runs: reader, batches and a sink.</summary>
internal static partial class FormatRatios
{
    private const int Megabyte = 1024 * 1024;
    private const int CsvBytes = 32 * Megabyte;

    private static readonly Lazy<(byte[] Bytes, long Rows)> Csv = new(() =>
    {
        using var file = File.OpenRead(FlightsFile.CsvPath);
        var bytes = new byte[CsvBytes];
        var length = file.ReadAtLeast(bytes, CsvBytes, throwOnEndOfStream: false);
        length = bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        return (bytes[..length], bytes.AsSpan(0, length).Count((byte)'\n') - 1);
    });

    private static readonly Lazy<byte[]> Json = new(() => FlightsFile.ToJsonLines(Csv.Value.Bytes));

    private static readonly Lazy<(byte[] Bytes, long Rows)> Events = new(() =>
    {
        // A row takes so long that with fewer rows the measurement would end before the pipeline is at full speed.
        var block = HubEvents.Lines(CsvBytes);
        byte[] bytes = [.. block, .. block, .. block, .. block];
        return (bytes, bytes.AsSpan().Count((byte)'\n'));
    });

    public static IEnumerable<Ratio> All =>
    [
        new Ratio(
            "csv-read",
            1.5,
            () => Read<ReadCsvPipeline>("flights.csv", Csv.Value.Bytes),
            "Sylvan.Data.Csv, typed, with a string cache",
            () => Sylvan),
        new Ratio(
            "json-read",
            1.5,
            () => Read<ReadJsonPipeline>("flights.jsonl", Json.Value),
            "System.Text.Json, source-generated",
            () => SystemTextJson),
        new Ratio("json-nested-read", 2.5, ReadEvents, "System.Text.Json, source-generated", () => SystemTextJsonEvents),
    ];

    // Both sides must create equal rows; otherwise the comparison is invalid.
    private static Func<long> ReadEvents()
    {
        var line = Events.Value.Bytes.AsSpan(0, Events.Value.Bytes.AsSpan().IndexOf((byte)'\n'));
        var expected = JsonSerializer.Serialize(JsonSerializer.Deserialize(line, EventJson.Default.HubEvent), EventJson.Default.HubEvent);
        using (var test = Testing.PipelineTest.For<ReadEventsPipeline>(everyStream: true))
        {
            test.SendText(nameof(ReadEventsPipeline.Events), System.Text.Encoding.UTF8.GetString(line) + "\n");
            var read = JsonSerializer.Serialize(test.Read<HubEvent>(nameof(ReadEventsPipeline.Events))[0], EventJson.Default.HubEvent);
            if (read != expected)
            {
                throw new InvalidOperationException($"The sides read different rows: {read} and {expected}.");
            }
        }

        return Read<ReadEventsPipeline>("events.jsonl", Events.Value.Bytes, "Events", Events.Value.Rows);
    }

    private static long SystemTextJsonEvents()
    {
        var rows = new HubEvent[1024];
        var count = 0L;
        var rest = Events.Value.Bytes.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            rows[count++ & 1023] = JsonSerializer.Deserialize(rest[..end], EventJson.Default.HubEvent)!;
            rest = rest[(end + 1)..];
        }

        return count;
    }

    private static Func<long> Read<T>(string name, byte[] bytes)
        where T : class, IPipeline => Read<T>(name, bytes, "Flights", Csv.Value.Rows);

    private static Func<long> Read<T>(string name, byte[] bytes, string source, long rows)
        where T : class, IPipeline
    {
        var files = new MemoryFileSystem();
        using (var file = files.Create(name))
        {
            file.Append(bytes);
        }

        return () =>
        {
            // One split, because the peers also read from one end to the other.
            Harness.Run<T>(files, options => options.Sources[source] = new SourceOptions { SplitSize = long.MaxValue }, files);
            return rows;
        };
    }

    private static long Sylvan()
    {
        using var reader = CsvDataReader.Create(
            new StreamReader(new MemoryStream(Csv.Value.Bytes), bufferSize: 64 * 1024),
            new CsvDataReaderOptions { BufferSize = 64 * 1024, StringFactory = new StringCache().Get });
        var rows = new Flight[1024];
        var count = 0L;
        while (reader.Read())
        {
            rows[count++ & 1023] = new Flight(
                reader.GetDateTime(0),
                reader.GetInt32(1),
                reader.GetInt32(2),
                reader.GetString(3),
                reader.GetString(4));
        }

        return count;
    }

    private static long SystemTextJson()
    {
        var rows = new Flight[1024];
        var count = 0L;
        var rest = Json.Value.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            rows[count++ & 1023] = JsonSerializer.Deserialize(rest[..end], FlightJson.Default.Flight);
            rest = rest[(end + 1)..];
        }

        return count;
    }

    // The string cache that a user of the library would write.
    private sealed class StringCache
    {
        private readonly Dictionary<string, string> _strings = [];
        private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

        public StringCache() => _lookup = _strings.GetAlternateLookup<ReadOnlySpan<char>>();

        public string Get(char[] buffer, int offset, int length)
        {
            var text = buffer.AsSpan(offset, length);
            if (!_lookup.TryGetValue(text, out var known))
            {
                known = text.ToString();
                _strings.Add(known, known);
            }

            return known;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Flight))]
    private sealed partial class FlightJson : JsonSerializerContext;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(HubEvent))]
    private sealed partial class EventJson : JsonSerializerContext;
}
