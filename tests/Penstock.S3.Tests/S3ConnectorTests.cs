using System.Text;
using Amazon.S3.Model;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;
using Penstock.Testing;

namespace Penstock.S3.Tests;

/// <summary>The connectors for objects fulfil the contracts of sources and sinks.</summary>
public sealed class S3ConnectorTests(S3ConnectorTests.Bucket bucket) : IClassFixture<S3ConnectorTests.Bucket>
{
    public static TheoryData<string> SourcePromises => Names(SourceConformance.For<Item>(static () => throw new NotSupportedException()));

    public static TheoryData<string> SinkPromises => Names(SinkConformance.For<Item>(static () => throw new NotSupportedException()));

    public static TheoryData<string> CommitterPromises =>
        Names(CommitterConformance.For<Item>(static () => throw new NotSupportedException()));

    [Theory]
    [MemberData(nameof(SourcePromises))]
    public Task The_source_keeps_its_promises(string promise) => VerifyAsync(SourceConformance.For(Source), promise);

    [Theory]
    [MemberData(nameof(SinkPromises))]
    public Task The_sink_keeps_its_promises(string promise) => VerifyAsync(SinkConformance.For(Sink), promise);

    [Theory]
    [MemberData(nameof(CommitterPromises))]
    public Task The_committer_keeps_its_promises(string promise) => VerifyAsync(CommitterConformance.For(Sink), promise);

    private async Task VerifyAsync(ConformanceSuite suite, string promise)
    {
        Assert.SkipUnless(bucket.Job != null, S3Server.Missing);
        Assert.True(await suite.VerifyAsync(promise));
    }

    // Two objects in several splits, with line breaks in quotes and a bad row.
    private SourceSetup<Item> Source()
    {
        var prefix = $"{Guid.NewGuid():N}/in";
        Put($"{prefix}/a.csv", [.. CopyJob.Rows[..6], "x,bad", .. CopyJob.Rows[6..9]]);
        Put($"{prefix}/b.csv", CopyJob.Rows[9..14]);
        return new SourceSetup<Item>
        {
            Create = () => new CsvFileSource<Item, ItemReader>(
                new FileSourceOptions(new FileSourceSettings($"s3://{CopyJob.Bucket}/{prefix}/*.csv", 100, ','), LocalFileSystem.Instance)
                {
                    Input = new S3Input(bucket.Access, "Items", blockSize: 64 * 1024),
                }),
            Rows = [.. Enumerable.Range(0, 14).Select(static number => new Item(number, Text(number)))],
            BadRows = 1,
            Change = () => Put($"{prefix}/b.csv", CopyJob.Rows[8..14]),
        };
    }

    // Parts roll after a few rows.
    private SinkSetup<Item> Sink()
    {
        var prefix = $"{Guid.NewGuid():N}/out";
        var path = $"s3://{CopyJob.Bucket}/{prefix}/items.csv";
        return new SinkSetup<Item>
        {
            Create = () => new FileSink<Item, ItemWriter>(
                new FileSinkOptions(new FileSinkSettings(path, 20), LocalFileSystem.Instance),
                () => new S3PartStore(bucket.Access, path)),
            ReadAsync = async () => await ReadAsync(prefix),
            ListHiddenAsync = async () =>
                [.. (await bucket.Job!.UploadsAsync()).Where(key => key.StartsWith(prefix, StringComparison.Ordinal))],
            Rows = [.. Enumerable.Range(0, 12).Select(static number => new Item(number, $"text {number}"))],
        };
    }

    private void Put(string key, string[] rows) => bucket.Job!.PutAsync(key, CopyJob.Csv(rows)).GetAwaiter().GetResult();

    private async Task<IReadOnlyList<Item>> ReadAsync(string prefix)
    {
        using var client = bucket.Server!.Client();
        var items = new List<Item>();
        foreach (var key in (await bucket.Job!.KeysAsync(prefix)).Where(static key => !key.Contains("/.", StringComparison.Ordinal)))
        {
            using var found = await client.GetObjectAsync(new GetObjectRequest { BucketName = CopyJob.Bucket, Key = key });
            using var reader = new StreamReader(found.ResponseStream);
            var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            items.AddRange(lines.Select(static line => line.Split(',')).Select(static parts => new Item(int.Parse(parts[0]), parts[1])));
        }

        return items;
    }

    private static string Text(int number) => $"text {number}\n, and \"more\" {new string('x', number)}";

    private static TheoryData<string> Names(ConformanceSuite suite) => [.. suite.Checks.Select(static check => check.Name)];

    /// <summary>A server with a bucket; null if none can be started.</summary>
    public sealed class Bucket : IAsyncLifetime
    {
        private IServiceProvider? _services;

        internal S3Server? Server { get; private set; }

        internal CopyJob? Job { get; private set; }

        internal S3Access Access => S3Access.Of(_services!);

        public async ValueTask InitializeAsync()
        {
            if (S3Server.IsAvailable)
            {
                Server = await RowsTests.StartAsync();
                Job = new CopyJob(Server);
                _services = Job.Build<CopyObjects>().Services;
            }
        }

        public async ValueTask DisposeAsync()
        {
            Job?.Dispose();
            await (Server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private readonly struct ItemReader : ICsvRowReader<Item>
    {
        public static TextColumn[] Columns { get; } = [new("number"), new("text")];

        public static bool TryRead(ref CsvCursor cursor, out Item row)
        {
            if (cursor.Read(out int number) && cursor.Next() && cursor.ReadText(1, out string text) && cursor.EndRow())
            {
                row = new Item(number, text);
                return true;
            }

            row = default;
            return false;
        }

        public static bool TryRead(TextRow fields, out Item row)
        {
            if (fields.Read(0, out int number) && fields.ReadText(1, out string text))
            {
                row = new Item(number, text);
                return true;
            }

            row = default;
            return false;
        }
    }

    private readonly struct ItemWriter : IRowWriter<Item>
    {
        public static ReadOnlySpan<byte> Header => [];

        public static void Write(Utf8Buffer output, in Item row, RowKind kind) =>
            output.Append(Encoding.UTF8.GetBytes($"{row.Number},{row.Text}\n"));
    }
}
