using Amazon.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;

namespace Penstock.S3;

/// <summary>Creates the storage for <c>s3://bucket/prefix</c>.</summary>
internal sealed class S3CheckpointStorageProvider(IServiceProvider services) : ICheckpointStorageProvider
{
    public string Scheme => S3Location.Scheme;

    public ICheckpointStorage Create(string location)
    {
        var place = S3Location.Parse(location);
        var options = new S3Options();
        foreach (var configuration in services.GetServices<S3Configuration>())
        {
            configuration.Configure(options);
        }

        S3OptionsReader.Read(services.GetService<IConfiguration>(), options);
        var log = services.GetService<ILoggerFactory>()?.CreateLogger("Penstock.S3") ?? NullLogger.Instance;
        var given = services.GetService<IAmazonS3>();
        return new S3CheckpointStorage(new S3Bucket(given ?? S3Clients.Create(options), ownsClient: given == null, place, options, log), options);
    }
}

/// <summary>What <c>AddPenstockS3</c> was told.</summary>
internal sealed record S3Configuration(Action<S3Options> Configure);
