using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;

namespace Penstock.S3;

/// <summary>Creates the storage for <c>s3://bucket/prefix</c>.</summary>
internal sealed class S3CheckpointStorageProvider(IServiceProvider services) : ICheckpointStorageProvider
{
    public string Scheme => S3Location.Scheme;

    public ICheckpointStorage Create(string location)
    {
        var place = S3Location.Parse(location);
        var options = S3Access.OptionsOf(services);
        var given = services.GetService<IAmazonS3>();
        return new S3CheckpointStorage(
            new S3Bucket(given ?? S3Clients.Create(options), ownsClient: given == null, place, options, S3Access.LogOf(services)),
            options);
    }
}
