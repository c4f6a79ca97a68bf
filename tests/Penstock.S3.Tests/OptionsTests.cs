using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Penstock.Connectors;
using Penstock.Docs.Tests;

namespace Penstock.S3.Tests;

/// <summary>Options, places and services.</summary>
public class OptionsTests
{
    [Fact]
    public void Configuration_overrides_code()
    {
        var options = new S3Options { Concurrency = 2, MaxAttempts = 7 };
        S3OptionsReader.Read(
            Configuration(
                ("ServiceUrl", "http://localhost:9000"),
                ("region", "eu-central-1"),
                ("ForcePathStyle", "false"),
                ("PartSize", "16MB"),
                ("Concurrency", "3"),
                ("RetryTimeout", "30s"), ("RequestTimeout", "500ms"), ("AbortUploadsAfter", "7d")),
            options);
        Assert.Equal("http://localhost:9000", options.ServiceUrl);
        Assert.Equal("eu-central-1", options.Region);
        Assert.False(options.ForcePathStyle);
        Assert.Equal(16 * 1024 * 1024, options.PartSize);
        Assert.Equal(3, options.Concurrency);
        Assert.Equal(7, options.MaxAttempts);
        Assert.Equal(TimeSpan.FromSeconds(30), options.RetryTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(500), options.RequestTimeout);
        Assert.Equal(TimeSpan.FromDays(7), options.AbortUploadsAfter);
    }

    [Theory]
    [InlineData("PartSise", "8MB", "Penstock:S3:PartSise is not an option of S3.")]
    [InlineData("AccessKey", "AKIA", "Penstock:S3:AccessKey is not an option of S3.")]
    [InlineData("PartSize", "4MB", "5MB to 512MB are possible")]
    [InlineData("PartSize", "big", "PartSize is 'big'; a size such as")]
    [InlineData("Concurrency", "0", "1 to 64 are possible")]
    [InlineData("MaxAttempts", "many", "a whole number is expected")]
    [InlineData("RetryTimeout", "2h", "up to 1h is possible")]
    [InlineData("RequestTimeout", "1ms", "100ms to 1h are possible")]
    [InlineData("AbortUploadsAfter", "1m", "at least 1h is needed")]
    [InlineData("ForcePathStyle", "perhaps", "true or false is expected")]
    [InlineData("ServiceUrl", "localhost:9000", "one such as http://localhost:9000 is expected")]
    [InlineData("ServiceUrl", "http://user:hunter2@localhost", "holds a user name or password")]
    public void What_is_wrong_is_named(string key, string value, string message)
    {
        var error = Assert.Throws<PipelineException>(() => S3OptionsReader.Read(Configuration((key, value)), new S3Options()));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/prefix", "bucket", "prefix/")]
    [InlineData("S3://my.bucket-1/a/b/", "my.bucket-1", "a/b/")]
    [InlineData("s3://bucket", "bucket", "")]
    [InlineData("s3://bucket/", "bucket", "")]
    [InlineData("s3://bucket/pre fix/a b", "bucket", "pre fix/a b/")]
    [InlineData("s3://bucket/prefix?region=x", "bucket", "prefix?region=x/")]
    [InlineData("s3://bucket/#1/50%/a+b/%20/é", "bucket", "#1/50%/a+b/%20/é/")]
    public void Places_are_read(string location, string bucket, string prefix) =>
        Assert.Equal(new S3Location(bucket, prefix), S3Location.Parse(location));

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3://Bucket/prefix")]
    [InlineData("s3://bucket//prefix")]
    [InlineData("s3://bucket/a/../b")]
    [InlineData("s3://bucket/./b")]
    [InlineData("s3://bucket/a\nb")]
    [InlineData("s3://bucket/a//")]
    [InlineData("s3://key:secret@bucket/prefix")]
    public void Other_places_are_refused(string location) =>
        Assert.Contains(
            "Write s3://bucket/prefix",
            Assert.Throws<PipelineException>(() => S3Location.Parse(location)).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_client_among_the_services_is_used_and_left_alone()
    {
        var server = new ScriptedServer((_, _) => ScriptedServer.Ok());
        using var client = server.Client(new S3Options());
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(client);
        builder.AddPenstockS3().AddPenstockS3(options => options.Concurrency = 2);
        using var host = builder.Build();
        var provider = Assert.Single(host.Services.GetServices<ICheckpointStorageProvider>());
        Assert.Equal("s3", provider.Scheme);
        using (var storage = provider.Create("s3://bucket/prefix"))
        {
            Assert.True(storage.TryPublish("job", [1]));
            Assert.Equal(1, server.Requests);
        }

        await client.DeleteObjectAsync("bucket", "key");
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public void Wrong_options_are_found_when_a_pipeline_starts()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddPenstockS3(options => options.PartSize = 1);
        using var host = builder.Build();
        var provider = host.Services.GetRequiredService<ICheckpointStorageProvider>();
        Assert.Contains(
            "PartSize is 1 bytes",
            Assert.Throws<PipelineException>(() => provider.Create("s3://bucket/prefix")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_options_is_complete_and_names_the_defaults()
    {
        var options = new S3Options();
        Assert.Equal(
            typeof(S3Options).GetProperties()
                .Select(property => $"`{property.Name}` {Text(property.GetValue(options))}".TrimEnd())
                .Order(StringComparer.Ordinal),
            Page.Load("docs/checkpoints.md")
                .Table("## Checkpoints in S3")
                .Select(row => $"{row[0]} {row[1]}".TrimEnd())
                .Order(StringComparer.Ordinal));
    }

    private static string Text(object? value) => value switch
    {
        TimeSpan time => time < TimeSpan.FromHours(1) ? $"`{time.TotalMinutes}m`" : $"`{time.TotalHours}h`",
        long size => $"`{size / 1024 / 1024}MB`",
        null => "",
        _ => $"`{value}`",
    };

    private static IConfiguration Configuration(params (string Key, string Value)[] entries) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                entries.Select(entry => KeyValuePair.Create(S3OptionsReader.Section + ":" + entry.Key, (string?)entry.Value)))
            .Build();
}
