using System.Text.Json;
using System.Text.Json.Serialization;
using FlightDelays;
using Penstock.Benchmarks.Pipelines;
using Penstock.Files;
using Penstock.Hosting;
using Sylvan.Data.Csv;

namespace Penstock.Benchmarks.Ratios;

/// <summary>Reading rows from bytes in memory. Penstock's side runs the whole pipeline: reader, batches and a sink.</summary>
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

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("csv-read", 1.5, () => Read<ReadCsvPipeline>("flights.csv", Csv.Value.Bytes), "Sylvan.Data.Csv, typed, with a string cache", () => Sylvan),
        new Ratio("json-read", 1.5, () => Read<ReadJsonPipeline>("flights.jsonl", Json.Value), "System.Text.Json, source-generated", () => SystemTextJson),
    ];

    private static Func<long> Read<T>(string name, byte[] bytes)
        where T : class, Tasks.IPipeline
    {
        var files = new MemoryFileSystem();
        using (var file = files.Create(name))
        {
            file.Append(bytes);
        }

        return () =>
        {
            // One split: the peers read from one end to the other, too.
            Harness.Run<T>(files, options => options.Sources["Flights"] = new SourceOptions { SplitSize = long.MaxValue }, files);
            return Csv.Value.Rows;
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
            rows[count++ & 1023] = new Flight(reader.GetDateTime(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4));
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

    // What a user of the library would write to have equal strings once.
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
}
