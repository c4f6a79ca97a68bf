using System.Globalization;
using System.IO.Compression;
using System.Text;
using Amazon.S3.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Penstock.S3.Tests;

/// <summary>Pipelines that copy rows within a bucket of a server.</summary>
internal sealed class CopyJob(S3Server server) : IDisposable
{
    public const string Bucket = "rows";

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-copy-").FullName;
    private readonly Amazon.S3.AmazonS3Client _client = server.Client();

    public static string[] Rows { get; } =
        [.. Enumerable.Range(0, 400).Select(number => $"{number},\"text {number}\n, and \"\"more\"\" {new string('x', number % 40)}\"")];

    public Dictionary<string, string?> Settings { get; } = new() { ["Penstock:S3:ServiceUrl"] = server.Endpoint };

    /// <summary>The log; null for none.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>A local folder.</summary>
    public string Folder => _folder;

    public static byte[] Csv(IEnumerable<string> rows, bool gzip = false)
    {
        var bytes = Encoding.UTF8.GetBytes("number,text\n" + string.Concat(rows.Select(row => row + "\n")));
        if (!gzip)
        {
            return bytes;
        }

        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    public Task PutAsync(string key, byte[] content) =>
        _client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(content) });

    public async Task<string[]> KeysAsync(string prefix) =>
        [.. ((await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = prefix })).S3Objects
            ?? []).Select(found => found.Key)];

    public async Task<string[]> UploadsAsync() =>
        [.. ((await _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket })).MultipartUploads
            ?? []).Select(upload => upload.Key)];

    /// <summary>Begins an upload and abandons it.</summary>
    public Task BeginUploadAsync(string key) => _client.InitiateMultipartUploadAsync(Bucket, key);

    /// <summary>The sorted lines of all visible objects below a prefix.</summary>
    public async Task<string[]> LinesAsync(string prefix)
    {
        var lines = new List<string>();
        foreach (var key in (await KeysAsync(prefix)).Where(key => !key[(key.LastIndexOf('/') + 1)..].StartsWith('.')))
        {
            using var found = await _client.GetObjectAsync(Bucket, key);
            using var content = key.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(found.ResponseStream, CompressionMode.Decompress)
                : found.ResponseStream;
            using var reader = new StreamReader(content);
            lines.AddRange((await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    public IHost Build<TPipeline>(int parallelism = 1, params (string Name, string Value)[] options)
        where TPipeline : class, IPipeline
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = new Dictionary<string, string?>(Settings);
        foreach (var (name, value) in options.Prepend(("Parallelism", parallelism.ToString(CultureInfo.InvariantCulture))))
        {
            settings[$"Penstock:Pipelines:{TPipeline.Plan.Name}:{name}"] = value;
        }

        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (Logs != null)
        {
            builder.Logging.AddProvider(Logs);
        }

        builder.AddPenstockS3();
        builder.AddPipeline<TPipeline>();
        return builder.Build();
    }

    public async Task<PipelineStatus> RunAsync<TPipeline>(int parallelism = 1, params (string Name, string Value)[] options)
        where TPipeline : class, IPipeline => (await Build<TPipeline>(parallelism, options).RunPipelinesAsync())[0];

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
