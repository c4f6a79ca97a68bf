using System.Runtime.CompilerServices;
using Amazon.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Penstock.S3;

/// <summary>The shared S3 client and options of the sources and sinks of a host.</summary>
internal sealed class S3Access
{
    // One instance per host, created on demand: a pipeline with S3 attributes needs no registration.
    private static readonly ConditionalWeakTable<IServiceProvider, S3Access> All = [];

    private readonly IAmazonS3 _client;
    private readonly ILogger _log;

    private S3Access(IServiceProvider services)
    {
        Options = OptionsOf(services);
        _client = services.GetService<IAmazonS3>() ?? S3Clients.Create(Options);
        _log = LogOf(services);
    }

    public S3Options Options { get; }

    public static S3Access Of(IServiceProvider services) => All.GetValue(services, static services => new S3Access(services));

    public static S3Options OptionsOf(IServiceProvider services)
    {
        var options = new S3Options();
        foreach (var configuration in services.GetServices<S3Configuration>())
        {
            configuration.Configure(options);
        }

        S3OptionsReader.Read(services.GetService<IConfiguration>(), options);
        return options;
    }

    public static ILogger LogOf(IServiceProvider services) =>
        services.GetService<ILoggerFactory>()?.CreateLogger("Penstock.S3") ?? NullLogger.Instance;

    /// <summary>Opens a location in a bucket.</summary>
    public S3Bucket Bucket(S3Location location) => new(_client, ownsClient: false, location, Options, _log);
}
